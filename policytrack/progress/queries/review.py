"""Read what waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
)
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core import paging
from policytrack.core.permissions import Actor
from policytrack.places.models import Corridor
from policytrack.progress import policy, rules
from policytrack.progress.models import (
    Note,
    NoteRevision,
)


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Hold what the queue is narrowed by."""

    state: str = ""
    group: str = ""
    mine: bool = False
    page: int = 1


def queue(session: Session, actor: Actor, filters: QueueFilters) -> paging.Page[NoteRevision]:
    """Return submitted revisions and those in review, oldest first, each with its note."""
    clauses = [
        NoteRevision.state.in_(rules.QUEUED_STATES),
        policy.visible_to(actor),
    ]
    if filters.state in rules.QUEUED_STATES:
        clauses.append(NoteRevision.state == filters.state)
    if filters.group in list(Group):
        clauses.append(Constituent.group == filters.group)
    if filters.mine:
        clauses.append(NoteRevision.reviewer_id == actor.user_id)
    chosen = (
        select(NoteRevision)
        .join(Note, Note.open_id == NoteRevision.id)
        .join(Constituent, Constituent.id == Note.constituent_id)
        .where(*clauses)
    )
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number, offset = paging.offset(filters.page, total)
    within = joinedload(NoteRevision.note)
    items = session.scalars(
        chosen.order_by(NoteRevision.submitted_at, NoteRevision.id)
        .limit(paging.SIZE)
        .offset(offset)
        .options(
            joinedload(NoteRevision.reviewer),
            within.joinedload(Note.round),
            within.joinedload(Note.constituent).joinedload(Constituent.country),
            within.joinedload(Note.country),
            within.joinedload(Note.theme),
            within.joinedload(Note.corridor).joinedload(Corridor.origin),
            within.joinedload(Note.corridor).joinedload(Corridor.destination),
            within.joinedload(Note.commitment)
            .joinedload(Commitment.in_force)
            .selectinload(CommitmentRevision.translations),
        )
    ).all()
    return paging.Page(items=items, number=number, total=total)
