"""Read what waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
)
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core import paging, review
from policytrack.core.permissions import Actor
from policytrack.places.models import Corridor
from policytrack.progress import policy
from policytrack.progress.models import (
    Note,
    NoteRevision,
)
from policytrack.progress.rules import WORK_LIST


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Hold what the queue is narrowed by."""

    state: str = ""
    group: str = ""
    mine: bool = False
    page: int = 1


def queue(session: Session, actor: Actor, filters: QueueFilters) -> paging.Page[NoteRevision]:
    """Return submitted revisions and those in review, oldest first, each with its note."""
    clauses: list[ColumnElement[bool]] = [NoteRevision.state.in_(review.QUEUED_STATES)]
    if not policy.is_office(actor):
        # The office sees whatever was submitted, and nothing else stands in a queue.
        clauses.append(policy.visible_to(actor))
    if filters.state in review.QUEUED_STATES:
        clauses.append(NoteRevision.state == filters.state)
    if filters.group in list(Group):
        of_group = select(Constituent.id).where(Constituent.group == filters.group)
        clauses.append(Note.constituent_id.in_(of_group))
    if filters.mine:
        clauses.append(NoteRevision.reviewer_id == actor.user_id)
    chosen = select(NoteRevision.id).join(Note, Note.open_id == NoteRevision.id).where(*clauses)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number, offset = paging.offset(filters.page, total, WORK_LIST)
    # Ids are put in order first: whole rows of all that waits would be sorted otherwise.
    order = (NoteRevision.submitted_at, NoteRevision.id)
    shown = chosen.order_by(*order).limit(WORK_LIST).offset(offset).subquery()
    within = joinedload(NoteRevision.note)
    items = session.scalars(
        select(NoteRevision)
        .join(shown, shown.c.id == NoteRevision.id)
        .order_by(*order)
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
    return paging.Page(items=items, number=number, total=total, size=WORK_LIST)
