"""Prepare what stands around the forms of documents: their files, and what these say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from wtforms import SelectChoice

from policytrack.core import languages
from policytrack.core.files.kinds import BY_MEDIA_TYPE
from policytrack.core.files.models import StagedFile, StoredFile
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.permissions import Actor
from policytrack.core.redaction import file_said
from policytrack.core.review import Action, State
from policytrack.library import policy
from policytrack.library.models import FileText, LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.presenters import naming, terms
from policytrack.library.presenters.citations import file_address
from policytrack.library.presenters.files import counted
from policytrack.library.presenters.naming import Named
from policytrack.library.reading import Outcome

_UNREAD: Mapping[str, Any] = {
    Outcome.NO_TEXT: _l("No text was found in it; its pages may be pictures."),
    Outcome.ENCRYPTED: _l("Its text cannot be read: it opens with a password only."),
    Outcome.BROKEN: _l("Its text cannot be read: the file is damaged."),
    Outcome.TOO_HARD: _l("Its text was not read: that took too long."),
    Outcome.REFUSED: _l("Its text cannot be read: it is no kind of document that this site reads."),
}
# What a form carries beside what is said of the document.
_CARRIED = frozenset({"form_key", "version", "files", "staged", "removed", "people_protected"})


@dataclass(frozen=True, slots=True)
class Known:
    """Hold a document that has the same file."""

    title: str
    language: str
    url: str


@dataclass(frozen=True, slots=True)
class FileView:
    """Hold a file of a draft, or one that waits: `read` says what came of reading it."""

    public_id: str
    name: str
    kind: str
    size: int
    url: str
    read: str
    known: Sequence[Known] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold what a file says of itself that a field could say: `value` as the field takes it."""

    value: str
    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Hold why a document was returned."""

    reason: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Editor:
    """Hold what the page of the form shows around it.

    `newer` maps fields to what was saved in the meantime, where that differs from what was typed.
    """

    title: str
    language: str
    organisation: Named | None
    demonstration: bool
    action: str
    draft_key: str
    back: str
    files: Sequence[FileView]
    waiting: Sequence[FileView]
    reading: bool
    offers: Mapping[str, Offer]
    returned: Returned | None
    newer: Mapping[str, str]
    newer_at: datetime | None
    stale: bool
    can_save: bool
    can_submit: bool
    on_behalf: bool
    targets: Mapping[str, Known] = field(default_factory=dict)


def editor(
    actor: Actor,
    document: LibraryDocument,
    revision: LibraryRevision,
    *,
    texts: Mapping[int, FileText],
    same: Mapping[str, Sequence[LibraryRevision]],
    waiting: Sequence[StagedFile],
    targets: Mapping[str, LibraryDocument],
    newer: Mapping[str, str] | None = None,
    now: datetime,
) -> Editor:
    """Return what stands around the form of a draft.

    `texts` is what was read, by file; `same` texts with the same file, by hash; `newer` what was
    saved since the form was opened, None where it is the newest.
    """
    files = revision.files
    return Editor(
        title=naming_of(revision),
        language=revision.language if revision.title else "",
        organisation=naming.organisation(document.constituent),
        demonstration=document.demonstration,
        action=url_for("library.edit", public_id=document.public_id),
        draft_key=f"document:{document.public_id}",
        back=url_for("library.show", public_id=document.public_id),
        files=[_of_draft(each, texts.get(each.file_id), same) for each in files],
        waiting=waiting_views(waiting, same),
        reading=any(each.file_id not in texts for each in files),
        offers=offers([texts[each.file_id] for each in files if each.file_id in texts]),
        returned=returned_of(revision),
        newer=newer or {},
        newer_at=revision.saved_at if newer is not None else None,
        stale=newer is not None,
        can_save=policy.can(actor, Action.SAVE, document, revision),
        can_submit=policy.may(actor, Action.SUBMIT, document, revision),
        on_behalf=revision.on_behalf,
        targets={
            public_id: known(text)
            for public_id, each in targets.items()
            if (text := shown_of(actor, each, now)) is not None
        },
    )


def shown_of(actor: Actor, document: LibraryDocument, now: datetime) -> LibraryRevision | None:
    """Return the text by which a document is named to an actor."""
    published = policy.published_revision(actor, document, now)
    return published or policy.open_revision(actor, document, now)


def known(revision: LibraryRevision) -> Known:
    """Return a document's name and address."""
    url = url_for("library.show", public_id=revision.document.public_id)
    return Known(naming_of(revision), revision.language if revision.title else "", url)


