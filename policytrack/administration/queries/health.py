"""Read how the outbox and this machine's index stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.core.outbox import OutboxItem
from policytrack.search.index import generations
from policytrack.search.index.follower import Follower
from policytrack.search.index.generations import Unusable

_LATELY = timedelta(days=1)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class OutboxStanding:
    """Hold how many items wait, were given up, and were done in the last day."""

    waiting: int
    failed: int
    done: int
    oldest: datetime | None


def outbox_standing(session: Session, now: datetime) -> OutboxStanding:
    """Return how the outbox stands, in one query; `oldest` is when the longest waiting was made."""
    waits = OutboxItem.done_at.is_(None) & OutboxItem.failed_at.is_(None)
    found = session.execute(
        select(
            func.count().filter(waits),
            func.count().filter(OutboxItem.failed_at.is_not(None)),
            func.count().filter(OutboxItem.done_at > now - _LATELY),
            func.min(OutboxItem.created_at).filter(waits),
        )
    ).one()
    return OutboxStanding(*found)


def failed(session: Session) -> Sequence[OutboxItem]:
    """Return what was given up, the newest first, up to `SHOWN`."""
    return session.scalars(
        select(OutboxItem)
        .where(OutboxItem.failed_at.is_not(None))
        .order_by(OutboxItem.id.desc())
        .limit(SHOWN)
    ).all()


@dataclass(frozen=True, slots=True)
class IndexStanding:
    """Hold this machine's index: its generation, when it was begun, how far it is behind."""

    generation: str
    built_at: datetime
    behind: int


def index_standing() -> IndexStanding | None:
    """Return how this machine's index stands; None where there is none to trust."""
    lag = Follower(current_app).lag()
    try:
        generation = generations.current(current_app)
    except Unusable:
        return None
    if lag is None:
        return None
    name = generation.folder.name
    # A generation is named after the moment in which it was begun.
    begun = datetime.fromtimestamp(int(name.split("-")[0]) / 1e9, tz=UTC)
    return IndexStanding(name.split("-")[-1], begun, lag)
