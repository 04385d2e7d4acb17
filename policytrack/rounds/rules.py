"""Decide when a round is open, and which dates it may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from policytrack.core import clock
from policytrack.core.i18n import lazy_gettext as _

NAME_LENGTH = 40
# Longer would be no round any more; it also keeps a mistyped year out.
LONGEST = timedelta(days=366)


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


@dataclass(frozen=True, slots=True)
class Period:
    """Hold a round's days in its zone."""

    opens_on: date
    closes_on: date
    zone: str


def is_zone(name: str) -> bool:
    """Tell whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def problems(
    period: Period, *, others: Sequence[Period], former: Period | None, now: datetime
) -> dict[str, object]:
    """Return what is wrong with a round's dates, by field; nothing when they can stand.

    Rounds follow each other, so that there is never a doubt in which a note belongs. A closed
    round stays closed, an open one stays open for at least the day, and its opening stays.
    """
    if not is_zone(period.zone):
        return {"zone": _("There is no such time zone.")}
    if period.closes_on < period.opens_on:
        return {"closes_on": _("A round closes after it opens.")}
    if not 2000 <= period.opens_on.year <= 2200:
        return {"opens_on": _("Check the year of this date.")}
    if period.closes_on - period.opens_on > LONGEST:
        return {"closes_on": _("A round lasts a year at most.")}
    if any(
        period.opens_on <= other.closes_on and other.opens_on <= period.closes_on
        for other in others
    ):
        return {"opens_on": _("Another round lies in these dates.")}
    state = state_of(period.opens_on, period.closes_on, period.zone, now)
    before = former and state_of(former.opens_on, former.closes_on, former.zone, now)
    if before is RoundState.CLOSED and former != period:
        return {"closes_on": _("A closed round keeps its dates.")}
    if before is RoundState.OPEN and former and former.opens_on != period.opens_on:
        return {"opens_on": _("The round is open; its opening date stays.")}
    if state is RoundState.CLOSED and former != period:
        return {"closes_on": _("This date has passed.")}
    return {}
