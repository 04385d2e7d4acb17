"""Read the library as a whole: the text of any file, and whether all that belongs is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from policytrack.core import files
from policytrack.core.files.models import StoredFile
from policytrack.library.models import (
    FileText,
    LibraryDocument,
    LibraryFile,
    LibraryRevision,
    TextPage,
)


def text_by_hash(session: Session, sha256: str) -> Sequence[TextPage] | None:
    """Return the pages of a file by the hash of what was handed in or of what is kept."""
    file_id = session.scalar(
        select(StoredFile.id)
        .outerjoin(LibraryFile, LibraryFile.file_id == StoredFile.id)
        .join(FileText, FileText.file_id == StoredFile.id)
        .where(or_(StoredFile.sha256 == sha256, LibraryFile.source_sha256 == sha256))
        .limit(1)
    )
    if file_id is None:
        return None
    return session.scalars(
        select(TextPage).where(TextPage.file_id == file_id).order_by(TextPage.number)
    ).all()


def sizes(session: Session) -> tuple[int, int]:
    """Return how many documents there are, and how many files they have."""
    documents = session.scalar(select(func.count()).select_from(LibraryDocument)) or 0
    kept = session.scalar(select(func.count(LibraryFile.file_id.distinct()))) or 0
    return documents, kept


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence for each thing that is missing, twice, or belongs to nothing.

    Every byte of every content is read.
    """
    yield from files.verify(session)
    for public_id in session.scalars(
        select(LibraryDocument.public_id).where(
            ~select(LibraryRevision.id)
            .where(LibraryRevision.document_id == LibraryDocument.id)
            .exists()
        )
    ):
        yield f"document {public_id}: it has no revision"
    twice = session.execute(
        select(LibraryFile.source_sha256, func.count(LibraryRevision.document_id.distinct()))
        .join(LibraryFile.revision)
        .group_by(LibraryFile.source_sha256)
        .having(func.count(LibraryRevision.document_id.distinct()) > 1)
    )
    for sha256, count in twice:
        yield f"file {sha256}: {count} documents have it"
    counted = (
        select(TextPage.file_id, func.count().label("pages")).group_by(TextPage.file_id).subquery()
    )
    short = session.execute(
        select(StoredFile.sha256, FileText.pages, counted.c.pages)
        .join(FileText, FileText.file_id == StoredFile.id)
        .outerjoin(counted, counted.c.file_id == StoredFile.id)
        .where(FileText.pages != func.coalesce(counted.c.pages, 0))
    )
    for sha256, said, there in short:
        yield f"file {sha256}: {there or 0} pages of {said} have their text"
