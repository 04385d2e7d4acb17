"""Know the words of the index by their first letter, and which of them are spelled alike.

Words are read from a segment a letter at a time, when first asked for, and kept as long as the
segment is. They come from all documents: whoever shows one first counts the documents in which the
asker may find it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from policytrack.search.index.schema import TEXTS
from policytrack.search.index.segments import Segment
from policytrack.search.index.snapshot import Snapshot

SHORTEST, LONGEST = 3, 24
# Of one letter so many words of a segment are read; an honest index has far fewer.
_MOST = 60_000


@dataclass(frozen=True)
class Words:
    """Hold the words of a segment that begin with one letter, ascending.

    `often` says in how many documents of the segment each stands at most, hidden ones included.
    """

    words: Sequence[str]
    often: NDArray[np.int32]

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """Return the number of letters of each word."""
        return np.fromiter(map(len, self.words), np.int32, len(self.words))

    @cached_property
    def letters(self) -> NDArray[np.uint32]:
        """Return each word as a row of code points, ended by zeros."""
        # UTF-32 has one number for each letter.
        held = np.array(self.words, dtype=f"U{LONGEST}")
        return held.view(np.uint32).reshape(len(self.words), LONGEST)

    def beginning(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield words that begin so, with how often they stand at most."""
        start = bisect_left(self.words, prefix)
        end = bisect_left(self.words, f"{prefix}\U0010ffff")
        return zip(self.words[start:end], map(int, self.often[start:end]), strict=True)

    def near(self, word: str, most: int) -> Iterator[tuple[str, int, int]]:
        """Yield words of at most so many changes, with their changes and how often they stand."""
        close = np.flatnonzero(np.abs(self.lengths - len(word)) <= most)
        if not len(close):
            return
        width = min(len(word) + most, LONGEST)
        changes = distances(word, self.letters[close, :width], self.lengths[close])
        for at in np.flatnonzero(changes <= most):
            place = int(close[at])
            yield self.words[place], int(changes[at]), int(self.often[place])


def distances(
    word: str, letters: NDArray[np.uint32], lengths: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return how many letters must be put, taken, changed or swapped to come to each word.

    `letters` holds a word of `lengths` letters in each row. The distance is that of optimal string
    alignment (Damerau, 1964; Levenshtein, 1966), for all words at once.
    """
    count, width = letters.shape
    columns = np.ascontiguousarray(letters.T)
    begun = np.repeat(np.arange(width + 1, dtype=np.int32)[:, None], count, axis=1)
    before, last = begun, begun
    for row, letter in enumerate(map(ord, word), start=1):
        here = np.empty_like(begun)
        here[0] = row
        differs = columns != letter
        for column in range(1, width + 1):
            cell = np.minimum(last[column], here[column - 1]) + 1
            np.minimum(cell, last[column - 1] + differs[column - 1], out=cell)
            if row > 1 and column > 1:
                swapped = ~differs[column - 2] & (columns[column - 1] == ord(word[row - 2]))
                cell = np.where(swapped, np.minimum(cell, before[column - 2] + 1), cell)
            here[column] = cell
        before, last = last, here
    found: NDArray[np.int32] = last[lengths, np.arange(count)]
    return found


_read: WeakKeyDictionary[Segment, dict[str, Words]] = WeakKeyDictionary()


def of_letter(snapshot: Snapshot, letter: str) -> Sequence[Words]:
    """Return the words of each segment that begin with a letter."""
    return [_of_segment(segment, letter) for segment in snapshot.segments.values()]


def _of_segment(segment: Segment, letter: str) -> Words:
    held = _read.setdefault(segment, {})
    if letter not in held:
        held[letter] = _words(segment, letter)
    return held[letter]


def _words(segment: Segment, letter: str) -> Words:
    often: dict[str, int] = {}
    for field in TEXTS:
        for form, count in islice(segment.having(field, letter), _MOST):
            if SHORTEST <= len(form) <= LONGEST and "~" not in form:
                often[form] = often.get(form, 0) + count
    words = sorted(often)
    return Words(words, np.array([often[word] for word in words], np.int32))


def merged(found: Iterator[tuple[str, int]]) -> Mapping[str, int]:
    """Return words of several segments once each, with how often they stand in all."""
    often: dict[str, int] = {}
    for word, count in found:
        often[word] = often.get(word, 0) + count
    return often
