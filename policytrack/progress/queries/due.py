"""Read what organisations owe in a round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments import queries as commitments
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
)
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import TRIPARTITE
from policytrack.core import paging
from policytrack.core.permissions import Seat
from policytrack.core.review import State
from policytrack.progress.models import (
    LatestWord,
    Note,
    NoteRevision,
)
from policytrack.progress.rules import WORK_LIST
from policytrack.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Owed:
    """Hold one commitment on which one organisation reports in a round.

    `state` is that of the note in the round: of its open revision, else `published`, else None.
    """

    commitment: Commitment
    constituent: Constituent
    status: str | None
    reversed: bool
    heard_at: datetime | None
    note_id: str | None
    state: State | None


@dataclass(frozen=True, slots=True)
class OwedList:
    """Hold one page of what is owed; `outstanding`: on how many nothing is published yet."""

    page: paging.Page[Owed]
    outstanding: int


def owed(
    session: Session, *, seats: Sequence[Seat], reporting_round: Round, page: int = 1
) -> OwedList:
    """Return what organisations owe in a round, in a fixed number of queries.

    What is still to be published comes first: in it what was returned, then what the organisation
    leads, then what it was heard on longest ago. `seats` are the actor's own: drafts show in it.
    """
    pairs = _answerable(seats)
    if pairs is None:
        return OwedList(paging.Page(items=(), number=1, total=0), 0)
    # Ids are put in order and counted first: whole rows of all would be sorted otherwise.
    ranked = _ranked(pairs.subquery(), reporting_round).subquery()
    before = (page - 1) * WORK_LIST
    rows = session.execute(
        select(
            Commitment,
            Constituent,
            LatestWord,
            Note,
            NoteRevision,
            ranked.c.total,
            ranked.c.outstanding,
        )
        .select_from(ranked)
        .join(Commitment, Commitment.id == ranked.c.commitment_id)
        .join(Constituent, Constituent.id == ranked.c.constituent_id)
        .outerjoin(LatestWord, _word_of(ranked))
        .outerjoin(Note, Note.id == ranked.c.note_id)
        .outerjoin(NoteRevision, NoteRevision.id == Note.open_id)
        .where(ranked.c.place > before, ranked.c.place <= before + WORK_LIST)
        .order_by(ranked.c.place)
        .options(
            joinedload(Constituent.country),
            joinedload(Commitment.in_force).selectinload(CommitmentRevision.translations),
            joinedload(LatestWord.revision),
        )
    ).all()
    if not rows and page > 1:
        # Beyond the last page it is the last; the first one tells which that is.
        first = owed(session, seats=seats, reporting_round=reporting_round)
        if first.page.pages == 1:
            return first
        return owed(session, seats=seats, reporting_round=reporting_round, page=first.page.pages)
    total, outstanding = (rows[0].total, rows[0].outstanding) if rows else (0, 0)
    items = [_owed(*row[:5]) for row in rows]
    return OwedList(paging.Page(items=items, number=page, total=total, size=WORK_LIST), outstanding)


def _word_of(pair: Any) -> ColumnElement[bool]:
    return and_(
        LatestWord.commitment_id == pair.c.commitment_id,
        LatestWord.constituent_id == pair.c.constituent_id,
    )


def _ranked(pair: Any, reporting_round: Round) -> Select[Any]:
    """Return ids with their place in the list, and how many there are and are outstanding."""
    unpublished = case((Note.published_id.is_not(None), 0), else_=1)
    place = func.row_number().over(
        order_by=(
            case((Note.published_id.is_not(None), 1), else_=0),
            case((NoteRevision.state == State.RETURNED, 0), else_=1),
            case((Commitment.lead_id == pair.c.constituent_id, 0), else_=1),
            case((LatestWord.heard_at.is_(None), 0), else_=1),
            LatestWord.heard_at,
            pair.c.commitment_id,
            pair.c.constituent_id,
        )
    )
    return (
        select(
            pair.c.commitment_id,
            pair.c.constituent_id,
            Note.id.label("note_id"),
            place.label("place"),
            func.count().over().label("total"),
            func.sum(unpublished).over().label("outstanding"),
        )
        .select_from(pair)
        .join(Commitment, Commitment.id == pair.c.commitment_id)
        .join(Constituent, Constituent.id == pair.c.constituent_id)
        .outerjoin(LatestWord, _word_of(pair))
        .outerjoin(
            Note,
            and_(
                Note.round_id == reporting_round.id,
                Note.commitment_id == pair.c.commitment_id,
                Note.constituent_id == pair.c.constituent_id,
                Note.country_iso2.is_not_distinct_from(Constituent.country_iso2),
            ),
        )
        .outerjoin(NoteRevision, NoteRevision.id == Note.open_id)
    )


def _answerable(seats: Sequence[Seat]) -> Select[tuple[int, int]] | None:
    speaking = [seat for seat in seats if seat.group in TRIPARTITE]
    arms = [
        select(
            Commitment.id.label("commitment_id"),
            literal(seat.constituent_id).label("constituent_id"),
        ).where(commitments.answerable_by(seat))
        for seat in speaking
    ]
    if not arms:
        return None
    joined = union_all(*arms).subquery()
    return select(joined.c.commitment_id, joined.c.constituent_id)


def _owed(
    commitment: Commitment,
    constituent: Constituent,
    word: LatestWord | None,
    note: Note | None,
    under_way: NoteRevision | None,
) -> Owed:
    state = None
    if under_way is not None:
        state = State(under_way.state)
    elif note is not None and note.published_id is not None:
        state = State.PUBLISHED
    elif note is not None and note.retracted_at is not None:
        state = State.RETRACTED
    return Owed(
        commitment=commitment,
        constituent=constituent,
        status=word.status if word else None,
        reversed=word.revision.reversed if word else False,
        heard_at=word.heard_at if word else None,
        note_id=note.public_id if note and state else None,
        state=state,
    )
