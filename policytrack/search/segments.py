"""Read what a segment of the index says as arrays: postings, places, lengths, dates and codes.

They lie in the file as arrays and are kept while there is room. A segment never changes, so what
was read of it outlives the commits after it; which of its documents were deleted since is for the
snapshot to know.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policytrack.search.codec import File

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]

# Of what was read of all segments so much is kept, the least used going first.
ROOM = 128 * 1024 * 1024
# What an entry takes beside its arrays. Forms that stand nowhere have nothing else, and anybody may
# ask for any number of them.
_ENTRY = 500


@dataclass(frozen=True, slots=True)
class Postings:
    """Hold the documents of a segment that a form stands in, ascending, and how often it does."""

    numbers: Numbers
    counts: Weights

    @property
    def size(self) -> int:
        """Return how many bytes this takes."""
        return self.numbers.nbytes + self.counts.nbytes


@dataclass(frozen=True, slots=True)
class Places:
    """Hold where a form stands: of each place the document and the position in it, ascending."""

    numbers: Numbers
    positions: Numbers

    @property
    def size(self) -> int:
        """Return how many bytes this takes."""
        return self.numbers.nbytes + self.positions.nbytes


@dataclass(frozen=True, slots=True)
class Marks:
    """Hold which documents of a segment carry which code, in both directions.

    `numbers` are the documents code by code, those of the code at a place from `begins[place]` to
    the next; `places` are the codes document by document, likewise by `firsts`.
    """

    codes: tuple[str, ...]
    numbers: Numbers
    begins: Numbers
    places: Numbers
    firsts: Numbers

    @classmethod
    def made(cls, codes: tuple[str, ...], numbers: Numbers, sizes: Numbers, count: int) -> Marks:
        """Return the marks of so many documents from the documents of each code."""
        places = np.repeat(np.arange(len(codes), dtype=np.int32), sizes)
        each = np.bincount(numbers, minlength=count)
        order = np.argsort(numbers, kind="stable")
        return cls(codes, numbers, _begins(sizes), places[order], _begins(each))

    def of(self, code: str) -> Numbers:
        """Return the documents that carry a code."""
        at = bisect_left(self.codes, code)
        if at == len(self.codes) or self.codes[at] != code:
            return _NOTHING
        return self.numbers[self.begins[at] : self.begins[at + 1]]

    def counted(self, among: NDArray[Any]) -> NDArray[np.intp]:
        """Return how many of these documents carry each code; the cost is by the documents."""
        first = self.firsts[among]
        times = self.firsts[among + 1] - first
        at = np.repeat(first - np.cumsum(times) + times, times) + np.arange(times.sum())
        return np.bincount(self.places[at], minlength=len(self.codes))


_NOTHING: Numbers = np.empty(0, np.int32)
# The day from which NumPy counts, as the calendar counts it.
_EPOCH = date(1970, 1, 1).toordinal()
NOWHERE = Postings(np.empty(0, np.int32), np.empty(0, np.float32))
NO_PLACES = Places(np.empty(0, np.int32), np.empty(0, np.int32))


class Kept:
    """Keep what was read of segments while there is room for it."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._held: OrderedDict[tuple[Hashable, ...], Postings | Places] = OrderedDict()
        self.size = 0

    def get(self, key: tuple[Hashable, ...]) -> Postings | Places | None:
        """Return what is kept under a key; its first part names the segment."""
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: tuple[Hashable, ...], value: Postings | Places) -> None:
        """Keep something; what was used least goes where the room is used up."""
        self._held[key] = value
        self.size += _ENTRY + value.size
        while self.size > self._room and len(self._held) > 1:
            self.size -= _ENTRY + self._held.popitem(last=False)[1].size

    def only(self, segments: frozenset[str]) -> None:
        """Let go of what was read of other segments."""
        for key in [key for key in self._held if key[0] not in segments]:
            self.size -= _ENTRY + self._held.pop(key).size


