"""Rounds open and close in their own zone, and keep what has happened."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from policytrack.rounds import rules
from policytrack.rounds.rules import Period, RoundState

ZONE = "Asia/Bangkok"
SPRING = Period(date(2026, 3, 1), date(2026, 4, 30), ZONE)
AUTUMN = Period(date(2026, 9, 1), date(2026, 10, 31), ZONE)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 2, 28, 16, 59, tzinfo=UTC), RoundState.COMING),
        (datetime(2026, 2, 28, 17, 0, tzinfo=UTC), RoundState.OPEN),
        (datetime(2026, 4, 30, 16, 59, tzinfo=UTC), RoundState.OPEN),
        (datetime(2026, 4, 30, 17, 0, tzinfo=UTC), RoundState.CLOSED),
    ],
)
def test_the_closing_day_belongs_to_the_round_in_its_zone(
    moment: datetime, state: RoundState
) -> None:
    assert rules.state_of(SPRING.opens_on, SPRING.closes_on, ZONE, moment) is state


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "former", "now", "field"),
    [
        (SPRING, None, at(1, 1), None),
        (Period(date(2026, 4, 1), date(2026, 3, 1), ZONE), None, at(1, 1), "closes_on"),
        (Period(date(2026, 4, 1), date(2028, 4, 1), ZONE), None, at(1, 1), "closes_on"),
        (Period(date(1, 1, 1), date(1, 2, 1), ZONE), None, at(1, 1), "opens_on"),
        (Period(date(9999, 12, 1), date(9999, 12, 31), ZONE), None, at(1, 1), "opens_on"),
        (Period(SPRING.opens_on, SPRING.closes_on, "Asia/Atlantis"), None, at(1, 1), "zone"),
        (Period(SPRING.opens_on, SPRING.closes_on, "../etc/passwd"), None, at(1, 1), "zone"),
        (Period(SPRING.opens_on, SPRING.closes_on, ""), None, at(1, 1), "zone"),
        (Period(date(2026, 8, 1), date(2026, 9, 1), ZONE), None, at(1, 1), "opens_on"),
        (SPRING, None, at(6, 1), "closes_on"),
        # An open round may last longer or close sooner, but not be closed already.
        (Period(SPRING.opens_on, date(2026, 5, 15), ZONE), SPRING, at(4, 1), None),
        (Period(SPRING.opens_on, date(2026, 4, 2), ZONE), SPRING, at(4, 1), None),
        (Period(SPRING.opens_on, date(2026, 3, 15), ZONE), SPRING, at(4, 1), "closes_on"),
        (Period(date(2026, 2, 1), SPRING.closes_on, ZONE), SPRING, at(4, 1), "opens_on"),
        # A closed one stays as it was.
        (Period(SPRING.opens_on, date(2026, 7, 15), ZONE), SPRING, at(6, 1), "closes_on"),
        (SPRING, SPRING, at(6, 1), None),
    ],
)
def test_dates_that_cannot_stand_are_refused(
    period: Period, former: Period | None, now: datetime, field: str | None
) -> None:
    found = rules.problems(period, others=[AUTUMN], former=former, now=now)
    assert list(found) == ([field] if field else [])
