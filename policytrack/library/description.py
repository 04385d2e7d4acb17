"""Hold what a person says of a document, and put it into a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from policytrack.core import languages
from policytrack.core.errors import InvalidInput
from policytrack.core.files.models import StoredFile
from policytrack.core.i18n import lazy_gettext as _
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.library import rules
from policytrack.library import terms as law_terms
from policytrack.library.models import (
    SAID,
    LawColumn,
    LibraryFile,
    LibraryRelation,
    LibraryRevision,
    LibraryTerm,
)
from policytrack.library.rules import LegalStatus, Relation, Rights, Type, Visibility
from policytrack.library.terms import Asked, ColumnKind, Term
from policytrack.places.models import Corridor, Country

_LENGTHS = {
    "title": rules.TITLE_LENGTH,
    "summary": rules.SUMMARY_LENGTH,
    "publisher": rules.LINE_LENGTH,
    "place": rules.LINE_LENGTH,
    "official_number": rules.LINE_LENGTH,
    "licence": rules.LINE_LENGTH,
    "source_url": rules.URL_LENGTH,
}
_WORDS: Mapping[str, frozenset[str]] = {
    "type": frozenset({"", *Type}),
    "legal_status": frozenset({"", *LegalStatus}),
    "rights": frozenset(Rights),
    "visibility": frozenset(Visibility),
    "language": frozenset({"", *languages.CONTENT}),
}
_DATES = ("issued", "in_force_from", "in_force_until")
# What a document is about, and by which of its columns each is called.
TIES: Mapping[str, InstrumentedAttribute[str]] = {
    "themes": Theme.code,
    "sectors": Sector.code,
    "target_groups": TargetGroup.code,
    "countries": Country.iso2,
    "corridors": Corridor.code,
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """Hold a file for a document: what is kept of it, and the hash of what was handed in."""

    file: StoredFile
    name: str
    source_sha256: str


@dataclass(frozen=True, slots=True)
class Description:
    """Hold all that a revision says; it replaces what the draft said before.

    `themes` and the like are codes. `relations` are (kind, id of the other document). `terms` are
    what a law lays down, point by point.
    `removed` are public ids of files that go; files not named stay.
    """

    type: str = ""
    language: str = ""
    title: str = ""
    summary: str = ""
    authors: tuple[Mapping[str, str], ...] = ()
    publisher: str = ""
    place: str = ""
    official_number: str = ""
    issued: str = ""
    source_url: str = ""
    legal_status: str = ""
    in_force_from: str = ""
    in_force_until: str = ""
    rights: str = Rights.COPY
    licence: str = ""
    visibility: str = Visibility.PUBLIC
    embargo_until: datetime | None = None
    practice: Mapping[str, Any] = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    relations: tuple[tuple[str, int], ...] = ()
    terms: tuple[Term, ...] = ()
    removed: frozenset[str] = frozenset()


NAMES = tuple(each.name for each in fields(Description) if each.name != "removed")


def problems(given: Description) -> dict[str, object]:
    """Return what no draft may hold, however unfinished it is: a sentence for each field."""
    found: dict[str, object] = {}
    for name, most in _LENGTHS.items():
        if len(getattr(given, name)) > most:
            found[name] = _("This is longer than %(max)d characters; please shorten it.", max=most)
    for name, words in _WORDS.items():
        if getattr(given, name) not in words:
            found[name] = _("Choose one of the list.")
    for name in _DATES:
        try:
            rules.partial_date(getattr(given, name))
        except ValueError:
            found[name] = _("Write a date such as 2016, 2016-12 or 2016-12-09.")
    if given.in_force_until and given.in_force_until < given.in_force_from:
        found["in_force_until"] = _("The end lies before the beginning.")
    if given.source_url and not _is_web_address(given.source_url):
        found["source_url"] = _("Write a web address that begins with https:// or http://.")
    if len(given.authors) > rules.AUTHORS:
        found["authors"] = _("Name up to %(max)d authors.", max=rules.AUTHORS)
    elif any(len(part) > rules.LINE_LENGTH for each in given.authors for part in each.values()):
        found["authors"] = _(
            "This is longer than %(max)d characters; please shorten it.", max=rules.LINE_LENGTH
        )
    if len(given.terms) > law_terms.MOST_TERMS:
        found["terms"] = _("Fill in up to %(max)d points.", max=law_terms.MOST_TERMS)
    if any(kind not in set(Relation) for kind, _target in given.relations):
        found["relations"] = _("Choose one of the list.")
    return found | _of_practice(given.practice)


def _is_web_address(text: str) -> bool:
    try:
        found = urlsplit(text)
    except ValueError:
        return False
    return found.scheme in {"http", "https"} and bool(found.hostname)


def _of_practice(given: Mapping[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in given.items():
        if name in rules.PRACTICE_LISTS:
            sane = len(value) <= rules.LIST_LENGTH and all(len(each) <= 20 for each in value)
        else:
            sane = name in rules.PRACTICE_TEXTS and len(value) <= rules.PRACTICE_LENGTH
        if not sane:
            found[name] = _(
                "This is longer than %(max)d characters; please shorten it.",
                max=rules.PRACTICE_LENGTH,
            )
    return found


def check(given: Description) -> None:
    """Raise `InvalidInput` for what no draft may hold."""
    if found := problems(given):
        raise InvalidInput(_("Something needs to be put right"), found)


def put(
    session: Session,
    revision: LibraryRevision,
    given: Description,
    attachments: Sequence[Attachment] = (),
) -> list[str]:
    """Put a description into a draft and return the names of the fields that changed.

    Raises `InvalidInput` for a theme, country and the like that does not exist.
    """
    changed = []
    for name in SAID:
        wanted = _stored(getattr(given, name))
        if getattr(revision, name) != wanted:
            setattr(revision, name, wanted)
            changed.append(name)
    revision.issued_on = rules.first_day(given.issued)
    for name, column in TIES.items():
        rows = _found(session, name, column, getattr(given, name))
        if {id(row) for row in getattr(revision, name)} != {id(row) for row in rows}:
            setattr(revision, name, rows)
            changed.append(name)
    if put_relations(revision, given.relations):
        changed.append("relations")
    if _put_terms(session, revision, given.terms):
        changed.append("terms")
    if _put_files(revision, given.removed, attachments):
        changed.append("files")
    if revision in session:  # else it is written with its document
        session.flush()
    return changed


def _stored(value: Any) -> Any:
    """Return what a column keeps: plain lists and mappings."""
    if isinstance(value, tuple):
        return [dict(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


def _found(
    session: Session, name: str, column: InstrumentedAttribute[str], codes: Iterable[str]
) -> list[Any]:
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return []
    rows = session.scalars(select(column.class_).where(column.in_(wanted))).all()
    by_code = {getattr(row, column.key): row for row in rows}
    if unknown := [code for code in wanted if code not in by_code]:
        raise InvalidInput(
            _("Something needs to be put right"),
            {name: _("There is no such entry: %(codes)s.", codes=", ".join(unknown))},
        )
    return [by_code[code] for code in wanted]


def put_relations(revision: LibraryRevision, wanted: Sequence[tuple[str, int]]) -> bool:
    """Say how a document stands to others; return whether that is new."""
    before = {(each.kind, each.target_id): each for each in revision.relations}
    pairs = list(dict.fromkeys(wanted))
    if list(before) == pairs:
        return False
    revision.relations = [
        before.get(pair) or LibraryRelation(kind=pair[0], target_id=pair[1]) for pair in pairs
    ]
    return True


def asked(column: LawColumn) -> Asked:
    """Return what a column asks for."""
    return Asked(ColumnKind(column.kind), frozenset(each.code for each in column.choices))


def _put_terms(session: Session, revision: LibraryRevision, given: Sequence[Term]) -> bool:
    """Put terms in the place of those before.

    Raises `InvalidInput`, by `terms.` and the column, for what a term cannot say.
    """
    wanted = law_terms.in_order(given)
    if law_terms.in_order(each.as_term() for each in revision.terms) == wanted:
        return False
    columns = _columns(session, wanted)
    _check_terms(wanted, columns)
    revision.terms = []
    # A column stands once in a revision: the old rows go before the new ones come.
    session.flush()
    revision.terms = [_row(each, columns[each.column]) for each in wanted]
    return True


def _columns(session: Session, given: Iterable[Term]) -> Mapping[str, LawColumn]:
    codes = {each.column for each in given}
    rows = session.scalars(
        select(LawColumn).where(LawColumn.code.in_(codes)).options(selectinload(LawColumn.choices))
    )
    return {row.code: row for row in rows} if codes else {}


def _check_terms(given: Sequence[Term], columns: Mapping[str, LawColumn]) -> None:
    found: dict[str, object] = {}
    seen: set[str] = set()
    for each in given:
        column = columns.get(each.column)
        if column is None:
            found["terms"] = _("There is no such entry: %(codes)s.", codes=each.column)
        elif each.column in seen:
            found[f"terms.{each.column}"] = _("This stands there twice.")
        elif wrong := law_terms.problems(each, asked(column)):
            found[f"terms.{each.column}"] = next(iter(wrong.values()))
        seen.add(each.column)
    if found:
        raise InvalidInput(_("Something needs to be put right"), found)


def _row(term: Term, column: LawColumn) -> LibraryTerm:
    return LibraryTerm(
        column_code=term.column,
        choice=next((each for each in column.choices if each.code == term.choice), None),
        amount=term.amount,
        currency=term.currency,
        value=term.value,
        language=term.language,
        article=term.article,
        page=term.page,
    )


def _put_files(
    revision: LibraryRevision, removed: frozenset[str], attachments: Sequence[Attachment]
) -> bool:
    kept = [each for each in revision.files if each.public_id not in removed]
    if len(kept) + len(attachments) > rules.FILES:
        raise InvalidInput(
            _("Something needs to be put right"),
            {"files": _("A document carries up to %(max)d files.", max=rules.FILES)},
        )
    if len(kept) == len(revision.files) and not attachments:
        return False
    added = [
        LibraryFile(file_id=each.file.id, name=each.name, source_sha256=each.source_sha256)
        for each in attachments
    ]
    revision.files = [*kept, *added]
    for position, each in enumerate(revision.files):
        each.position = position
    return True


def described(revision: LibraryRevision) -> Description:
    """Return what a revision says, to be changed in part and put into a draft."""
    said: dict[str, Any] = {name: getattr(revision, name) for name in SAID}
    said["authors"] = tuple(revision.authors)
    ties: dict[str, Any] = {
        name: tuple(getattr(row, column.key) for row in getattr(revision, name))
        for name, column in TIES.items()
    }
    relations = tuple((each.kind, each.target_id) for each in revision.relations)
    terms = law_terms.in_order(each.as_term() for each in revision.terms)
    return Description(**said, **ties, relations=relations, terms=terms)


def copy(session: Session, source: LibraryRevision, target: LibraryRevision) -> None:
    """Copy all that one revision says into another, its files under new addresses."""
    put(session, target, described(source))
    target.files = [
        LibraryFile(
            file_id=each.file_id,
            source_sha256=each.source_sha256,
            name=each.name,
            language=each.language,
            position=each.position,
        )
        for each in source.files
    ]
