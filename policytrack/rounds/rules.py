"""Decide when a round is open."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from policytrack.core import clock


class RoundState(StrEnum):
    """Name where a round stands; derived from its dates when read, never stored."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


def state_of(opens_on: date, closes_on: date, zone: str, now: datetime) -> RoundState:
    """Return where a round stands; the closing day belongs to it, in the round's own zone."""
    if now < clock.start_of_day(opens_on, zone):
        return RoundState.COMING
    return RoundState.OPEN if now < clock.end_of_day(closes_on, zone) else RoundState.CLOSED
