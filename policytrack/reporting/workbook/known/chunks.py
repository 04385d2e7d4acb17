"""Ask for many rows in a few queries of bounded size."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# Databases bound the number of values in one statement.
_SIZE = 500


def chunks(things: Collection[T]) -> Iterator[Sequence[T]]:
    """Yield things in lists short enough for one statement."""
    listed = list(things)
    for start in range(0, len(listed), _SIZE):
        yield listed[start : start + _SIZE]
