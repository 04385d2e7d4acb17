"""Keep what was read out of files, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
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
from policytrack.library.reading import Origin, Outcome, Reading
from policytrack.library.rules import Recognition
from policytrack.library.service.keeping import KIND


def keep_text(
    session: Session, stored: StoredFile, reading: Reading, now: datetime, *, new: bool = False
) -> FileText:
    """Keep a reading in the place of an earlier one, and have the index look at its documents.

    Of a `new` content nothing has been read, and no document has it yet.
    """
    before = None if new else session.get(FileText, stored.id)
    text = before or FileText(file_id=stored.id)
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
    by_machine = [] if before is None else _by_machine(session, stored)
    if before is not None:
        session.execute(delete(TextPage).where(TextPage.file_id == stored.id))
    if reading.pages:
        # Written as they are, beside the objects of the session: a file has hundreds.
        session.connection().execute(
            insert(TextPage),
            [
                {
                    "file_id": stored.id,
                    "number": page.number,
                    "text": page.text,
                    "origin": page.origin,
                    "language": page.language,
                    "recognition": (
                        Recognition.READ if page.origin is Origin.MACHINE else Recognition.WAITING
                    ),
                }
                for page in reading.pages
            ],
        )
    if not new:
        session.flush()
        _keep_read(session, text, by_machine)
        tell_index(session, stored.id)
    return text


def _by_machine(session: Session, stored: StoredFile) -> list[dict[str, Any]]:
    """Return what a machine has read or tried to read of a file."""
    rows = session.execute(
        select(
            TextPage.number,
            TextPage.text,
            TextPage.origin,
            TextPage.language,
            TextPage.recognition,
        ).where(TextPage.file_id == stored.id, TextPage.recognition != Recognition.WAITING)
    )
    return [dict(row) for row in rows.mappings()]


def _keep_read(session: Session, text: FileText, by_machine: list[dict[str, Any]]) -> None:
    """Give pages that are pictures still what a machine has read, which took seconds a page."""
    for page in by_machine:
        kept = session.execute(
            update(TextPage)
            .where(
                TextPage.file_id == text.file_id,
                TextPage.number == page["number"],
                TextPage.origin == Origin.NONE,
            )
            .values(**page)
            .returning(TextPage.number)
        ).all()
        if kept and page["text"]:
            text.characters += len(page["text"])
            text.outcome, text.reason = Outcome.READ, ""


def tell_index(session: Session, file_id: int) -> None:
    """Have the index look at the documents that have a file."""
    for public_id in session.scalars(
        select(LibraryDocument.public_id)
        .join(LibraryRevision, LibraryRevision.document_id == LibraryDocument.id)
        .join(LibraryFile, LibraryFile.revision_id == LibraryRevision.id)
        .where(LibraryFile.file_id == file_id)
        .distinct()
    ):
        changes.append(session, KIND, public_id)


def spoken(tag: str) -> str:
    """Return the language of a tag among those that documents are written in, or empty."""
    code = tag.split("-")[0].lower()
    return code if code in CONTENT else ""
