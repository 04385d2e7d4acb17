"""Read the index as one commit left it.

Whoosh's readers keep their place in the files and must not be shared between threads, so one
thread at a time searches (Python would not run two at once anyway). Another may open the next state
of the index beside.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import Any, TypeVar, cast

import numpy as np
from flask import Flask
from numpy.typing import NDArray

from policytrack.core.documents import Source
from policytrack.search.asking.question import Sought
from policytrack.search.index import generations, phrases
from policytrack.search.index.generations import Generation, Unusable
from policytrack.search.index.heard import Desk, Mask, Numbers
from policytrack.search.index.schema import CURSOR_KEY, TEXTS
from policytrack.search.index.segments import (
    BITS,
    Kept,
    Keys,
    Marks,
    Postings,
    Segment,
    Weights,
)

log = logging.getLogger(__name__)

Kind = TypeVar("Kind", bound=np.generic)

# So many documents have few enough words to be learnt by heart.
_FEW = 500
# What so many different groups of people may find is kept, and looked up again after a commit for
# those who asked last.
_GROUPS, _LAST = 64, 16
# Who watches the index for others looks again within so many seconds, or stands for it no longer.
_WATCHED = 1.0
# Between steps that nobody waits for, in seconds.
_PAUSE = 0.001
# A folder that has not changed for so many nanoseconds has not changed unseen.
_SETTLED = 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Part:
    """Hold the marks of a segment: from which number on, and where its codes stand among all."""

    marks: Marks
    offset: int
    places: NDArray[np.intp]


class Facet:
    """Tell which document carries which code."""

    def __init__(self, marks: Sequence[tuple[Marks, int]]) -> None:
        self.codes = tuple(sorted({code for each, _offset in marks for code in each.codes}))
        place = {code: at for at, code in enumerate(self.codes)}
        self._parts = [
            _Part(each, offset, np.array([place[code] for code in each.codes], np.intp))
            for each, offset in marks
        ]

    def of(self, code: str) -> Numbers:
        """Return the documents that carry a code."""
        return _chained([(each.marks.of(code), each.offset) for each in self._parts])

    def counted(self, among: Numbers) -> dict[str, int]:
        """Return how many of these documents, ascending, carry each code; no code of none."""
        counts = np.zeros(len(self.codes), np.intp)
        ends = [*(each.offset for each in self._parts[1:]), None]
        for part, end in zip(self._parts, ends, strict=True):
            first, last = np.searchsorted(among, part.offset), len(among)
            if end is not None:
                last = int(np.searchsorted(among, end))
            if part.marks.codes and first < last:
                counts[part.places] += part.marks.counted(among[first:last] - part.offset)
        return {self.codes[at]: int(counts[at]) for at in np.flatnonzero(counts)}


class Tally:
    """Count the documents that carry each code of several fields, all in one go."""

    def __init__(self, fields: tuple[str, ...], segments: Sequence[tuple[Segment, int]]) -> None:
        self._fields = fields
        self._segments = segments
        self._ends = [offset for _segment, offset in segments[1:]]
        # The codes of the greatest segment stand as it has them; others come as they are met.
        self._greatest = max(range(len(segments)), key=lambda at: segments[at][0].count, default=0)
        self._known = segments[self._greatest][0].coded(fields) if segments else {}
        self._first = len(self._known)
        self._more: dict[tuple[str, str], int] = {}
        self._places: dict[int, NDArray[np.intp]] = {}
        self._slices: list[tuple[str, tuple[str, ...], int, int]] = []
        end = 0
        for name in fields if segments else ():
            codes = segments[self._greatest][0].marks(name).codes
            begin, end = end, end + len(codes)
            self._slices.append((name, codes, begin, end))

    def _take(self, at: int) -> NDArray[np.intp]:
        """Return where the codes of a segment stand among all."""
        if at not in self._places:
            found = []
            for each in self._segments[at][0].coded(self._fields):
                place = self._known.get(each)
                if place is None:
                    place = self._more.setdefault(each, self._first + len(self._more))
                found.append(place)
            self._places[at] = np.array(found, np.intp)
        return self._places[at]

    def prepare(self) -> None:
        """Read what counting needs."""
        for at, (segment, _offset) in enumerate(self._segments):
            segment.rows(self._fields)
            self._take(at)

    def counted(self, among: Numbers) -> dict[str, dict[str, int]]:
        """Return by field how many of these documents, ascending, carry each code."""
        counted: list[tuple[NDArray[np.intp] | slice, NDArray[np.intp]]] = []
        bounds = [0, *np.searchsorted(among, self._ends).tolist(), len(among)]
        for at, (segment, offset) in enumerate(self._segments):
            those = among[bounds[at] : bounds[at + 1]]
            if len(those):
                often = segment.rows(self._fields).counted(those - offset if offset else those)
                # They stand first, in their order.
                places = slice(self._first) if at == self._greatest else self._take(at)
                counted.append((places, often))
        counts = np.zeros(self._first + len(self._more), np.intp)
        for places, often in counted:
            counts[places] += often
        every: list[int] = counts.tolist()
        found: dict[str, dict[str, int]] = {name: {} for name in self._fields}
        for name, codes, begin, end in self._slices:
            several = every[begin:end]
            found[name] = dict(zip(compress(codes, several), filter(None, several), strict=True))
        for (name, code), at in self._more.items():
            if every[at]:
                found[name][code] = every[at]
        return found


_NOBODY: Numbers = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class _Findable:
    """Hold what the holders of some access words may find: a mask, its number, and what is left.

    `hidden` are the documents that they may not find, ascending; `means` are mean lengths of what
    they may, by field.
    """

    mask: Mask
    total: int
    hidden: Numbers
    means: dict[str, float] = field(default_factory=dict)

    @classmethod
    def made(cls, mask: Mask) -> _Findable:
        """Return it from what may be found."""
        return cls(mask, int(np.count_nonzero(mask)), np.flatnonzero(~mask).astype(np.int32))


@dataclass(frozen=True, slots=True)
class _Legacy:
    """Hold what one state of the index leaves to the next.

    That is a desk, and what questions looked up: they will do so again.
    """

    desk: Desk | None = None
    means: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    facets: frozenset[str] = frozenset()
    tallies: frozenset[tuple[str, ...]] = frozenset()


class Snapshot:
    """Hold an open index with what was looked up in it; valid until the next commit.

    Documents have numbers from 0 to `size`; those that were deleted keep theirs until segments are
    merged, and are in no `permitted`.
    """

    def __init__(
        self,
        generation: Generation,
        kept: Kept,
        known: Mapping[str, Segment],
        legacy: _Legacy | None = None,
    ) -> None:
        self.generation = generation
        self.index = generation.index()
        self.reader = self.index.reader()
        self._folder = str(generation.folder)
        self._changed = 0
        self._leaves: list[tuple[Any, int]] = list(self.reader.leaf_readers())
        self._segments = [
            (known.get(str(leaf.segment().segment_id())) or Segment(leaf, kept), offset)
            for leaf, offset in self._leaves
        ]
        self._offsets = [offset for _leaf, offset in self._leaves]
        self.size = int(self.reader.doc_count_all())
        self._live = np.ones(self.size, np.bool_)
        for leaf, offset in self._leaves:
            deleted = np.fromiter(leaf.segment().deleted_docs(), dtype=np.int32)
            self._live[deleted + offset] = False
        self._facets: dict[str, Facet] = {}
        self._tallies: dict[tuple[str, ...], Tally] = {}
        self._expected = legacy or _Legacy()
        desk = self._expected.desk
        self.desk = desk if desk is not None and desk.room >= self.size else Desk(self.size)
        self._findable: OrderedDict[tuple[str, ...], _Findable] = OrderedDict()
        self._lengths: dict[str, Weights] = {}
        self._days: Numbers | None = None

    @cached_property
    def cursor(self) -> int:
        """Return the number of the last change that it holds; raise `Unusable`."""
        return generations.cursor(self.reader)

    @property
    def segments(self) -> Mapping[str, Segment]:
        """Return the segments by id."""
        return {segment.id: segment for segment, _offset in self._segments}

    @property
    def fresh(self) -> bool:
        """Tell whether nothing was committed since it was opened."""
        changed = os.stat(self._folder).st_mtime_ns  # noqa: PTH116 - asked before every search
        if changed == self._changed:
            return True
        fresh = bool(self.reader.generation() == self.index.latest_generation())
        # The clock of files goes in steps: what changed just now may change again within one.
        if fresh and time.time_ns() - changed > _SETTLED:
            self._changed = changed
        return fresh

    @property
    def legacy(self) -> _Legacy:
        """Return what the next one is given; not while somebody asks this one."""
        means = {access: tuple(each.means) for access, each in self._findable.items()}
        last = [*self._expected.means.items(), *means.items()][-_LAST:]
        return _Legacy(
            self.desk,
            dict(last),
            self._expected.facets.union(self._facets),
            self._expected.tallies.union(self._tallies),
        )

    def preparing(self) -> Iterator[None]:
        """Look up, step by step, what was looked up in the one before: it will be asked again.

        A thread may do so before anybody asks this one, while others ask the one before.
        """
        expected, self._expected = self._expected, _Legacy()
        for access, means in expected.means.items():
            for name in means:
                self._mean(name, self._may_find(access))
                yield
        for name in expected.facets:
            self.facet(name)
            yield
        for fields in expected.tallies:
            self.tally(fields).prepare()
            yield
        for segment, _offset in self._segments:
            for name in (*TEXTS, "letters") if segment.count <= _FEW else ():
                segment.learn(name)
                yield

    def take_over(self) -> None:
        """Read from now on through the files of this one what segments have in common."""
        for (segment, _offset), (leaf, _) in zip(self._segments, self._leaves, strict=True):
            segment.leaf = leaf

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()

    def facet(self, field: str) -> Facet:
        """Return which documents carry which code in a field."""
        if field not in self._facets:
            self._facets[field] = Facet(
                [(segment.marks(field), offset) for segment, offset in self._segments]
            )
        return self._facets[field]

    def permitted(self, access: tuple[str, ...]) -> Mask:
        """Return which documents the holder of these access words may find."""
        return self._may_find(access).mask

    def total(self, access: tuple[str, ...]) -> int:
        """Return how many documents the holder of these access words may find."""
        return self._may_find(access).total

    def hidden(self, access: tuple[str, ...]) -> Numbers:
        """Return the documents that the holder of these access words may not find, ascending."""
        return self._may_find(access).hidden

    def _may_find(self, access: tuple[str, ...]) -> _Findable:
        found = self._findable.get(access)
        if found is None:
            facet, mask = self.facet("access"), np.zeros(self.size, np.bool_)
            for word in access:
                mask[facet.of(word)] = True
            found = self._findable[access] = _Findable.made(mask & self._live)
            if len(self._findable) > _GROUPS:
                self._findable.popitem(last=False)
        self._findable.move_to_end(access)
        return found

    def tally(self, fields: tuple[str, ...]) -> Tally:
        """Return what counts the codes of several fields."""
        if fields not in self._tallies:
            self._tallies[fields] = Tally(fields, self._segments)
        return self._tallies[fields]

    def codes(self, field: str) -> tuple[str, ...]:
        """Return the codes that any document carries in a field."""
        return self.facet(field).codes

    def postings(self, field: str, form: str) -> tuple[Numbers, Weights]:
        """Return the documents in which a form stands, ascending, and how often in each."""
        if len(self._segments) == 1:
            alone = self._segments[0][0].postings(field, form)
            return alone.numbers, alone.counts
        found = [(segment.postings(field, form), offset) for segment, offset in self._segments]
        return (
            _chained([(each.numbers, offset) for each, offset in found]),
            _joined([each.counts for each, _offset in found], _NOTHING),
        )

    def word(self, fields: tuple[str, ...], forms: tuple[str, ...]) -> Postings:
        """Return the documents in which a word stands, and how often: see `Segment`."""
        found = [(segment.word(fields, forms), offset) for segment, offset in self._segments]
        there = [(each, offset) for each, offset in found if len(each.numbers)]
        if len(there) == 1 and not there[0][1]:
            return there[0][0]
        return Postings(
            _chained([(each.numbers, offset) for each, offset in there]),
            np.concatenate(
                [np.empty((len(fields), 0), np.float32), *(each.counts for each, _offset in there)],
                axis=1,
            ),
        )

    def standing(self, fields: tuple[str, ...], forms: tuple[str, ...]) -> Keys:
        """Return where a word stands in any form: see `Places`."""
        found = [
            (segment.standing(fields, forms).keys, offset) for segment, offset in self._segments
        ]
        return _joined(
            [keys + (offset << BITS) if offset else keys for keys, offset in found], _NOWHERE
        )

    def concept(self, field: str, sought: Sought) -> tuple[Numbers, Weights]:
        """Return the documents in which a concept is named, ascending, and how often."""
        found = [
            (phrases.postings(segment, field, sought), offset) for segment, offset in self._segments
        ]
        return (
            _chained([(each.numbers, offset) for each, offset in found]),
            np.concatenate([_NOTHING, *(each.counts for each, _offset in found)]),
        )

    def forms(self, field: str, prefix: str) -> Iterator[str]:
        """Yield the forms of a field that begin with these letters, some more than once."""
        for segment, _offset in self._segments:
            yield from segment.forms(field, prefix)

    def evened(
        self, field: str, evening: float, access: tuple[str, ...], numbers: NDArray[np.integer[Any]]
    ) -> Weights:
        """Return by which a count in each of some documents is divided for its length.

        `1 - evening + evening * length / mean length`, the mean among what the holder of `access`
        may find.
        """
        share = np.float32(evening / (self._mean(field, self._may_find(access)) or 1.0))
        found: Weights = np.float32(1 - evening) + share * self._of_all(field).take(numbers)
        return found

    def _of_all(self, field: str) -> Weights:
        """Return the number of words of a field, by document."""
        if field not in self._lengths:
            self._lengths[field] = _joined(
                [segment.lengths(field) for segment, _offset in self._segments], _NOTHING
            )
        return self._lengths[field]

    def _mean(self, field: str, among: _Findable) -> float:
        if field not in among.means:
            # What may not be found is less, most often.
            words = sum(segment.words(field) for segment, _offset in self._segments)
            words -= float(self._of_all(field)[among.hidden].sum(dtype=np.float64))
            among.means[field] = words / (among.total or 1)
        return among.means[field]

    @property
    def days(self) -> Numbers:
        """Return the date of each document, in days since the calendar began, 0 without one."""
        if self._days is None:
            self._days = np.concatenate(
                [_NOBODY, *(segment.days() for segment, _offset in self._segments)]
            )
        return self._days

    def stored(self, number: int) -> dict[str, Any]:
        """Return a document's key, entity and digest."""
        at = bisect_right(self._offsets, number) - 1
        return self._segments[at][0].stored(number - self._offsets[at])

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield what is stored of every document."""
        for number in self.reader.all_doc_ids():
            stored = self.stored(number)
            if stored["key"] != CURSOR_KEY:
                yield stored


_NOTHING: Weights = np.empty(0, np.float32)
_NOWHERE: Keys = np.empty(0, np.int64)


def _chained(parts: Sequence[tuple[Numbers, int]]) -> Numbers:
    those = [numbers + np.int32(offset) if offset else numbers for numbers, offset in parts]
    return _joined(those, _NOBODY)


def _joined(parts: Sequence[NDArray[Kind]], nothing: NDArray[Kind]) -> NDArray[Kind]:
    """Return parts one after the other; a part that is alone as it is, for nobody to change."""
    found = [part for part in parts if len(part)]
    if len(found) > 1:
        return np.concatenate(found)
    return found[0] if found else nothing


@dataclass(slots=True)
class Search:
    """Hold what an application searches with: who gives documents, and the open index."""

    sources: Mapping[str, Source]
    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: Snapshot | None = None
    kept: Kept = field(default_factory=Kept)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    watched_until: float = 0.0

    def opened(self, generation: Generation, *, latest: bool) -> Snapshot:
        """Return the index as it is now; the one already open where nothing has changed.

        Unless the latest is asked for, the one that is open will do while it is watched: no
        question then waits for what was committed just now.
        """
        held = self.snapshot
        if held is not None and held.generation == generation:
            if not latest and time.monotonic() < self.watched_until:
                return held
            if held.fresh:
                return held
        self.snapshot = None
        legacy = None if held is None else held.legacy
        try:
            found = Snapshot(generation, self.kept, self.segments, legacy)
        finally:
            # Now only: files that both have stay open.
            if held is not None:
                held.close()
        self._use(found)
        return found

    def _use(self, found: Snapshot) -> object:
        """Change over; return what nobody uses any more and takes its time to go."""
        before = self.segments
        found.take_over()
        self.snapshot, self.segments = found, found.segments
        return before, self.kept.only(frozenset(self.segments))

    def look(self, generation: Generation) -> None:
        """Open the index as it is now beside the one that is asked meanwhile, then change over.

        Questions need not look themselves for a while.
        """
        held = self.snapshot
        if held is None or held.generation != generation or not held.fresh:
            with self.lock:
                legacy = None if held is None else held.legacy
            found = Snapshot(generation, self.kept, self.segments, legacy)
            over: Snapshot | None = found
            gone: object = None
            try:
                for _step in found.preparing():
                    # Whoever is being answered comes first.
                    time.sleep(_PAUSE)
                with self.lock:
                    # Unless a question was quicker.
                    if self.snapshot is held:
                        over, gone = held, self._use(found)
                time.sleep(_PAUSE)
            finally:
                if over is not None:
                    over.close()
            del gone
        else:
            with self.lock:
                if self.snapshot is held:
                    # A question opened it.
                    for _step in held.preparing():
                        pass
        self.watched_until = time.monotonic() + _WATCHED

    def close(self) -> None:
        """Let go of the open index."""
        if self.snapshot is not None:
            self.snapshot.close()
            self.snapshot = None


def search_of(app: Flask) -> Search:
    """Return what an application searches with."""
    return cast(Search, app.extensions["search"])


@contextmanager
def reading(app: Flask, epoch: str | None, *, latest: bool = False) -> Iterator[Snapshot]:
    """Yield the index; raise `Unusable` where there is none for this database.

    In a process that watches it this is the index as it was at the last look, unless the latest is
    asked for; elsewhere, as it is now.
    Whoever shows nothing of it may leave open which database that is.
    Whoosh has no name for what a damaged file does to it: whatever is raised here casts doubt on
    the index, and the follower looks into it.
    """
    search = search_of(app)
    with search.lock:
        generation = generations.current(app)
        if epoch is not None and generation.epoch != epoch:
            raise Unusable("the index belongs to another database")
        try:
            yield search.opened(generation, latest=latest)
        except Unusable:
            search.close()
            raise
        except Exception as error:
            search.close()
            raise _doubted(generation) from error


def look(app: Flask) -> None:
    """Have the index ready as it is now, so that no question has to; raise `Unusable`."""
    generation = generations.current(app)
    try:
        search_of(app).look(generation)
    except Unusable:
        raise
    except Exception as error:
        raise _doubted(generation) from error


def _doubted(generation: Generation) -> Unusable:
    log.exception("the search index could not be read")
    generations.doubt(generation)
    return Unusable("the index could not be read")
