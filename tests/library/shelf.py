"""Put documents with files and their text on the shelf, and ask for them as a reader does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.core import files
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.files.models import StoredFile
from policytrack.core.review import State
from policytrack.demonstration.papers import pages
from policytrack.library import service
from policytrack.library.models import (
    LibraryDocument,
    LibraryFile,
    LibraryRelation,
    LibraryRevision,
    library_corridor,
    library_country,
    library_sector,
    library_theme,
)
from policytrack.library.reading import Kind, Origin, Outcome, PageText, Reading, Unit
from policytrack.places.models import Corridor
from tests.factories import NOW, make_document

_TIES = {
    "themes": library_theme,
    "sectors": library_sector,
    "countries": library_country,
}


@dataclass(frozen=True)
class Shelved:
    """Hold the addresses of a document and of its first file."""

    id: int
    public_id: str
    revision_id: int
    revision: str
    file: str

    @property
    def page(self) -> str:
        return f"/library/{self.public_id}"

    @property
    def text(self) -> str:
        return f"{self.page}/text?file={self.file}"

    @property
    def copy(self) -> str:
        return f"/library/files/{self.file}/act.pdf"


def shelve(
    constituent: Constituent | None = None,
    *,
    text: Sequence[str] = (),
    tied: dict[str, Sequence[str]] | None = None,
    corridors: Sequence[str] = (),
    **overrides: Any,
) -> Shelved:
    """Make a document; with `text`, it has a PDF of these pages, read already."""
    # The file itself is drawn in Latin letters; what was read out of it is what was given.
    drawn = [words.encode("ascii", "replace").decode() for words in text]
    accepted = [files.inspect(pages(drawn), name="act.pdf", library=True)] if text else []
    made = make_document(constituent, files=accepted, **overrides)
    with transaction() as session:
        revision = session.scalars(
            select(LibraryRevision).where(LibraryRevision.document_id == made.id)
        ).one()
        for name, codes in (tied or {}).items():
            link = _TIES[name]
            column = next(each.name for each in link.c if each.name != "revision_id")
            for code in codes:
                session.execute(link.insert().values({"revision_id": revision.id, column: code}))
        for code in corridors:
            corridor = session.scalars(select(Corridor.id).where(Corridor.code == code)).one()
            session.execute(
                library_corridor.insert().values(revision_id=revision.id, corridor_id=corridor)
            )
        if text:
            keep(session, accepted[0].sha256, text)
    return shelved(made)


def keep(
    session: Session,
    sha256: str,
    text: Sequence[str],
    *,
    unit: Unit = Unit.PAGE,
    outcome: Outcome = Outcome.READ,
    origins: Sequence[Origin] = (),
    language: str = "",
) -> None:
    """Keep what was read out of a file, page by page."""
    stored = session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)).one()
    found = [
        PageText(
            number,
            words,
            origins[number - 1] if origins else Origin.LAYER if words else Origin.NONE,
            language,
        )
        for number, words in enumerate(text, start=1)
    ]
    reading = Reading(outcome, Kind.PDF, unit=unit, pages=tuple(found))
    service.keep_text(session, stored, reading, NOW)


def shelved(document: LibraryDocument) -> Shelved:
    """Return the addresses of what was made."""
    session = current_session()
    revision = session.scalars(
        select(LibraryRevision)
        .where(LibraryRevision.document_id == document.id)
        .order_by(LibraryRevision.number.desc())
    ).first()
    assert revision is not None
    file = session.scalars(
        select(LibraryFile.public_id).where(LibraryFile.revision_id == revision.id)
    ).first()
    return Shelved(document.id, document.public_id, revision.id, revision.public_id, file or "")


def replaced(of: Shelved, **overrides: Any) -> Shelved:
    """Publish a further revision of a document, without files; return the one that it replaces."""
    with transaction() as session:
        document = session.get_one(LibraryDocument, of.id)
        former = session.get_one(LibraryRevision, of.revision_id)
        former.state = State.SUPERSEDED
        document.published = None
        session.flush()
        values: dict[str, Any] = {
            "number": former.number + 1,
            "state": State.PUBLISHED,
            "type": former.type,
            "language": former.language,
            "title": f"{former.title}, amended",
            "created_at": NOW,
            "saved_at": NOW,
            "submitted_at": NOW,
            "published_at": NOW,
            **overrides,
        }
        revision = LibraryRevision(document_id=document.id, **values)
        session.add(revision)
        session.flush()
        document.published = revision
    return of


def relate(one: Shelved, kind: str, other: Shelved) -> None:
    """Say how one document stands to another."""
    with transaction() as session:
        session.add(LibraryRelation(revision_id=one.revision_id, kind=kind, target_id=other.id))
