"""Read quotations: what they came from, what cites a document, and which drafts could."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.core.permissions import Actor, Permission
from policytrack.core.review import Action, State
from policytrack.library.models import FileText, LibraryDocument, LibraryFile, LibraryRevision
from policytrack.progress import policy
from policytrack.progress.models import Evidence, Note, NoteRevision
from policytrack.progress.queries.single import NAMED

# As many drafts as one person has under way.
_DRAFTS = 60


def _citing(query: Any, document: LibraryDocument) -> Any:
    """Narrow a query of `Evidence` to what published notes quote from a document."""
    return (
        query.join(NoteRevision, NoteRevision.id == Evidence.revision_id)
        .join(Note, Note.published_id == NoteRevision.id)
        .join(LibraryFile, LibraryFile.id == Evidence.library_file_id)
        .join(LibraryRevision, LibraryRevision.id == LibraryFile.revision_id)
        .where(LibraryRevision.document_id == document.id)
    )


def citing_notes(
    session: Session, document: LibraryDocument, limit: int
) -> tuple[int, Sequence[tuple[Note, Sequence[int]]]]:
    """Return how many published notes quote a document, and the latest with the pages they quote.

    Published notes are everybody's. Three queries, or one where there are none.
    """
    notes = _citing(select(Note.id).select_from(Evidence), document)
    total = session.scalar(select(func.count()).select_from(notes.distinct().subquery())) or 0
    if not total:
        return 0, []
    latest = (
        notes.group_by(Note.id, NoteRevision.published_at)
        .order_by(NoteRevision.published_at.desc(), Note.id.desc())
        .limit(limit)
        .subquery()
    )
    pages: dict[Note, list[int]] = {}
    rows = session.execute(
        _citing(select(Note, Evidence.page).select_from(Evidence), document)
        .where(Note.id.in_(select(latest.c.id)))
        .options(*NAMED, joinedload(Note.published))
        .order_by(NoteRevision.published_at.desc(), Note.id.desc(), Evidence.page)
    )
    for note, page in rows:
        pages.setdefault(note, []).append(page)
    return total, [(note, sorted(set(found))) for note, found in pages.items()]


def citing_commitments(
    session: Session, document: LibraryDocument, limit: int
) -> tuple[int, Sequence[Commitment]]:
    """Return how many commitments have published notes that quote a document, and the first."""
    about = _citing(select(Note.commitment_id).select_from(Evidence), document).where(
        Note.commitment_id.is_not(None)
    )
    found = select(Commitment).where(Commitment.id.in_(about), Commitment.in_force_id.is_not(None))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    if not total:
        return 0, []
    return total, session.scalars(
        found.options(joinedload(Commitment.in_force).selectinload(CommitmentRevision.translations))
        .order_by(Commitment.code)
        .limit(limit)
    ).all()


def quoted_on(
    session: Session, file: LibraryFile, pages: Collection[int], limit: int
) -> Sequence[tuple[Evidence, Note]]:
    """Return what published notes quote from these pages of a file, whichever version has it."""
    rows = session.execute(
        select(Evidence, Note)
        .join(NoteRevision, NoteRevision.id == Evidence.revision_id)
        .join(Note, Note.published_id == NoteRevision.id)
        .join(LibraryFile, LibraryFile.id == Evidence.library_file_id)
        .join(LibraryRevision, LibraryRevision.id == LibraryFile.revision_id)
        .where(
            LibraryFile.file_id == file.file_id,
            LibraryRevision.document_id == file.revision.document_id,
            Evidence.page.in_(pages),
            Evidence.quote != "",
        )
        .options(*NAMED, joinedload(Note.published))
        .order_by(Evidence.page, Evidence.quote_start, Evidence.id)
        .limit(limit)
    )
    return [(evidence, note) for evidence, note in rows]


def drafts(session: Session, actor: Actor) -> Sequence[Note]:
    """Return the notes under way that the actor may write in now, the latest first."""
    own = sorted(actor.own(Permission.NOTE_WRITE))
    mine = NoteRevision.on_behalf & (NoteRevision.author_id == actor.user_id)
    found = session.scalars(
        select(Note)
        .join(NoteRevision, NoteRevision.id == Note.open_id)
        .where(
            NoteRevision.state.in_((State.DRAFT, State.RETURNED)),
            Note.constituent_id.in_(own) | mine,
            policy.visible_to(actor),
        )
        .options(*NAMED, joinedload(Note.open))
        .order_by(NoteRevision.saved_at.desc(), Note.id.desc())
        .limit(_DRAFTS)
    )
    return [
        note
        for note in found
        if note.open is not None and policy.may(actor, Action.SAVE, note, note.open)
    ]


def with_text(
    session: Session, revision_ids: Collection[int]
) -> Mapping[int, Sequence[LibraryFile]]:
    """Return, by revision of a document, its files out of which text was read."""
    found: dict[int, list[LibraryFile]] = {}
    for file in session.scalars(
        select(LibraryFile)
        .join(FileText, FileText.file_id == LibraryFile.file_id)
        .where(LibraryFile.revision_id.in_(revision_ids), FileText.characters > 0)
        .options(joinedload(LibraryFile.file), joinedload(LibraryFile.said))
        .order_by(LibraryFile.position, LibraryFile.id)
    ):
        found.setdefault(file.revision_id, []).append(file)
    return found


def quoting(session: Session, public_ids: Collection[str]) -> Sequence[str]:
    """Return the ids of notes whose published or open text quotes one of these documents."""
    return session.scalars(
        select(Note.public_id)
        .join(
            NoteRevision, (NoteRevision.id == Note.published_id) | (NoteRevision.id == Note.open_id)
        )
        .join(Evidence, Evidence.revision_id == NoteRevision.id)
        .join(LibraryFile, LibraryFile.id == Evidence.library_file_id)
        .join(LibraryRevision, LibraryRevision.id == LibraryFile.revision_id)
        .join(LibraryDocument, LibraryDocument.id == LibraryRevision.document_id)
        .where(LibraryDocument.public_id.in_(public_ids))
        .distinct()
    ).all()
