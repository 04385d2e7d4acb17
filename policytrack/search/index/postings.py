"""Hold in which documents the terms of a field stand, and where: sorted, merged, written, read.

A field lies in a file as parts, each of the next so many terms in the order of their bytes. A part
holds, each as one array in the smallest type that will do: its terms one after the other, how long
each is, in how many documents each stands and at how many places; then, term by term, the documents
ascending, how often it stands in each, and the places. Nothing here goes through postings one by
one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np

from policytrack.search.index.arrays import Array, ArrayFile, ArrayWriter, Damaged, smallest

# A part has about so many places, so that little is read for one term.
_PART = 1 << 16


class Entries(NamedTuple):
    """Hold places, each with the number of its term and of its document.

    `positions`: None in a field that does not tell where its terms stand.
    """

    terms: Array
    documents: Array
    positions: Array | None


class Source(Protocol):
    """Offer the places of terms."""

    def terms(self) -> Sequence[bytes]:
        """Return the terms in the order of their bytes."""
        ...

    def sizes(self) -> Array:
        """Return how many places each term has."""
        ...

    def entries(self, begin: int, end: int) -> Entries:
        """Return the places of the terms from one number up to another."""
        ...


def _bits(numbers: Array) -> int:
    return int(numbers.max()).bit_length() if len(numbers) else 0


def ordered(entries: Entries) -> Entries:
    """Return places by term, document and position."""
    terms, documents, positions = entries
    low = 0 if positions is None else _bits(positions)
    middle = _bits(documents)
    if _bits(terms) + middle + low > 64:
        by = (documents, terms) if positions is None else (positions, documents, terms)
        order = np.lexsort(by)
        return Entries(*(None if each is None else each[order] for each in entries))  # type: ignore[arg-type]  # None only where it was
    # One number tells term, document and position, and sorts many times as fast as three.
    keys = terms.astype(np.uint64) << np.uint64(middle)
    keys |= documents.astype(np.uint64)
    if positions is not None:
        keys <<= np.uint64(low)
        keys |= positions.astype(np.uint64)
    keys.sort()
    if positions is not None:
        positions = (keys & np.uint64((1 << low) - 1)).astype(np.uint32)
        keys >>= np.uint64(low)
    documents = (keys & np.uint64((1 << middle) - 1)).astype(np.uint32)
    return Entries((keys >> np.uint64(middle)).astype(np.uint32), documents, positions)


def _starts(*columns: Array) -> Array:
    """Return where the values of sorted columns change, the first place among them."""
    changes = np.zeros(len(columns[0]), np.bool_)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changes)


def _ends(sizes: Array) -> Array:
    """Return where things of these sizes begin, and where the last one ends."""
    found = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=found[1:])
    return found


def spread(starts: Array, sizes: Array) -> Array:
    """Return all numbers from each start on, as many as its size says."""
    before = _ends(sizes)
    return np.repeat(starts.astype(np.int64) - before[:-1], sizes) + np.arange(before[-1])


class Gathered:
    """Offer places that were gathered in memory."""

    def __init__(self, terms: Sequence[bytes], entries: Entries) -> None:
        """Take terms in their order, and places in any."""
        self._terms = terms
        self._entries = ordered(entries)
        self._ends = _ends(np.bincount(entries.terms, minlength=len(terms)))

    def terms(self) -> Sequence[bytes]:
        """Return the terms in the order of their bytes."""
        return self._terms

    def sizes(self) -> Array:
        """Return how many places each term has."""
        return np.diff(self._ends)

    def entries(self, begin: int, end: int) -> Entries:
        """Return the places of the terms from one number up to another."""
        part = slice(int(self._ends[begin]), int(self._ends[end]))
        terms, documents, positions = self._entries
        return Entries(terms[part], documents[part], None if positions is None else positions[part])


class Moved:
    """Offer the places of a field whose documents got other numbers; -1: a document is gone."""

    def __init__(self, field: Field, numbers: Array) -> None:
        self._field = field
        self._numbers = numbers

    def terms(self) -> Sequence[bytes]:
        """Return the terms in the order of their bytes."""
        return self._field.terms()

    def sizes(self) -> Array:
        """Return how many places each term has."""
        return self._field.sizes()

    def entries(self, begin: int, end: int) -> Entries:
        """Return the places of the terms from one number up to another."""
        terms, documents, positions = self._field.entries(begin, end)
        documents = self._numbers[documents]
        left = documents >= 0
        if left.all():
            return Entries(terms, documents, positions)
        return Entries(terms[left], documents[left], None if positions is None else positions[left])


def write_field(out: ArrayWriter, sources: Sequence[Source]) -> list[Any]:
    """Write a field that several sources hold together; return what `Field` reads it by."""
    # The terms of one source at a time: together they may be many times as many as different ones.
    different: set[bytes] = set()
    for source in sources:
        different.update(source.terms())
    terms = sorted(different)
    del different
    places = list(_places(terms, sources))
    sizes = np.zeros(len(terms), np.int64)
    for source, place in zip(sources, places, strict=True):
        sizes[place] += source.sizes()
    written = []
    for begin, end in pairwise(_shares(sizes)):
        share = []
        for source, place in zip(sources, places, strict=True):
            low, high = np.searchsorted(place, (begin, end)).tolist()
            if low < high:
                found = source.entries(low, high)
                share.append(found._replace(terms=place[found.terms] - np.uint32(begin)))
        together = _chained(share)
        if len(together.terms):
            written.append(_write_part(out, terms[begin:end], ordered(together)))
    return written


def _places(terms: Sequence[bytes], sources: Sequence[Source]) -> Iterator[Array]:
    """Yield the places of the terms of each source in the order of all."""
    if len(sources) == 1:
        yield np.arange(len(terms), dtype=np.uint32)
        return
    place = {term: number for number, term in enumerate(terms)}
    for source in sources:
        yield np.array(list(map(place.__getitem__, source.terms())), np.uint32)


def _shares(sizes: Array) -> list[int]:
    """Part terms of these sizes so that each share has about the same number of places."""
    share = (np.cumsum(sizes) - sizes) // _PART
    return [0, *(np.flatnonzero(np.diff(share)) + 1).tolist(), len(sizes)]


def _chained(entries: Sequence[Entries]) -> Entries:
    if len(entries) == 1:
        return entries[0]
    nothing = np.empty(0, np.uint32)
    positions = [each.positions for each in entries if each.positions is not None]
    return Entries(
        np.concatenate([nothing, *(each.terms for each in entries)]),
        np.concatenate([nothing, *(each.documents for each in entries)]),
        np.concatenate(positions) if positions else None,
    )


def _write_part(out: ArrayWriter, terms: Sequence[bytes], entries: Entries) -> list[Any]:
    postings = _starts(entries.terms, entries.documents)
    counts = np.diff(postings, append=len(entries.terms))
    at = entries.terms[postings]
    firsts = _starts(at)
    held = [terms[number] for number in at[firsts].tolist()]
    once = int(counts.max()) == 1
    return [
        held[0].hex(),
        out.put_bytes(b"".join(held)),
        out.put(smallest(np.fromiter(map(len, held), np.int64, len(held)))),
        out.put(smallest(np.diff(firsts, append=len(at)))),
        None if once else out.put(smallest(np.add.reduceat(counts, firsts))),
        out.put(smallest(entries.documents[postings])),
        None if once else out.put(smallest(counts)),
        None if entries.positions is None else out.put(smallest(entries.positions)),
    ]


@dataclass(frozen=True, slots=True)
class Terms:
    """Hold the terms of a part and where the postings and places of each begin."""

    text: bytes
    ends: memoryview
    postings: memoryview
    places: memoryview

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, number: int) -> bytes:
        return self.text[self.ends[number] : self.ends[number + 1]]

    def all(self) -> list[bytes]:
        """Return all of them, in their order."""
        return [self.text[begin:end] for begin, end in pairwise(self.ends.tolist())]


class Field:
    """Read a field out of a file. `held`: parts whose terms have been read before."""

    def __init__(self, file: ArrayFile, parts: Sequence[Any], held: dict[int, Terms]) -> None:
        self._file = file
        self._parts = parts
        self.held = held
        try:
            self._firsts = [bytes.fromhex(part[0]) for part in parts]
        except (TypeError, ValueError, LookupError) as error:
            raise Damaged("a field cannot be read") from error

    def postings(self, term: bytes) -> tuple[Array, Array] | None:
        """Return the documents that a term stands in, ascending, and how often it does in each."""
        found = self._find(term)
        if found is None:
            return None
        number, terms, at = found
        return self._postings(number, terms.postings[at], terms.postings[at + 1])

    def places(self, term: bytes) -> tuple[Array, Array] | None:
        """Return where a term stands: the document and the position of each place, ascending."""
        found = self._find(term)
        if found is None:
            return None
        number, terms, at = found
        place = self._parts[number][-1]
        if place is None:
            raise ValueError("this field does not say where its terms stand")
        documents, counts = self._postings(number, terms.postings[at], terms.postings[at + 1])
        positions = self._file.get(place, terms.places[at], terms.places[at + 1])
        if int(counts.sum(dtype=np.int64)) != len(positions):
            raise Damaged("the places of a part do not fit together")
        return np.repeat(documents, counts), positions

    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the terms from this one on, in their order."""
        for terms, at in self._from(term):
            yield terms[at]

    def having_from(self, term: bytes) -> Iterator[tuple[bytes, int]]:
        """Yield the terms from this one on, each with how many documents it stands in."""
        for terms, at in self._from(term):
            yield terms[at], terms.postings[at + 1] - terms.postings[at]

    def _from(self, term: bytes) -> Iterator[tuple[Terms, int]]:
        first = max(bisect_right(self._firsts, term) - 1, 0)
        for number in range(first, len(self._parts)):
            terms = self._terms(number)
            for at in range(bisect_left(terms, term) if number == first else 0, len(terms)):
                yield terms, at

    def terms(self) -> list[bytes]:
        """Return all terms, in their order."""
        return [term for number in range(len(self._parts)) for term in self._terms(number).all()]

    def term(self, number: int) -> bytes:
        """Return the term that has so many before it."""
        for part in range(len(self._parts)):
            terms = self._terms(part)
            if number < len(terms):
                return terms[number]
            number -= len(terms)
        raise IndexError("there are not so many terms")

    def sizes(self) -> Array:
        """Return at how many places each term stands."""
        return self._of_each(lambda terms: terms.places)

    def having(self) -> Array:
        """Return in how many documents each term stands."""
        return self._of_each(lambda terms: terms.postings)

    def _of_each(self, ends: Callable[[Terms], memoryview]) -> Array:
        each = [
            np.diff(np.asarray(ends(self._terms(number))).astype(np.int64))
            for number in range(len(self._parts))
        ]
        return np.concatenate([np.empty(0, np.int64), *each])

    def entries(self, begin: int, end: int) -> Entries:
        """Return the places of the terms from one number up to another."""
        found, passed = [], 0
        for number in range(len(self._parts)):
            count = len(self._terms(number))
            low, high = max(begin - passed, 0), min(end - passed, count)
            if low < high:
                entries = self._entries(number, low, high)
                found.append(entries._replace(terms=entries.terms + passed))
            passed += count
        return _chained(found)

    def _find(self, term: bytes) -> tuple[int, Terms, int] | None:
        number = bisect_right(self._firsts, term) - 1
        if number < 0:
            return None
        terms = self._terms(number)
        at = bisect_left(terms, term)
        return (number, terms, at) if at < len(terms) and terms[at] == term else None

    def _terms(self, number: int) -> Terms:
        found = self.held.get(number)
        if found is None:
            _first, text, lengths, postings, places, *_arrays = self._parts[number]
            # Views of memory give out single numbers several times as fast as arrays do.
            begins = smallest(_ends(self._file.get(postings))).data
            found = self.held[number] = Terms(
                self._file.get(text).tobytes(),
                smallest(_ends(self._file.get(lengths))).data,
                begins,
                begins if places is None else smallest(_ends(self._file.get(places))).data,
            )
            if found.ends[-1] != len(found.text) or not len(found.ends) == len(
                found.postings
            ) == len(found.places):
                raise Damaged("the terms of a part do not fit together")
        return found

    def _postings(self, number: int, begin: int, end: int) -> tuple[Array, Array]:
        *_terms, documents, counts, _positions = self._parts[number]
        return (
            self._file.get(documents, begin, end),
            np.ones(end - begin, np.uint8)
            if counts is None
            else self._file.get(counts, begin, end),
        )

    def _entries(self, number: int, begin: int, end: int) -> Entries:
        terms = self._terms(number)
        documents, counts = self._postings(number, terms.postings[begin], terms.postings[end])
        low, high = terms.places[begin], terms.places[end]
        if int(counts.sum(dtype=np.int64)) != high - low:
            raise Damaged("the places of a part do not fit together")
        positions = self._parts[number][-1]
        return Entries(
            np.repeat(np.arange(begin, end), np.diff(np.asarray(terms.places[begin : end + 1]))),
            np.repeat(documents, counts),
            None if positions is None else self._file.get(positions, low, high),
        )
