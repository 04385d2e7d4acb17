"""Read what a segment of the index says as arrays: postings, places, lengths, dates and codes.

They lie in the file as arrays and are kept while there is room. A segment never changes, so what
was read of it outlives the commits after it; which of its documents were deleted since is for the
snapshot to know.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from policytrack.search.index.codec import File
from policytrack.search.index.heard import Numbers

Weights = NDArray[np.float32]
# Places, each told by one number: its document above so many bits, its position below, and the
# field, where there are several, from another bit on.
Keys = NDArray[np.int64]
BITS = 32
FIELD_BIT = 31
Kind = TypeVar("Kind", bound=np.generic)

# Of what was read of all segments so much is kept, the least used going first.
ROOM = 256 * 1024 * 1024
# So much of what a word is worth needs it to stand as it was typed, in no other form.
_EXACT = 0.2
# What is made of more forms than this is made again.
_MOST_FORMS = 64
# What an entry takes beside its arrays. Forms that stand nowhere have nothing else, and anybody may
# ask for any number of them.
_ENTRY = 500


@dataclass(frozen=True, slots=True)
class Postings:
    """Hold the documents that a form or a word stands in, ascending, and how often it does.

    Of several fields `counts` has a row for each.
    """

    numbers: Numbers
    counts: Weights

    @property
    def size(self) -> int:
        """Return how many bytes this takes."""
        return self.numbers.nbytes + self.counts.nbytes


@dataclass(frozen=True, slots=True)
class Places:
    """Hold where something stands, ascending: each place the document above, the position below.

    Of several fields the place of the field stands between, so that none is near another.
    """

    keys: Keys

    @classmethod
    def made(cls, numbers: NDArray[Any], positions: NDArray[Any]) -> Places:
        """Return places from the document and the position of each."""
        return cls((numbers.astype(np.int64) << BITS) + positions)

    @property
    def numbers(self) -> Numbers:
        """Return the document of each place."""
        return _int32(self.keys >> BITS)

    @property
    def positions(self) -> Numbers:
        """Return the position of each place in its document."""
        return _int32(self.keys & ((1 << BITS) - 1))

    @property
    def size(self) -> int:
        """Return how many bytes this takes."""
        return self.keys.nbytes


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
        if len(among) == len(self.firsts) - 1:
            return np.diff(self.begins)
        first = self.firsts[among]
        times = self.firsts[among + 1] - first
        at = np.repeat(first - np.cumsum(times) + times, times) + np.arange(times.sum())
        return np.bincount(self.places[at], minlength=len(self.codes))


class Rows:
    """Hold the codes of several fields document by document, to be counted together.

    A row has room for the codes of nearly every document, told by their places among all codes,
    and lies in memory in one piece. What does not fit into its row stands in `_more`, ascending by
    document.
    """

    def __init__(self, marks: Sequence[Marks]) -> None:
        times = [np.diff(each.firsts) for each in marks]
        many = np.add.reduce(times, axis=0)
        self._codes = sum(len(each.codes) for each in marks)
        width = _width(many)
        # Where nothing stands, one code more than there are.
        kind = np.uint16 if self._codes < 1 << 16 else np.uint32
        self._rows = np.full((len(many), width), self._codes, kind)
        more: list[tuple[NDArray[np.intp], NDArray[Any]]] = [(_NOWHERE, _NOWHERE)]
        filled, codes = np.zeros(len(many), np.intp), 0
        for each, often in zip(marks, times, strict=True):
            documents = np.repeat(np.arange(len(many)), often)
            at = filled[documents] + np.arange(len(documents)) - each.firsts[documents]
            fits = at < width
            self._rows[documents[fits], at[fits]] = each.places[fits] + codes
            more.append((documents[~fits], each.places[~fits] + codes))
            filled += often
            codes += len(each.codes)
        self._fits = filled <= width
        documents, places = (np.concatenate(those) for those in zip(*more, strict=True))
        order = np.argsort(documents, kind="stable")
        self._more, self._places = documents[order], places[order]

    def counted(self, among: NDArray[Any]) -> NDArray[np.intp]:
        """Return how many of these documents carry each code; the cost is by the documents."""
        counts = np.bincount(self._rows.take(among, axis=0).ravel(), minlength=self._codes + 1)[:-1]
        if len(self._more):
            long = among[~self._fits[among]]
            first, last = np.searchsorted(self._more, (long, long + 1))
            at = [np.arange(*ends) for ends in zip(first.tolist(), last.tolist(), strict=True)]
            places = self._places[np.concatenate([_NOWHERE, *at])]
            counts += np.bincount(places, minlength=self._codes)
        return counts


def _width(many: NDArray[Any]) -> int:
    """Return how long rows are, where documents have so many codes."""
    if not len(many):
        return 0
    most, nearly_most = int(many.max()), int(np.quantile(many, _FIT, method="higher"))
    return most if most <= _ALL_FIT * nearly_most else nearly_most


_NOTHING: Numbers = np.empty(0, np.int32)
_NOWHERE: NDArray[np.intp] = np.empty(0, np.intp)
# So large a part of all documents has rows that are long enough; all have if that makes the rows no
# longer than so many times.
_FIT = 0.99
_ALL_FIT = 1.5
# The day from which NumPy counts, as the calendar counts it.
_EPOCH = date(1970, 1, 1).toordinal()
NOWHERE = Postings(np.empty(0, np.int32), np.empty(0, np.float32))
NO_PLACES = Places(np.empty(0, np.int64))


_Held = Postings | Places


class Kept:
    """Keep what was read of segments while there is room for it."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._held: dict[str, OrderedDict[Hashable, _Held]] = {}
        self._sizes: dict[str, int] = {}
        self.size = 0

    def get(self, segment: str, key: Hashable) -> _Held | None:
        """Return what is kept of a segment under a key."""
        held = self._held.get(segment)
        found = None if held is None else held.get(key)
        if held is not None and found is not None:
            held.move_to_end(key)
        return found

    def put(self, segment: str, key: Hashable, value: _Held) -> None:
        """Keep something; where the room is used up, what was used least of most goes."""
        self._held.setdefault(segment, OrderedDict())[key] = value
        self._grow(segment, _ENTRY + value.size)
        while self.size > self._room:
            most = max(self._sizes, key=self._sizes.__getitem__)
            if most == segment and len(self._held[most]) == 1:
                return
            self._grow(most, -_ENTRY - self._held[most].popitem(last=False)[1].size)

    def only(self, segments: frozenset[str]) -> object:
        """Keep nothing of other segments; return what was kept of them."""
        others = self._held.keys() - segments
        self.size -= sum(map(self._sizes.pop, others))
        return [self._held.pop(other) for other in others]

    def _grow(self, segment: str, size: int) -> None:
        self._sizes[segment] = self._sizes.get(segment, 0) + size
        self.size += size


