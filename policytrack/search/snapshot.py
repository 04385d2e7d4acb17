"""Read the index as one commit left it.

Whoosh's readers keep their place in the files and must not be shared between threads, so one
thread at a time searches (Python would not run two at once anyway).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask

from policytrack.core.documents import Source
from policytrack.search import generations
from policytrack.search.generations import Generation, Unusable
from policytrack.search.schema import CURSOR_KEY, TEXTS

log = logging.getLogger(__name__)

# Segment and field -> the number of words of each document. A segment never changes.
Lengths = dict[tuple[str, str], list[int]]


class Snapshot:
    """Hold an open index with what was looked up in it; valid until the next commit."""

    def __init__(self, generation: Generation, known: Lengths | None = None) -> None:
        self.generation = generation
        self.index = generation.index()
        self.reader = self.index.reader()
        self.cursor = generations.cursor(self.reader)
        self._leaves = list(self.reader.leaf_readers())
        self.segments = {leaf.segment().segment_id(): leaf for leaf, _offset in self._leaves}
        self._lengths = _lengths(self.segments, {} if known is None else known)
        self._marked: dict[tuple[str, str], frozenset[int]] = {}
        self._permitted: dict[tuple[str, ...], frozenset[int]] = {}
        self._average: dict[tuple[str, tuple[str, ...]], float] = {}

    @property
    def fresh(self) -> bool:
        """Tell whether nothing was committed since it was opened."""
        return bool(self.reader.generation() == self.index.latest_generation())

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()

    def marked(self, field: str, code: str) -> frozenset[int]:
        """Return the numbers of the documents that carry a code."""
        if (field, code) not in self._marked:
            found = self.reader.postings(field, code).all_ids() if self.has(field, code) else ()
            self._marked[field, code] = frozenset(found)
        return self._marked[field, code]

    def permitted(self, access: tuple[str, ...]) -> frozenset[int]:
        """Return the numbers of the documents that the holder of these access words may find."""
        if access not in self._permitted:
            self._permitted[access] = frozenset[int]().union(
                *(self.marked("access", word) for word in access)
            )
        return self._permitted[access]

    def codes(self, field: str) -> list[str]:
        """Return the codes that any document carries in a field."""
        return list(self.reader.field_terms(field))

    def has(self, field: str, form: str) -> bool:
        """Tell whether a form stands in any document."""
        return (field, form) in self.reader

    def occurrences(self, field: str, form: str) -> Iterator[tuple[int, float]]:
        """Yield the number of each document with a form, and how often it stands there."""
        for leaf, offset in self._leaves:
            if (field, form) in leaf:
                matcher = leaf.postings(field, form)
                while matcher.is_active():
                    yield matcher.id() + offset, matcher.weight()
                    matcher.next()

    def places(self, field: str, form: str, within: frozenset[int]) -> dict[int, set[int]]:
        """Return where a form stands in each of these documents."""
        if not self.has(field, form):
            return {}
        matcher = self.reader.postings(field, form)
        found = {}
        while matcher.is_active():
            if (number := matcher.id()) in within:
                found[number] = set(matcher.value_as("positions"))
            matcher.next()
        return found

    def lengths(self, field: str) -> Sequence[int]:
        """Return the number of words of a field by document number."""
        return self._lengths[field]

    def average_length(self, field: str, access: tuple[str, ...]) -> float:
        """Return the mean length of a field among what the holder of `access` may find."""
        if (field, access) not in self._average:
            lengths, permitted = self._lengths[field], self.permitted(access)
            total = sum(lengths[number] for number in permitted)
            self._average[field, access] = total / max(len(permitted), 1) or 1.0
        return self._average[field, access]

    def stored(self, number: int) -> dict[str, Any]:
        """Return a document's key, entity, digest and date."""
        return dict(self.reader.stored_fields(number))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield what is stored of every document."""
        for number in self.reader.all_doc_ids():
            stored = self.stored(number)
            if stored["key"] != CURSOR_KEY:
                yield stored


def _lengths(segments: Mapping[str, Any], known: Lengths) -> Mapping[str, list[int]]:
    """Return by field the lengths of all documents, reading only segments that are not known."""
    whole: dict[str, list[int]] = {text: [] for text in TEXTS}
    for segment, leaf in segments.items():
        for text, lengths in whole.items():
            if (segment, text) not in known:
                known[segment, text] = [
                    int(leaf.doc_field_length(number, text, 0) or 0)
                    for number in range(leaf.doc_count_all())
                ]
            lengths += known[segment, text]
    return whole


@dataclass(slots=True)
class Search:
    """Hold what an application searches with: who gives documents, and the open index."""

    sources: Mapping[str, Source]
    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: Snapshot | None = None
    lengths: Lengths = field(default_factory=dict)

    def opened(self, generation: Generation) -> Snapshot:
        """Return the index as it is now; the one already open where nothing has changed."""
        held = self.snapshot
        if held is not None and held.generation == generation and held.fresh:
            return held
        self.close()
        self.snapshot = Snapshot(generation, self.lengths)
        for segment, text in list(self.lengths):
            if segment not in self.snapshot.segments:
                del self.lengths[segment, text]
        return self.snapshot

    def close(self) -> None:
        """Let go of the open index."""
        if self.snapshot is not None:
            self.snapshot.close()
            self.snapshot = None


def search_of(app: Flask) -> Search:
    """Return what an application searches with."""
    return cast(Search, app.extensions["search"])


@contextmanager
def reading(app: Flask, epoch: str) -> Iterator[Snapshot]:
    """Yield the index as it is now; raise `Unusable` where there is none for this database.

    Whoosh has no name for what a damaged file does to it: whatever is raised here casts doubt on
    the index, and the follower looks into it.
    """
    search = search_of(app)
    with search.lock:
        generation = generations.current(app)
        if generation.epoch != epoch:
            raise Unusable("the index belongs to another database")
        try:
            yield search.opened(generation)
        except Unusable:
            search.close()
            raise
        except Exception as error:
            log.exception("the search index could not be read")
            generations.doubt(generation)
            search.close()
            raise Unusable("the index could not be read") from error
