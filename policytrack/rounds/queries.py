"""Read reporting rounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core import ids
from policytrack.core.errors import NotFound
from policytrack.rounds.models import Round
from policytrack.rounds.rules import RoundState


def every(session: Session) -> Sequence[Round]:
    """Return all rounds, the latest first; there are a few each year."""
    return session.scalars(select(Round).order_by(Round.opens_on.desc(), Round.id.desc())).all()


def get(session: Session, public_id: str) -> Round:
    """Return a round by its public id; raise `NotFound`."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(select(Round).where(Round.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def open_round(session: Session, now: datetime) -> Round | None:
    """Return the round that is open, None between rounds."""
    return next((each for each in every(session) if each.state(now) is RoundState.OPEN), None)


def latest(session: Session, now: datetime) -> Round | None:
    """Return the round that opened last, open or closed; None before the first."""
    begun = (each for each in every(session) if each.state(now) is not RoundState.COMING)
    return next(begun, None)
