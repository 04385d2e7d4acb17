"""Hold what few of many documents are worth, and put such findings together.

Questions find some hundreds of documents among many thousands: only those are gone through. A desk
has room for a mark and an amount of every document, always clean, on which findings are laid out
beside one another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

# Numbers of documents, ascending, each once.
Numbers = NDArray[np.int32]
Amounts = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Where one has so many times as many as another it costs less to look each of those up.
_FAR_MORE = 8
_PAIR = 2


# What documents are worth by their places among those that are found; all of them for a slice.
Score = Callable[[NDArray[np.intp] | slice], Amounts]
_ALL = slice(None)


class Heard:
    """Hold the documents that speak of something, and what that is worth in each.

    What is worth something may be told once it is asked for: most of what one word finds falls
    away beside another word. `whole` tells which have all of it, `typed` which as it was typed;
    None where all do.
    """

    __slots__ = ("_worth", "numbers", "typed", "whole")

    def __init__(
        self,
        numbers: Numbers,
        worth: Amounts | Score,
        whole: Mask | None = None,
        typed: Mask | None = None,
    ) -> None:
        self.numbers = numbers
        self.whole = whole
        self.typed = typed
        self._worth = worth

    @property
    def worth(self) -> Amounts:
        """Return what it is worth in each document; not to be changed."""
        if not isinstance(self._worth, np.ndarray):
            self._worth = self._worth(_ALL)
        return self._worth

    def at(self, places: NDArray[np.intp] | slice) -> Amounts:
        """Return what it is worth in the documents at some places of `numbers`."""
        return self._worth[places] if isinstance(self._worth, np.ndarray) else self._worth(places)

    def as_worth(self, made_of: Callable[[Amounts], Amounts]) -> Heard:
        """Return the same documents, worth what is made of what they are worth."""
        return Heard(self.numbers, lambda places: made_of(self.at(places)), self.whole, self.typed)

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
        at = np.flatnonzero(kept)
        return Heard(self.numbers[at], lambda places: self.at(at[places]))


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
    """Put findings about so many documents together; for one question at a time.

    There is room for some more, who come with the next commits.
    """

    def __init__(self, size: int) -> None:
        self.room = size + size // 8
        self._marks = np.zeros(self.room, np.bool_)
        self._amounts = np.zeros(self.room)
        # Never clean: what stands there of others is told by comparing.
        self._places = np.zeros(self.room, np.int32)
        self._counted = np.arange(self.room, dtype=np.int32)

    def any_of(self, parts: Sequence[Heard]) -> Heard:
        """Return what any part finds, with what all parts are worth there together."""
        parts = [part for part in parts if len(part.numbers)]
        if not parts:
            return NOTHING
        if len(parts) == 1:
            return Heard(parts[0].numbers, parts[0].at)
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
        parts = sorted(parts, key=lambda part: len(part.numbers))
        if len(parts) == 1:
            return Heard(parts[0].numbers, parts[0].at)
        numbers = parts[0].numbers
        at: list[NDArray[np.intp]] = [np.arange(len(numbers))]
        for other in parts[1:]:
            if not len(numbers):
                return NOTHING
            places = self._places_among(other.numbers, numbers)
            kept = np.flatnonzero(other.numbers[places] == numbers)
            numbers = numbers[kept]
            at = [each[kept] for each in (*at, places)]

        def worth(places: NDArray[np.intp] | slice) -> Amounts:
            amounts = np.zeros(len(numbers[places]))
            for part, each in zip(parts, at, strict=True):
                amounts += part.at(each[places])
            return amounts

        return Heard(numbers, worth)

    def _places_among(self, many: Numbers, few: Numbers) -> NDArray[np.intp]:
        """Return where each of some documents stands among others, if it does; any place if not."""
        if len(many) > _FAR_MORE * len(few):
            at = np.searchsorted(many, few)
        else:
            self._places[many] = self._counted[: len(many)]
            at = self._places[few].astype(np.intp)
        return np.minimum(at, len(many) - 1)

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