class Segment:
    """Read one segment; its reader may be replaced by one opened later on the same file."""

    def __init__(self, leaf: Any, kept: Kept) -> None:
        self.id = str(leaf.segment().segment_id())
        self.count = int(leaf.doc_count_all())
        self._leaf = leaf
        self._kept = kept
        self._lengths: dict[str, Weights] = {}
        self._days: Numbers | None = None
        self._marks: dict[str, Marks] = {}

    @property
    def leaf(self) -> Any:
        """Return Whoosh's reader of it."""
        return self._leaf

    @leaf.setter
    def leaf(self, leaf: Any) -> None:
        if leaf is not self._leaf:
            leaf._terms.file.take(self._file)
            self._leaf = leaf

    @property
    def _file(self) -> File:
        file: File = self._leaf._terms.file
        return file

    @property
    def deleted(self) -> Numbers:
        """Return the documents that were deleted from it since it was written."""
        return np.fromiter(self.leaf.segment().deleted_docs(), dtype=np.int32)

    def postings(self, field: str, form: str) -> Postings:
        """Return in which documents a form stands, and how often."""
        key = (self.id, field, form)
        found = self._kept.get(key)
        if not isinstance(found, Postings):
            found = self._read_postings(field, form.encode())
            self._kept.put(key, found)
        return found

    def places(self, field: str, form: str) -> Places:
        """Return where a form stands."""
        key = (self.id, field, form, "places")
        found = self._kept.get(key)
        if not isinstance(found, Places):
            found = self._read_places(field, form.encode())
            self._kept.put(key, found)
        return found

    def lengths(self, field: str) -> Weights:
        """Return the number of words of a field, by document."""
        if field not in self._lengths:
            self._lengths[field] = self._file.lengths(field).astype(np.float32)
        return self._lengths[field]

    def days(self) -> Numbers:
        """Return the date of each document as days since the calendar began, 0 without one."""
        if self._days is None:
            self._days = _int32(self._file.column("on"))
        return self._days

    def marks(self, field: str) -> Marks:
        """Return which documents carry which code."""
        if field not in self._marks:
            self._marks[field] = self._years() if field == "year" else self._read_marks(field)
        return self._marks[field]

    def _read_marks(self, field: str) -> Marks:
        held = self._file.field(field)
        if held is None:
            return Marks.made((), _NOTHING, _NOTHING, self.count)
        codes = tuple(code.decode() for code in held.terms())
        documents = _int32(held.entries(0, len(codes)).documents)
        return Marks.made(codes, documents, _int32(held.sizes()), self.count)

    def _years(self) -> Marks:
        """Return which documents are of which year."""
        dated = _int32(np.flatnonzero(self.days()))
        days = (self.days()[dated].astype(np.int64) - _EPOCH).astype("datetime64[D]")
        year = days.astype("datetime64[Y]").astype(np.int64) + 1970
        order = np.argsort(year, kind="stable")
        found, sizes = np.unique(year, return_counts=True)
        codes = tuple(map(str, found.tolist()))
        return Marks.made(codes, dated[order], _int32(sizes), self.count)

    def forms(self, field: str, prefix: str) -> Iterator[str]:
        """Yield the forms of a field that begin with these letters, in their order."""
        held, begins = self._file.field(field), prefix.encode()
        for form in () if held is None else held.terms_from(begins):
            if not form.startswith(begins):
                return
            yield form.decode()

    def _read_postings(self, field: str, form: bytes) -> Postings:
        held = self._file.field(field)
        found = None if held is None else held.postings(form)
        if found is None:
            return NOWHERE
        documents, counts = found
        return Postings(_int32(documents), counts.astype(np.float32))

    def _read_places(self, field: str, form: bytes) -> Places:
        held = self._file.field(field)
        found = None if held is None else held.places(form)
        if found is None:
            return NO_PLACES
        documents, positions = found
        return Places(_int32(documents), _int32(positions))


def _begins(sizes: NDArray[Any]) -> Numbers:
    """Return where each of some parts of these sizes begins, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int32), np.cumsum(sizes, dtype=np.int32)])


def _int32(numbers: NDArray[Any]) -> Numbers:
    return numbers.astype(np.int32)
