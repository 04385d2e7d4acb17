"""Read which pages are pictures, and how far a machine has come with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from policytrack.core.files.kinds import KINDS, Found
from policytrack.core.files.models import StoredFile
from policytrack.core.outbox import OutboxItem
from policytrack.library.models import FileText, LibraryFile, LibraryRevision, TextPage
from policytrack.library.rules import TURNS, Recognition

PDF = KINDS[Found.PDF].media_type


def pictures(*states: Recognition) -> ColumnElement[bool]:
    """Tell for a page whether it is a picture with which a machine has come so far."""
    # Written out as in the condition of the index.
    return (TextPage.origin != literal_column("'layer'")) & (
        (TextPage.origin == "none") & TextPage.recognition.in_(states)
    )


def waiting_pages() -> ColumnElement[bool]:
    """Tell for a page whether it waits for a machine."""
    return pictures(*TURNS)


def waiting_of(session: Session, file_id: int) -> Sequence[int]:
    """Return the numbers of the pages of a file that wait for a machine."""
    return session.scalars(
        select(TextPage.number).where(TextPage.file_id == file_id, waiting_pages())
    ).all()


def recognise_key(sha256: str) -> str:
    """Return under which key of the outbox a file's pages are read by machine."""
    return f"recognise:{sha256}"


def unattended(session: Session, limit: int) -> Sequence[StoredFile]:
    """Return files with pages that wait for a machine, for which no work is in the outbox."""
    item = select(OutboxItem.id).where(
        OutboxItem.key == literal_column("'recognise:'") + StoredFile.sha256,
        OutboxItem.done_at.is_(None),
    )
    page = select(TextPage.file_id).where(waiting_pages())
    return session.scalars(
        select(StoredFile)
        .where(StoredFile.media_type == PDF, StoredFile.id.in_(page), ~item.exists())
        .order_by(StoredFile.id)
        .limit(limit)
    ).all()


def without_data(session: Session) -> Mapping[int, str]:
    """Return the language of each file with pages for whose language there was no data."""
    ids = session.scalars(
        select(TextPage.file_id).where(pictures(Recognition.NO_DATA)).distinct()
    ).all()
    return tongues(session, ids)


def tongues(session: Session, file_ids: Collection[int]) -> Mapping[int, str]:
    """Return in which language each file is written, empty where nobody has said it.

    What people say of a file goes before what was read from it.
    """
    found = dict.fromkeys(file_ids, "")
    for file_id, own, whole in session.execute(
        select(LibraryFile.file_id, LibraryFile.language, LibraryRevision.language)
        .join(LibraryFile.revision)
        .where(LibraryFile.file_id.in_(found))
        .order_by(LibraryFile.id)
    ):
        found[file_id] = own or whole or found[file_id]
    told = session.execute(
        select(FileText.file_id, FileText.language).where(FileText.file_id.in_(found))
    )
    for file_id, read in told:
        found[file_id] = found[file_id] or read
    return found


@dataclass(frozen=True, slots=True)
class PictureStanding:
    """Hold how many pages wait for a machine, in how many files, and what became of others."""

    waiting: int = 0
    files: int = 0
    failed: int = 0
    no_data: int = 0
    languages: tuple[str, ...] = ()


def picture_standing(session: Session) -> PictureStanding:
    """Return how far machines have come with all pages that are pictures."""
    waits = TextPage.recognition.in_(TURNS)
    waiting, files, failed, no_data = session.execute(
        select(
            func.count().filter(waits),
            func.count(TextPage.file_id.distinct()).filter(waits),
            func.count().filter(TextPage.recognition == Recognition.FAILED),
            func.count().filter(TextPage.recognition == Recognition.NO_DATA),
        )
        .join(StoredFile, StoredFile.id == TextPage.file_id)
        .where(pictures(*Recognition), StoredFile.media_type == PDF)
    ).one()
    languages = sorted({each for each in without_data(session).values() if each}) if no_data else ()
    return PictureStanding(waiting, files, failed, no_data, tuple(languages))
