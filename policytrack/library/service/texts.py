"""Keep what was read out of files, page by page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from policytrack.core import changes
from policytrack.core.files.models import StoredFile
from policytrack.core.languages import CONTENT
from policytrack.library import rules
from policytrack.library.models import (
    FileText,
    LibraryDocument,
    LibraryFile,
    LibraryRevision,
    TextPage,
)
from policytrack.library.reading import Reading
from policytrack.library.service.keeping import KIND


def keep_text(session: Session, stored: StoredFile, reading: Reading, now: datetime) -> FileText:
    """Keep a reading in the place of an earlier one, and have the index look at its documents."""
    text = session.get(FileText, stored.id) or FileText(file_id=stored.id)
    text.outcome = reading.outcome
    text.reason = reading.reason[:40]
    text.unit = reading.unit
    text.pages = len(reading.pages)
    text.characters = reading.characters
    text.language = spoken(reading.language)
    text.title = reading.title[: rules.TITLE_LENGTH]
    text.authors = list(reading.authors)
    text.created = reading.created
    text.read_at = now
    session.add(text)
    session.execute(delete(TextPage).where(TextPage.file_id == stored.id))
    if reading.pages:
        session.execute(
            insert(TextPage),
            [
                {
                    "file_id": stored.id,
                    "number": page.number,
                    "text": page.text,
                    "origin": page.origin,
                    "language": page.language,
                }
                for page in reading.pages
            ],
        )
    session.flush()
    for public_id in session.scalars(
        select(LibraryDocument.public_id)
        .join(LibraryRevision, LibraryRevision.document_id == LibraryDocument.id)
        .join(LibraryFile, LibraryFile.revision_id == LibraryRevision.id)
        .where(LibraryFile.file_id == stored.id)
        .distinct()
    ):
        changes.append(session, KIND, public_id)
    return text


def spoken(tag: str) -> str:
    """Return the language of a tag among those that documents are written in, or empty."""
    code = tag.split("-")[0].lower()
    return code if code in CONTENT else ""
