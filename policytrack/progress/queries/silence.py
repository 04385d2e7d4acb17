"""Read on what an organisation was asked and did not answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments import queries as commitments
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import PUBLIC_STATES
from policytrack.constituents.models import Constituent
from policytrack.progress import rules
from policytrack.progress.models import LatestWord, Note, NoteRevision
from policytrack.rounds import queries as rounds
from policytrack.rounds.models import Round
from policytrack.rounds.rules import RoundState


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Hold a commitment on which an organisation is silent, and since when."""

    commitment: Commitment
    since: date


@dataclass(frozen=True, slots=True)
class Silence:
    """Hold on how many commitments an organisation was asked in the last round that closed.

    `total` is on how many of them it is silent, `since` when the longest of these silences began,
    `items` the longest ones.
    """

    round: Round | None
    asked: int
    total: int
    since: date | None
    items: Sequence[Unanswered]


NOTHING = Silence(None, 0, 0, None, ())


def silence(session: Session, body: Constituent, now: datetime, limit: int = 10) -> Silence:
    """Return where an organisation owes an answer, by the same rule as a commitment's voices.

    Who is asked no more owes nothing. It takes five statements, whatever is owed.
    """
    every = [each for each in rounds.every(session) if each.opens_at <= now]
    closed = next((each for each in every if each.state(now) is RoundState.CLOSED), None)
    if closed is None or body.retired:
        return NOTHING
    accepted = (
        select(func.min(CommitmentRevision.decided_at))
        .where(
            CommitmentRevision.commitment_id == Commitment.id,
            CommitmentRevision.state.in_(PUBLIC_STATES),
        )
        .scalar_subquery()
    )
    asked = and_(commitments.answerable_by(body), accepted <= closed.opens_at)
    number = session.scalar(select(func.count()).select_from(Commitment).where(asked)) or 0
    rows = session.execute(
        select(Commitment.id, accepted, LatestWord.heard_at)
        .outerjoin(
            LatestWord,
            and_(
                LatestWord.commitment_id == Commitment.id,
                LatestWord.constituent_id == body.id,
            ),
        )
        .outerjoin(NoteRevision, NoteRevision.id == LatestWord.revision_id)
        .outerjoin(Note, Note.id == NoteRevision.note_id)
        .outerjoin(Round, Round.id == Note.round_id)
        .where(asked, or_(Round.opens_on.is_(None), Round.opens_on < closed.opens_on))
    ).all()
    silent = sorted(
        (rules.silent_since(heard, _first_asked(every, since)) or now.date(), commitment_id)
        for commitment_id, since, heard in rows
    )
    shown = {commitment_id: since for since, commitment_id in silent[:limit]}
    found = _named(session, list(shown))
    return Silence(
        round=closed,
        asked=number,
        total=len(silent),
        since=silent[0][0] if silent else None,
        items=sorted(
            (Unanswered(each, shown[each.id]) for each in found),
            key=lambda item: (item.since, item.commitment.id),
        ),
    )


def _first_asked(every: Sequence[Round], accepted: datetime | None) -> date | None:
    asking = [each.opens_on for each in every if accepted and each.opens_at >= accepted]
    return min(asking, default=None)


def _named(session: Session, ids: Sequence[int]) -> Sequence[Commitment]:
    return session.scalars(
        select(Commitment)
        .where(Commitment.id.in_(ids))
        .options(
            joinedload(Commitment.in_force).selectinload(CommitmentRevision.translations),
        )
    ).all()
