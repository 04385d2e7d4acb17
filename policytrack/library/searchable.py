"""Turn documents into search documents: the published one for its readers, the open for a few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from policytrack.constituents.models import Constituent
from policytrack.core import clock
from policytrack.core.documents import (
    PUBLIC,
    RESTRICTED,
    SECRETARIAT,
    Excerpt,
    Passage,
    Result,
    SearchDocument,
    own,
)
from policytrack.core.files.models import StoredFile
from policytrack.core.i18n import label
from policytrack.core.looking import says
from policytrack.core.permissions import Actor
from policytrack.library import policy, rules
from policytrack.library.models import (
    LibraryDocument,
    LibraryFile,
    LibraryRevision,
    TextPage,
)
from policytrack.library.rules import Visibility

PUBLISHED, OPEN = "published", "open"
# Of a file's text as much goes into the index as a long report has; the rest is found by its page.
_CHARACTERS = 400_000
_TEXTS: tuple[ExecutableOption, ...] = tuple(
    joinedload(text).options(
        selectinload(LibraryRevision.files),
        selectinload(LibraryRevision.terms),
        selectinload(LibraryRevision.themes),
        selectinload(LibraryRevision.sectors),
        selectinload(LibraryRevision.target_groups),
        selectinload(LibraryRevision.countries),
        selectinload(LibraryRevision.corridors),
    )
    for text in (LibraryDocument.published, LibraryDocument.open)
)


class LibrarySource:
    """Offer documents to the index."""

    kind = "document"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the ids of documents with a published revision or an open one."""
        yield from session.scalars(
            select(LibraryDocument.public_id)
            .where(
                or_(LibraryDocument.published_id.is_not(None), LibraryDocument.open_id.is_not(None))
            )
            .order_by(LibraryDocument.id)
        )

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        """Return a document for the published revision, a restricted one for the open revision."""
        found = []
        for row in session.scalars(
            select(LibraryDocument)
            .where(LibraryDocument.public_id.in_(public_ids))
            .options(*_TEXTS, joinedload(LibraryDocument.constituent))
        ):
            if row.published is not None:
                found.append(_document(session, row, row.published, PUBLISHED))
            if row.open is not None:
                found.append(_document(session, row, row.open, OPEN))
        return found

    def look(
        self, session: Session, words: Sequence[str], actor: Actor, most: int
    ) -> Sequence[str]:
        """Return the keys of revisions with every word in title, summary or what a practice says.

        Not in their files.
        """
        now, text = clock.now(), LibraryRevision
        rows = session.execute(
            select(LibraryDocument.public_id, text.id == LibraryDocument.open_id)
            .join(text, text.id.in_((LibraryDocument.published_id, LibraryDocument.open_id)))
            .where(
                policy.visible_to(actor, now),
                policy.visible_revisions(actor, now),
                says(words, text.title, text.summary, *_practice_texts()),
            )
            .order_by(text.issued_on.desc().nulls_last(), text.id.desc())
            .limit(most)
        )
        return [
            f"{self.kind}:{public_id}:{OPEN if is_open else PUBLISHED}"
            for public_id, is_open in rows
        ]

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        """Return what the actor may see of these documents, by key, read in sets."""
        now = clock.now()
        wanted = {key for key in keys if key.startswith(f"{self.kind}:")}
        found = {}
        for row in session.scalars(
            select(LibraryDocument)
            .where(
                LibraryDocument.public_id.in_({key.split(":", 2)[1] for key in wanted}),
                policy.visible_to(actor, now),
            )
            .options(
                joinedload(LibraryDocument.published),
                joinedload(LibraryDocument.open),
                joinedload(LibraryDocument.constituent).joinedload(Constituent.country),
            )
        ):
            for part, revision in ((PUBLISHED, row.published), (OPEN, row.open)):
                key = f"{self.kind}:{row.public_id}:{part}"
                if (
                    key in wanted
                    and revision is not None
                    and policy.revision_visible(actor, row, revision, now)
                ):
                    found[key] = _result(key, row, revision, language)
        return found

    def excerpts(
        self, session: Session, places: Mapping[str, Sequence[str]], actor: Actor
    ) -> Mapping[tuple[str, str], Excerpt]:
        """Return the pages that these places name, where the actor may have their text."""
        now = clock.now()
        asked = {place for each in places.values() for place in each}
        rows = session.execute(
            select(LibraryFile, TextPage)
            .join(LibraryFile.file)
            .join(TextPage, TextPage.file_id == LibraryFile.file_id)
            .where(
                tuple_(LibraryFile.public_id, TextPage.number).in_(list(map(_page_of, asked))),
                StoredFile.redacted_at.is_(None),
            )
            .options(
                joinedload(LibraryFile.revision)
                .joinedload(LibraryRevision.document)
                .joinedload(LibraryDocument.published),
            )
        )
        found = {f"{file.public_id}/{page.number}": (file, page) for file, page in rows}
        return {
            (key, place): _excerpt(*found[place])
            for key, wanted in places.items()
            for place in wanted
            if place in found and _may_read(actor, key, found[place][0].revision, now)
        }


