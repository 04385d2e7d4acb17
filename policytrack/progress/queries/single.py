"""Read one note with its history, and what its life depends on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
)
from policytrack.constituents.models import Constituent
from policytrack.core import ids
from policytrack.core.errors import NotFound
from policytrack.core.permissions import Actor
from policytrack.core.review import State
from policytrack.library.models import LibraryDocument, LibraryFile, LibraryRevision
from policytrack.places.models import Corridor
from policytrack.progress import policy, rules
from policytrack.progress.models import (
    Decision,
    Evidence,
    Note,
    NoteRevision,
    Reading,
)
from policytrack.rounds.models import Round

# What is needed to say where a quotation came from, and who may read it.
QUOTED = joinedload(Evidence.library_file).options(
    joinedload(LibraryFile.file),
    joinedload(LibraryFile.said),
    joinedload(LibraryFile.revision)
    .joinedload(LibraryRevision.document)
    .joinedload(LibraryDocument.published)
    .selectinload(LibraryRevision.files),
)
WITH_EVIDENCE = selectinload(NoteRevision.evidence).options(joinedload(Evidence.file), QUOTED)
# What every page and row needs to name a note.
NAMED: tuple[ExecutableOption, ...] = (
    joinedload(Note.round),
    joinedload(Note.constituent).joinedload(Constituent.country),
    joinedload(Note.country),
    joinedload(Note.theme),
    joinedload(Note.corridor).joinedload(Corridor.origin),
    joinedload(Note.corridor).joinedload(Corridor.destination),
    joinedload(Note.commitment)
    .joinedload(Commitment.in_force)
    .selectinload(CommitmentRevision.translations),
)
_WHOLE: tuple[ExecutableOption, ...] = (
    selectinload(NoteRevision.readings).joinedload(Reading.indicator),
    WITH_EVIDENCE,
    selectinload(NoteRevision.translations),
    selectinload(NoteRevision.decisions).joinedload(Decision.officer),
    joinedload(NoteRevision.author),
    joinedload(NoteRevision.reviewer),
)


def get(session: Session, actor: Actor, public_id: str) -> Note:
    """Return a note that the actor may see; raise `NotFound` for any other."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(Note)
            .where(Note.public_id == public_id, policy.visible_to(actor))
            .options(*NAMED, joinedload(Note.published), joinedload(Note.open))
        )
    if found is None:
        raise NotFound()
    return found


def lock(session: Session, note: Note) -> None:
    """Hold a note's row until the commit, and read afresh what it and its revisions say."""
    session.execute(select(Note.id).where(Note.id == note.id).with_for_update())
    session.refresh(note)
    for revision in (note.open, note.published):
        if revision is not None:
            session.refresh(revision)


def history(session: Session, actor: Actor, note: Note) -> Sequence[NoteRevision]:
    """Return the revisions that the actor may read, newest first, each with all it holds."""
    found = session.scalars(
        select(NoteRevision)
        .where(NoteRevision.note_id == note.id, NoteRevision.state != State.DISCARDED)
        .order_by(NoteRevision.number.desc())
        .options(*_WHOLE)
    ).all()
    return [each for each in found if policy.revision_visible(actor, note, each)]


def carried(session: Session, revision: NoteRevision) -> NoteRevision:
    """Return a revision with all that its form shows of its evidence, in a few queries."""
    return session.scalars(
        select(NoteRevision).where(NoteRevision.id == revision.id).options(WITH_EVIDENCE)
    ).one()


def evidence(session: Session, actor: Actor, public_id: str) -> Evidence:
    """Return a piece of evidence of a revision that the actor may read; raise `NotFound`."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(Evidence)
            .join(Evidence.revision)
            .join(NoteRevision.note)
            .where(Evidence.public_id == public_id, policy.visible_to(actor))
            .options(
                joinedload(Evidence.file),
                joinedload(Evidence.revision).joinedload(NoteRevision.note),
            )
        )
    if found is None or not policy.revision_visible(actor, found.revision.note, found.revision):
        raise NotFound()
    return found


def of_key(session: Session, key: str) -> Note | None:
    """Return the note of a key, whoever may see it: for the service, never for a page."""
    return session.scalar(select(Note).where(Note.key == key))


def last_number(session: Session, note: Note) -> int:
    """Return the number of a note's latest revision, 0 before the first."""
    found = select(func.max(NoteRevision.number)).where(NoteRevision.note_id == note.id)
    return session.scalar(found) or 0


def superseded(session: Session, note: Note) -> Sequence[NoteRevision]:
    """Return the revisions that were in force before the present one."""
    return session.scalars(
        select(NoteRevision).where(
            NoteRevision.note_id == note.id, NoteRevision.state == State.SUPERSEDED
        )
    ).all()


def until(session: Session, note: Note, now: datetime) -> datetime | None:
    """Return the moment up to which a note can be written and submitted, None when it is past."""
    returned_at = session.scalar(
        select(func.max(Decision.at))
        .join(Decision.revision)
        .where(NoteRevision.note_id == note.id, NoteRevision.state == State.RETURNED)
    )
    last = rules.last_moment(note.round.closes_at, returned_at)
    return last if now < last else None


def precedent(session: Session, note: Note) -> NoteRevision | None:
    """Return what the organisation last published on the same target in an earlier round."""
    return session.scalar(
        select(NoteRevision)
        .join(Note, Note.published_id == NoteRevision.id)
        .join(Note.round)
        .where(
            Note.constituent_id == note.constituent_id,
            Note.commitment_id.is_not_distinct_from(note.commitment_id),
            Note.corridor_id.is_not_distinct_from(note.corridor_id),
            Note.theme_code.is_not_distinct_from(note.theme_code),
            Note.country_iso2.is_not_distinct_from(note.country_iso2),
            Round.opens_on < note.round.opens_on,
        )
        .order_by(Round.opens_on.desc())
        .limit(1)
    )


def latest_published(
    session: Session, commitment_id: int, constituent_id: int
) -> NoteRevision | None:
    """Return an organisation's published revision of the latest round on a commitment."""
    return session.scalar(
        select(NoteRevision)
        .join(Note, Note.published_id == NoteRevision.id)
        .join(Note.round)
        .where(Note.commitment_id == commitment_id, Note.constituent_id == constituent_id)
        .order_by(Round.opens_on.desc(), NoteRevision.published_at.desc())
        .limit(1)
    )
