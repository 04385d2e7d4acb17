"""Read whole sets for files that people take along: what is published, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.queries.classification import Classification, Tag, classification
from policytrack.constituents.models import Constituent
from policytrack.progress.models import LatestWord, Note, NoteRevision


class Promise(NamedTuple):
    """Hold a commitment in force with its text, its lead, and what the lead last claimed."""

    commitment: Commitment
    text: CommitmentRevision
    lead: Constituent
    status: str | None
    heard_at: datetime | None


def promises(session: Session, clause: ColumnElement[bool]) -> Sequence[Promise]:
    """Return all commitments in force that a clause picks, by code, in one query."""
    rows = session.execute(
        select(Commitment, CommitmentRevision, Constituent, LatestWord.status, LatestWord.heard_at)
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.in_force_id)
        .join(Constituent, Constituent.id == Commitment.lead_id)
        .outerjoin(
            LatestWord,
            and_(
                LatestWord.commitment_id == Commitment.id,
                LatestWord.constituent_id == Commitment.lead_id,
            ),
        )
        .where(clause)
        .options(joinedload(Constituent.country))
        .order_by(Commitment.code, Commitment.id)
    )
    return [Promise(*row) for row in rows]


# So many at once that no database refuses the list of them.
_BATCH = 2_000


def ties_of(session: Session, found: Sequence[Promise]) -> Classification:
    """Return what commitments answer to and are about, by the id of their text and kind."""
    numbers = [each.text.id for each in found]
    ties: dict[tuple[int, str], Sequence[Tag]] = {}
    for start in range(0, len(numbers), _BATCH):
        ties.update(classification(session, numbers[start : start + _BATCH]))
    return ties


def reports(session: Session, about: ColumnElement[bool]) -> Sequence[Note]:
    """Return all published notes that a clause picks, the latest first, in one query."""
    return session.scalars(
        select(Note)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .where(about)
        .options(
            joinedload(Note.published),
            joinedload(Note.round),
            joinedload(Note.commitment),
            joinedload(Note.corridor),
            joinedload(Note.constituent).joinedload(Constituent.country),
        )
        .order_by(NoteRevision.published_at.desc(), Note.id.desc())
    ).all()