def naming_of(revision: LibraryRevision) -> str:
    """Return what a document is called by: its title, else its first file, else neither."""
    if revision.title:
        return revision.title
    return revision.files[0].name if revision.files else _("Without a title")


def returned_of(revision: LibraryRevision) -> Returned | None:
    """Return why a document was returned, where that is where it stands."""
    if revision.state != State.RETURNED:
        return None
    found = [each for each in revision.decisions if each.action == Action.RETURN]
    return Returned(found[-1].reason, found[-1].language, found[-1].at) if found else None


def waiting_views(
    waiting: Iterable[StagedFile], same: Mapping[str, Sequence[LibraryRevision]]
) -> list[FileView]:
    """Return files that wait for a form."""
    return [
        FileView(
            public_id=each.public_id,
            name=each.file_name,
            kind=kind_of(each.file),
            size=each.file.size,
            url="",
            read="",
            known=[known(text) for text in same.get(each.source_sha256, ())],
        )
        for each in waiting
    ]


def _of_draft(
    each: LibraryFile, text: FileText | None, same: Mapping[str, Sequence[LibraryRevision]]
) -> FileView:
    if each.file.redacted_at is not None:
        said = file_said(each.file.redacted_at)
        return FileView(each.public_id, said, kind="", size=0, url="", read="", known=[])
    return FileView(
        public_id=each.public_id,
        name=each.name,
        kind=kind_of(each.file),
        size=each.file.size,
        url=file_address(each),
        read=_read(text),
        known=[known(revision) for revision in same.get(each.source_sha256, ())],
    )


def kind_of(stored: StoredFile) -> str:
    """Return the short name of a file's kind: PDF, DOCX, ..."""
    kind = BY_MEDIA_TYPE.get(stored.media_type)
    return kind.extensions[0].upper() if kind else ""


def _read(text: FileText | None) -> str:
    """Return what came of reading a file, in a sentence or two."""
    if text is None:
        return _("Its text has not been read yet; that takes a few minutes at most.")
    pages = counted(text.unit, text.pages) if text.pages else ""
    if text.outcome in _UNREAD:
        pages = _("%(pages)s.", pages=pages) if pages else ""
        return f"{pages} {_UNREAD[text.outcome]}".strip()
    if not text.language:
        return _("%(pages)s.", pages=pages)
    return _("%(pages)s in %(language)s.", pages=pages, language=languages.name(text.language))


def offers(texts: Sequence[FileText]) -> dict[str, Offer]:
    """Return what the first file that says it says for each field."""
    found: dict[str, Offer] = {}
    for text in texts:
        tongue = text.language
        authors = [name.strip() for line in text.authors for name in line.split(";")]
        said = {
            "title": Offer(text.title, text.title, tongue),
            "language": Offer(tongue, languages.name(tongue) if tongue else "", ""),
            "authors": Offer("\n".join(authors), "; ".join(authors), tongue),
            "issued": Offer(text.created, naming.day(text.created), ""),
        }
        for name, offer in said.items():
            if offer.value and name not in found:
                found[name] = offer
    return found


def differing(form: Any, newer: Any) -> dict[str, str]:
    """Return, by field, in words what a newer form says where it differs from what was typed."""
    return {
        name: _worded(newer, name)
        for name in form.data
        if name not in _CARRIED and _said(form, name) != _said(newer, name)
    }


def _said(form: Any, name: str) -> Any:
    return form.to_description().terms if name == "terms" else _plain(form[name].data)


def _plain(data: Any) -> Any:
    """Return what a field says, in whatever order and with nothing in many ways."""
    if isinstance(data, list):
        rows = (tuple(each.values()) if isinstance(each, dict) else each for each in data)
        return sorted(row for row in rows if any(row))
    return data or ""


def _worded(form: Any, name: str) -> str:
    choices = dict(_pairs(getattr(form[name], "choices", None) or ()))
    data = form[name].data
    if name == "terms":
        return "\n".join(
            terms.line(row.form.as_term(), row.form.about)
            for row in form.terms
            if row.form.about is not None and row.form.as_term().says
        )
    if name == "relations":
        kinds = dict(_pairs(form.relations[0].form.kind.choices))
        rows = [row for row in data if row["target"]]
        return "\n".join(f"{kinds.get(row['kind'], '')} {row['target']}" for row in rows)
    if isinstance(data, list):
        return "\n".join(str(choices.get(each, each)) for each in data)
    return choices.get(data, str(data or ""))


def _pairs(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for each in choices:
        value, words = (each.value, each.label) if isinstance(each, SelectChoice) else each[:2]
        yield value, str(words)
