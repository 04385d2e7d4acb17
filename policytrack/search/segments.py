"""Read what a segment of the index says as arrays: postings, places, lengths, dates and codes.

Whoosh hands out postings one at a time; here they are read a block at a time, once, and kept while
there is room. A segment never changes, so what was read of it outlives the commits after it; which
of its documents were deleted since is for the snapshot to know. This reaches into Whoosh's codec,
whose version is pinned, and nothing else does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3LeafMatcher
from whoosh.columns import ColumnReader
from whoosh.util.numeric import byte_to_length

from policytrack.search.schema import DAYS

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]

# Of what was read of all segments so much is kept, the least used going first.
ROOM = 128 * 1024 * 1024
_LENGTHS = np.array([byte_to_length(each) for each in range(256)], dtype=np.float32)


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
    """Hold which documents of a segment carry which code, as pairs with places in `codes`."""

    codes: tuple[str, ...]
    numbers: Numbers
    places: Numbers


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
        self.size += value.size
        while self.size > self._room and len(self._held) > 1:
            self.size -= self._held.popitem(last=False)[1].size

    def only(self, segments: frozenset[str]) -> None:
        """Let go of what was read of other segments."""
        for key in [key for key in self._held if key[0] not in segments]:
            self.size -= self._held.pop(key).size


class Segment:
    """Read one segment; its reader may be replaced by one opened later on the same files."""

    def __init__(self, leaf: Any, kept: Kept) -> None:
        self.id = str(leaf.segment().segment_id())
        self.count = int(leaf.doc_count_all())
        self.leaf = leaf
        self._kept = kept
        self._lengths: dict[str, Weights] = {}
        self._days: Numbers | None = None
        self._marks: dict[str, Marks] = {}

    @property
    def deleted(self) -> Numbers:
        """Return the documents that were deleted from it since it was written."""
        return np.fromiter(self.leaf.segment().deleted_docs(), dtype=np.int32)

    def postings(self, field: str, form: str) -> Postings:
        """Return in which documents a form stands, and how often."""
        key = (self.id, field, form)
        found = self._kept.get(key)
        if not isinstance(found, Postings):
            found = self._read_postings(field, form)
            self._kept.put(key, found)
        return found

    def places(self, field: str, form: str) -> Places:
        """Return where a form stands."""
        key = (self.id, field, form, "places")
        found = self._kept.get(key)
        if not isinstance(found, Places):
            found = self._read_places(field, form)
            self._kept.put(key, found)
        return found

    def lengths(self, field: str) -> Weights:
        """Return the number of words of a field, by document."""
        if field not in self._lengths:
            written = self._column(f"_{field}_len", LENGTHS_COLUMN)
            self._lengths[field] = (
                np.zeros(self.count, np.float32)
                if written is None
                else _LENGTHS[np.fromiter(written, np.uint8, self.count)]
            )
        return self._lengths[field]

    def days(self) -> Numbers:
        """Return the date of each document as days since the calendar began, 0 without one."""
        if self._days is None:
            written = self._column("on", DAYS)
            self._days = (
                np.zeros(self.count, np.int32)
                if written is None
                else np.fromiter(written, np.int32, self.count)
            )
        return self._days

    def marks(self, field: str) -> Marks:
        """Return which documents carry which code."""
        if field not in self._marks:
            codes = tuple(sorted(self.leaf.field_terms(field)))
            found = [_ids(self.leaf, field, code) for code in codes]
            self._marks[field] = Marks(
                codes,
                np.concatenate([*found, np.empty(0, np.int32)]),
                np.repeat(np.arange(len(codes), dtype=np.int32), [len(each) for each in found]),
            )
        return self._marks[field]

    def forms(self, field: str, prefix: str) -> Iterator[str]:
        """Yield the forms of a field that begin with these letters, in their order."""
        for form in self.leaf.expand_prefix(field, prefix):
            yield form.decode()

    def _column(self, name: str, column: Any) -> ColumnReader | None:
        documents = self.leaf._perdoc
        return documents.column_reader(name, column) if documents.has_column(name) else None

    def _read_postings(self, field: str, form: str) -> Postings:
        matcher = _matcher(self.leaf, field, form)
        if matcher is None:
            return NOWHERE
        blocks = [(_block_ids(block), _block_weights(block)) for block in _blocks(matcher)]
        return Postings(
            np.concatenate([ids for ids, _weights in blocks]),
            np.concatenate([weights for _ids, weights in blocks]),
        )

    def _read_places(self, field: str, form: str) -> Places:
        matcher = _matcher(self.leaf, field, form)
        if matcher is None:
            return NO_PLACES
        ids: list[Numbers] = []
        values: list[bytes] = []
        for block in _blocks(matcher):
            ids.append(_block_ids(block))
            values += block.values
        each = np.fromiter((len(value) // 4 for value in values), np.int32, len(values))
        return Places(
            np.repeat(np.concatenate(ids), each),
            np.frombuffer(b"".join(values), dtype="<i4").astype(np.int32, copy=False),
        )


@dataclass(frozen=True, slots=True)
class _Block:
    """Hold a block of postings as the codec wrote it; `deltas`: each number less the one before."""

    ids: tuple[int, ...]
    deltas: bool
    weights: tuple[float, ...] | float | None
    values: tuple[bytes, ...]


def _matcher(leaf: Any, field: str, form: str) -> Any:
    terms = leaf._terms
    term = field, form.encode()
    return terms.matcher(*term, leaf.schema[field].format) if term in terms else None


def _blocks(matcher: Any) -> Iterator[_Block]:
    """Yield the blocks of a term's postings."""
    if not isinstance(matcher, W3LeafMatcher):  # so few that they stand with the term itself
        yield _Block(
            tuple(matcher._ids),
            False,
            tuple(matcher._weights),
            tuple(matcher._values or ()),
        )
        return
    while True:
        matcher._read_data()
        ids, weights, values = matcher._data
        yield _Block(ids, True, weights, values or ())
        if matcher._lastblock:
            return
        matcher._next_block()


def _block_ids(block: _Block) -> Numbers:
    ids = np.array(block.ids, dtype=np.int32)
    return np.cumsum(ids, dtype=np.int32) if block.deltas else ids


def _block_weights(block: _Block) -> Weights:
    if isinstance(block.weights, tuple):
        return np.array(block.weights, dtype=np.float32)
    return np.full(len(block.ids), 1.0 if block.weights is None else block.weights, np.float32)


def _ids(leaf: Any, field: str, code: str) -> Numbers:
    matcher = _matcher(leaf, field, code)
    blocks = [] if matcher is None else [_block_ids(block) for block in _blocks(matcher)]
    return np.concatenate([*blocks, np.empty(0, np.int32)])