class Segment:
    """Read one segment; its reader may be replaced by one opened later on the same file."""

    def __init__(self, leaf: Any, kept: Kept) -> None:
        self.id = str(leaf.segment().segment_id())
        self.count = int(leaf.doc_count_all())
        self._leaf = leaf
        self._kept = kept
        self._lengths: dict[str, Weights] = {}
        self._totals: dict[str, float] = {}
        self._days: Numbers | None = None
        self._marks: dict[str, Marks] = {}
        self._rows: dict[tuple[str, ...], Rows] = {}
        self._coded: dict[tuple[str, ...], dict[tuple[str, str], int]] = {}
        self._learnt: dict[str, frozenset[str]] = {}
        self.is_warm = False

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

    def stored(self, number: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        return self._file.stored_of(number)

    def postings(self, field: str, form: str) -> Postings:
        """Return in which documents a form stands, and how often."""
        key = (field, form)
        found = self._kept.get(self.id, key)
        if not isinstance(found, Postings):
            found = self._read_postings(field, form.encode())
            self._kept.put(self.id, key, found)
        return found

    def word(self, fields: tuple[str, ...], forms: tuple[str, ...]) -> Postings:
        """Return in which documents a word stands in any form, and how often in each field.

        As often as it does in the form that it has most, but for a share as often as in the first
        one, in which it was typed.
        """
        if self._learnt and all(self._lacks(field, forms) for field in fields):
            return NOWHERE
        key = (fields, forms)
        found = self._kept.get(self.id, key)
        if not isinstance(found, Postings):
            found = _spoken([self._word(field, forms) for field in fields])
            if len(forms) <= _MOST_FORMS:
                self._kept.put(self.id, key, found)
        return found

    def _word(self, field: str, forms: Sequence[str]) -> Postings:
        if self._lacks(field, forms):
            return NOWHERE
        # One form alone is asked for again less often than the word: it is not kept.
        read = [self._read_postings(field, form.encode()) for form in forms]
        present = [each for each in read if len(each.numbers)]
        if not present:
            return NOWHERE
        first, typed = present[0], present[0] is read[0]
        if len(present) == 1:
            return Postings(first.numbers, first.counts * np.float32(1 if typed else 1 - _EXACT))
        numbers = merged([each.numbers for each in present])
        most = np.zeros(len(numbers), np.float32)
        for each in present:
            at = np.searchsorted(numbers, each.numbers)
            most[at] = np.maximum(most[at], each.counts)
        most *= 1 - _EXACT
        if typed:
            most[np.searchsorted(numbers, first.numbers)] += _EXACT * first.counts
        return Postings(numbers, most)

    def standing(self, fields: tuple[str, ...], forms: tuple[str, ...]) -> Places:
        """Return where a word stands in any form and in any of some fields."""
        if self._learnt and all(self._lacks(field, forms) for field in fields):
            return NO_PLACES
        key = (fields, forms, "places")
        found = self._kept.get(self.id, key)
        if not isinstance(found, Places):
            said = self._kept.get(self.id, (fields, forms))
            if isinstance(said, Postings) and not len(said.numbers):
                return NO_PLACES
            read = [
                self.places(field, form).keys + (at << FIELD_BIT)
                for at, field in enumerate(fields)
                if not self._lacks(field, forms)
                for form in forms
            ]
            present = [keys for keys in read if len(keys)]
            found = Places(merged(present)) if present else NO_PLACES
            if len(forms) <= _MOST_FORMS:
                self._kept.put(self.id, key, found)
        return found

    def learn(self, field: str) -> None:
        """Learn the terms of a field by heart, to know at once which words stand nowhere."""
        if field not in self._learnt:
            held = self._file.field(field)
            self._learnt[field] = frozenset(() if held is None else map(bytes.decode, held.terms()))

    def _lacks(self, field: str, forms: Sequence[str]) -> bool:
        """Tell whether it is known that none of some forms stands in a field."""
        learnt = self._learnt.get(field)
        return learnt is not None and learnt.isdisjoint(forms)

    def lengths(self, field: str) -> Weights:
        """Return the number of words of a field, by document."""
        if field not in self._lengths:
            self._lengths[field] = self._file.lengths(field).astype(np.float32)
        return self._lengths[field]

    def words(self, field: str) -> float:
        """Return how many words a field has in all documents together."""
        if field not in self._totals:
            self._totals[field] = float(self.lengths(field).sum(dtype=np.float64))
        return self._totals[field]

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

    def coded(self, fields: tuple[str, ...]) -> Mapping[tuple[str, str], int]:
        """Return the codes of several fields, each with its place among them all."""
        if fields not in self._coded:
            codes = [(field, code) for field in fields for code in self.marks(field).codes]
            self._coded[fields] = {each: place for place, each in enumerate(codes)}
        return self._coded[fields]

    def rows(self, fields: tuple[str, ...]) -> Rows:
        """Return which document carries which codes of several fields."""
        if fields not in self._rows:
            self._rows[fields] = Rows([self.marks(field) for field in fields])
        return self._rows[fields]

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
        for form, _often in self.having(field, prefix):
            yield form

    def having(self, field: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the same, each with how many documents it stands in, deleted ones included."""
        held, begins = self._file.field(field), prefix.encode()
        for form, often in () if held is None else held.having_from(begins):
            if not form.startswith(begins):
                return
            yield form.decode(), often

    def frequent(self, field: str, most: int, common: int) -> list[str]:
        """Return the words that stand in most documents, but none that stands in more than so many.

        The most frequent first; no stems.
        """
        held = self._file.field(field)
        if held is None:
            return []
        having = held.having()
        found: list[str] = []
        for number in map(int, np.argsort(-having, kind="stable")):
            if len(found) == most:
                break
            if having[number] <= common and b"~" not in (term := held.term(number)):
                found.append(term.decode())
        return found

    def _read_postings(self, field: str, form: bytes) -> Postings:
        held = self._file.field(field)
        found = None if held is None else held.postings(form)
        if found is None:
            return NOWHERE
        documents, counts = found
        return Postings(_int32(documents), counts.astype(np.float32))

    def places(self, field: str, form: str) -> Places:
        """Return where a form stands, as the disk says."""
        held, term = self._file.field(field), form.encode()
        found = None if held is None else held.places(term)
        return NO_PLACES if found is None else Places.made(*found)


def _spoken(fields: Sequence[Postings]) -> Postings:
    """Return what is said of one word in each of some fields as one."""
    those = [each.numbers for each in fields if len(each.numbers)]
    numbers = merged(those) if those else _NOTHING
    counts = np.zeros((len(fields), len(numbers)), np.float32)
    for row, each in zip(counts, fields, strict=True):
        row[np.searchsorted(numbers, each.numbers)] = each.counts
    return Postings(numbers, counts)


def merged(parts: Sequence[NDArray[Kind]]) -> NDArray[Kind]:
    """Return what stands in any of some ascending arrays, each once, ascending."""
    if len(parts) == 1:
        return parts[0]
    keys = np.concatenate(parts)
    keys.sort(kind="stable")  # which makes use of what is in order
    kept = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=kept[1:])
    return keys[kept]


def both(first: Keys, second: Keys) -> Keys:
    """Return what stands in both of two ascending arrays."""
    if len(first) > len(second):
        first, second = second, first
    if not len(first):
        return first
    at = np.minimum(np.searchsorted(second, first), len(second) - 1)
    found: Keys = first[second[at] == first]
    return found


def _begins(sizes: NDArray[Any]) -> Numbers:
    """Return where each of some parts of these sizes begins, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int32), np.cumsum(sizes, dtype=np.int32)])


def _int32(numbers: NDArray[Any]) -> Numbers:
    return numbers.astype(np.int32)
