"""Read what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
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

_ORDER = (NoteRevision.submitted_at, NoteRevision.id)
# How many are held in memory at once where the whole queue is read.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Hold what the queue is narrowed by."""

    state: str = ""
    group: str = ""
    mine: bool = False
    page: int = 1


def queue(session: Session, actor: Actor, filters: QueueFilters) -> paging.Page[NoteRevision]:
    """Return submitted revisions and those in review, oldest first, each with its note."""
    chosen = _chosen(actor, filters)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number, offset = paging.offset(filters.page, total, WORK_LIST)
    # Ids are put in order first: whole rows of all that waits would be sorted otherwise.
    items = _whole(session, chosen.order_by(*_ORDER).limit(WORK_LIST).offset(offset))
    return paging.Page(items=items, number=number, total=total, size=WORK_LIST)


def queued(session: Session, actor: Actor, filters: QueueFilters) -> Iterator[NoteRevision]:
    """Yield the whole queue in its order, a few at a time."""
    ids = session.scalars(_chosen(actor, filters).order_by(*_ORDER)).all()
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        yield from _whole(session, select(NoteRevision.id).where(NoteRevision.id.in_(batch)))


def _chosen(actor: Actor, filters: QueueFilters) -> Select[int]:
    """Return the ids of what waits, as far as the actor may know and filters leave it."""
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
    return select(NoteRevision.id).join(Note, Note.open_id == NoteRevision.id).where(*clauses)


def _whole(session: Session, ids: Select[int]) -> Sequence[NoteRevision]:
    """Return the revisions of these ids in the order of the queue, with what rows of it show."""
    shown, within = ids.subquery(), joinedload(NoteRevision.note)
    return session.scalars(
        select(NoteRevision)
        .join(shown, shown.c.id == NoteRevision.id)
        .order_by(*_ORDER)
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
