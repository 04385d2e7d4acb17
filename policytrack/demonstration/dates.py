"""Place what is invented in time, so that a round is open on whatever day it is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

ZONE = "Asia/Bangkok"
# The present round has been open for six weeks or more, and stays so for as long.
_BEFORE = timedelta(days=42)
_AFTER = timedelta(days=42)


@dataclass(frozen=True, slots=True)
class Span:
    """Hold the days of one round and its name: `2025-26`."""

    name: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turn the files' years, which count from the present round's, into dates."""

    now: datetime

    def round(self, back: int = 0) -> Span:
        """Return the open round, or the one that many rounds before."""
        opens_on = _in_year((self.now - _BEFORE).date().replace(day=1), -back)
        closes_on = _last_of_month(_in_year((self.now + _AFTER).date().replace(day=1), -back))
        year = opens_on.year
        return Span(f"{year - 1}-{year % 100:02d}", opens_on, closes_on)

    @property
    def year(self) -> int:
        """Return the year from which the files count: that in which the present round opened."""
        return self.round().opens_on.year

    def day(self, given: Sequence[int]) -> date:
        """Return the date of (years from now, month, day)."""
        years, month, day = given
        return date(self.year + years, month, day)

    def moment(self, given: Sequence[int]) -> datetime:
        """Return the morning of a day."""
        return datetime.combine(self.day(given), time(8, 30), tzinfo=UTC)


def _in_year(first: date, years: int) -> date:
    return first.replace(year=first.year + years)


def _last_of_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