source = LibrarySource()


def _practice_texts() -> list[ColumnElement[str]]:
    shown = (name for name in rules.PRACTICE_TEXTS if name not in rules.NEVER_PUBLIC)
    return [LibraryRevision.practice[name].as_string() for name in shown]


def _page_of(place: str) -> tuple[str, int]:
    public_id, _slash, number = place.partition("/")
    return public_id, int(number)


def _may_read(actor: Actor, key: str, revision: LibraryRevision, now: datetime) -> bool:
    document = revision.document
    part = PUBLISHED if revision.id == document.published_id else OPEN
    return (
        key == f"{LibrarySource.kind}:{document.public_id}:{part}"
        and revision.id in {document.published_id, document.open_id}
        and policy.revision_visible(actor, document, revision, now)
        and policy.may_have_files(actor, document, revision)
    )


def _excerpt(file: LibraryFile, page: TextPage) -> Excerpt:
    return Excerpt(
        text=page.text,
        language=page.language or file.language or file.revision.language,
        page=page.number,
        endpoint="library.text",
        values={
            "public_id": file.revision.document.public_id,
            "file": file.public_id,
            "page": page.number,
            "_anchor": f"p{page.number}",
        },
    )


def _readers(document: LibraryDocument, revision: LibraryRevision, part: str) -> tuple[str, ...]:
    readers = [own(document.constituent_id)] if document.constituent_id is not None else []
    if revision.submitted_at is not None or revision.on_behalf:
        readers.append(SECRETARIAT)
    embargoed = revision.embargo_until is not None and revision.embargo_until > clock.now()
    if part == PUBLISHED and not embargoed:
        readers.append(PUBLIC if revision.visibility == Visibility.PUBLIC else RESTRICTED)
    return tuple(readers)


def _document(
    session: Session, document: LibraryDocument, revision: LibraryRevision, part: str
) -> SearchDocument:
    codes = {
        "type": (revision.type,),
        "legal": (revision.legal_status,),
        # A search in an area finds its sub-themes too.
        "theme": tuple(
            {code or "": None for each in revision.themes for code in (each.code, each.parent_code)}
        ),
        "sector": tuple(each.code for each in revision.sectors),
        "target_group": tuple(each.code for each in revision.target_groups),
        "country": tuple(each.iso2 for each in revision.countries),
        "corridor": tuple(each.code for each in revision.corridors),
        "language": (revision.language,),
        "group": (document.constituent.group,) if document.constituent else (),
    }
    return SearchDocument(
        kind=LibrarySource.kind,
        public_id=document.public_id,
        part=part,
        access=_readers(document, revision, part),
        passages=tuple(_passages(session, revision)),
        codes={name: tuple(code for code in words if code) for name, words in codes.items()},
        on=revision.issued_on or (revision.published_at or revision.saved_at).date(),
    )


def _passages(session: Session, revision: LibraryRevision) -> Iterator[Passage]:
    yield Passage(revision.title, revision.language, "title")
    if revision.summary.strip():
        yield Passage(revision.summary, revision.language)
    for name in rules.PRACTICE_TEXTS:
        text = revision.practice.get(name, "")
        if text.strip() and name not in rules.NEVER_PUBLIC:
            yield Passage(text, revision.language)
    for term in revision.terms:
        if term.value.strip():
            yield Passage(term.value, term.language or revision.language)
    left = _CHARACTERS
    for each in revision.files:
        for number, text, language in session.execute(
            select(TextPage.number, TextPage.text, TextPage.language)
            .where(TextPage.file_id == each.file_id)
            .order_by(TextPage.number)
        ):
            left -= len(text)
            if left < 0:
                return
            if text.strip():
                place = f"{each.public_id}/{number}"
                yield Passage(text, language or each.language or revision.language, place=place)


def _result(
    key: str, document: LibraryDocument, revision: LibraryRevision, language: str
) -> Result:
    body = document.constituent
    return Result(
        key=key,
        kind=LibrarySource.kind,
        title=revision.title,
        title_language=revision.language,
        text=revision.summary,
        text_language=revision.language,
        endpoint="library.show",
        values={"public_id": document.public_id},
        context=label(body.labels, language) if body else revision.publisher,
        on=revision.issued_on,
        place=label(body.country.labels, language) if body and body.country else "",
    )
