"""Decide what is news, when to tell it, and how much of the past is remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

NAME_LENGTH = 120
# The address of a search: a question of 1,000 letters of any script, and its filters.
QUERY_LENGTH = 16_000
# So many searches a person keeps.
MOST_SAVED = 50
# More than this many results are no news for anybody; a narrower search does more.
MOST_RESULTS = 10_000
# A feed shows so many; a new one begins with a few, so that it is not empty.
FEED_ENTRIES = 50
FIRST_ENTRIES = 20
# A mail lists so many and names so many more; the search itself has the rest.
MAIL_LISTS = 30
MAIL_NAMES = 200

_DIGEST = 8


class Alert(StrEnum):
    """Name how often a mail tells what is new."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


PERIODS = {Alert.DAILY: timedelta(days=1), Alert.WEEKLY: timedelta(days=7)}
FEED_PERIOD = timedelta(minutes=15)

Things = frozenset[bytes]


def next_due(alert: Alert, before: datetime, now: datetime) -> datetime:
    """Return when to look again: at the same time of day, on the first day that is to come."""
    period = PERIODS[alert]
    missed = max((now - before) // period, 0)
    return before + (missed + 1) * period


def digest(thing: str) -> bytes:
    """Return by what a thing is remembered; two of a million things are never taken for one."""
    return hashlib.blake2b(thing.encode(), digest_size=_DIGEST).digest()


def digests(things: Iterable[str]) -> Things:
    """Return by what things are remembered."""
    return frozenset(map(digest, things))


def packed(known: Collection[bytes]) -> bytes:
    """Return what is remembered in one piece: 8 bytes for each thing."""
    return b"".join(sorted(known))


def unpacked(kept: bytes | None) -> Things:
    """Return what is remembered."""
    whole = kept or b""
    return frozenset(whole[at : at + _DIGEST] for at in range(0, len(whole), _DIGEST))


def remembered(known: Things, present: Things, told: Things) -> Things:
    """Return what is remembered after `told`, bounded.

    What goes and comes back is not told again, unless far more has gone than is there now.
    """
    kept = known | told
    return kept if len(kept) <= 2 * MOST_RESULTS else (kept & present) | told
