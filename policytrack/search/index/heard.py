"""Hold what few of many documents are worth, and put such findings together.

Questions find some hundreds of documents among many thousands: only those are gone through. A desk
has room for a mark and an amount of every document, always clean, on which findings are laid out
beside one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Numbers of documents, ascending, each once.
Numbers = NDArray[np.int32]
Amounts = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Where one has so many times as many as another it costs less to look each of those up.
_FAR_MORE = 8
_PAIR = 2


class Heard(NamedTuple):
    """Hold the documents that speak of something, and what that is worth in each.

    `whole` tells which have all of it, `typed` which as it was typed; None where all do.
    """

    numbers: Numbers
    worth: Amounts
    whole: Mask | None = None
    typed: Mask | None = None

    @property
    def all_of_it(self) -> Heard:
        """Return those that have all of it."""
        return self if self.whole is None else self.only(self.whole)

    @property
    def as_typed(self) -> Heard:
        """Return those that have all of it as it was typed."""
        return self.all_of_it if self.typed is None else self.only(self.typed)

    def only(self, kept: Mask) -> Heard:
        """Return some of these."""
        return Heard(self.numbers[kept], self.worth[kept])


NOTHING = Heard(np.empty(0, np.int32), np.empty(0))


def _put_into(many: Heard, few: Heard) -> Heard:
    at = np.searchsorted(many.numbers, few.numbers)
    there = many.numbers[np.minimum(at, len(many.numbers) - 1)] == few.numbers
    worth = many.worth.copy()
    worth[at[there]] += few.worth[there]
    if there.all():
        return Heard(many.numbers, worth)
    new = ~there
    return Heard(
        np.insert(many.numbers, at[new], few.numbers[new]),
        np.insert(worth, at[new], few.worth[new]),
    )


class Desk:
    """Put findings about so many documents together; for one question at a time."""

    def __init__(self, size: int) -> None:
        self._marks = np.zeros(size, np.bool_)
        self._amounts = np.zeros(size)

    def any_of(self, parts: Sequence[Heard]) -> Heard:
        """Return what any part finds, with what all parts are worth there together."""
        parts = [part for part in parts if len(part.numbers)]
        if not parts:
            return NOTHING
        if len(parts) == 1:
            return Heard(*parts[0][:2])
        if len(parts) == _PAIR:
            few, many = sorted(parts, key=lambda part: len(part.numbers))
            if len(many.numbers) > _FAR_MORE * len(few.numbers):
                return _put_into(many, few)
        for part in parts:
            self._marks[part.numbers] = True
            self._amounts[part.numbers] += part.worth
        numbers = np.flatnonzero(self._marks).astype(np.int32)
        worth = self._amounts[numbers]
        self._clean(numbers)
        return Heard(numbers, worth)

    def every(self, parts: Sequence[Heard]) -> Heard:
        """Return what all of some parts find, with what they are worth there together."""
        first, *others = sorted(parts, key=lambda part: len(part.numbers))
        found = Heard(*first[:2])
        for other in others:
            if not len(found.numbers):
                break
            found = self._both(found, other)
        return found

    def _both(self, few: Heard, many: Heard) -> Heard:
        if len(many.numbers) > _FAR_MORE * len(few.numbers):
            at = np.minimum(np.searchsorted(many.numbers, few.numbers), len(many.numbers) - 1)
            kept = many.numbers[at] == few.numbers
            return Heard(few.numbers[kept], few.worth[kept] + many.worth[at[kept]])
        self._marks[many.numbers] = True
        self._amounts[many.numbers] = many.worth
        kept = self._marks[few.numbers]
        numbers = few.numbers[kept]
        worth = few.worth[kept] + self._amounts[numbers]
        self._clean(many.numbers)
        return Heard(numbers, worth)

    def worth(self, parts: Sequence[Heard], numbers: Numbers) -> Amounts:
        """Return what parts are worth together in some documents."""
        for part in parts:
            self._amounts[part.numbers] += part.worth
        found = self._amounts[numbers]
        for part in parts:
            self._amounts[part.numbers] = 0
        return found

    def among(self, numbers: Numbers, others: Numbers) -> Mask:
        """Tell which of some documents are among others."""
        self._marks[others] = True
        found: Mask = self._marks[numbers]
        self._marks[others] = False
        return found

    def _clean(self, numbers: Numbers) -> None:
        self._marks[numbers] = False
        self._amounts[numbers] = 0
