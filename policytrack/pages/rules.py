"""Decide what a person with several roles sees first."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Protocol, TypeVar


class Urgency(IntEnum):
    """Name how much a part of the home page presses; more is more."""

    NOTHING = 0  # all is done
    WAITS = 1
    HOLDS_UP = 2  # somebody else waits for it, or its day comes near
    FAILED = 3  # it will not mend itself


# A round that closes within so many days presses; so does a note that waits longer for review.
NEAR_DAYS = 14
LONG_WAIT_DAYS = 7


class Part(Protocol):
    """Be a part of the home page that knows how much it presses."""

    @property
    def urgency(self) -> Urgency:
        """Return how much it presses."""
        ...


_P = TypeVar("_P", bound=Part)


def ordered(parts: Sequence[_P]) -> list[_P]:
    """Return parts with what presses most first; equals keep the order they were given in."""
    return sorted(parts, key=lambda part: -part.urgency)


def of_due(outstanding: int, days_left: int, returned: int) -> Urgency:
    """Return how much an organisation's own work presses."""
    if returned or (outstanding and days_left <= NEAR_DAYS):
        return Urgency.HOLDS_UP
    return Urgency.WAITS if outstanding else Urgency.NOTHING


def of_queue(waiting: int, oldest_days: int) -> Urgency:
    """Return how much the queue of the secretariat presses."""
    if waiting and oldest_days >= LONG_WAIT_DAYS:
        return Urgency.HOLDS_UP
    return Urgency.WAITS if waiting else Urgency.NOTHING


def of_administration(failed: int, behind: int | None, invitations: int) -> Urgency:
    """Return how much an administrator is needed; an index that is None is not there at all."""
    if failed or behind is None:
        return Urgency.FAILED
    return Urgency.WAITS if invitations else Urgency.NOTHING
