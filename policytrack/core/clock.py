"""Tell the time, always in UTC and always with its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the instant, in UTC, at which `day` ends in the named zone.

    A closing date includes its whole day: the instant is the following local midnight.
    Raises `zoneinfo.ZoneInfoNotFoundError` for an unknown zone.
    """
    return start_of_day(day + timedelta(days=1), zone)


def start_of_day(day: date, zone: str) -> datetime:
    """Return the instant, in UTC, at which `day` begins in the named zone."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)
