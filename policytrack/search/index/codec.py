"""Tell Whoosh how a segment lies on the disk: one file of arrays, all of it checked when read.

Whoosh keeps the list of segments and what was deleted from each; what it asks of a segment is
answered out of the arrays. `writing` writes them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.columns import ColumnReader
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint
from whoosh.util.numeric import byte_to_length

from policytrack.search.index.arrays import Array, ArrayFile, Damaged
from policytrack.search.index.postings import Field

# What changes how a segment lies on the disk; an index laid out otherwise is made anew.
LAYOUT = "arrays1"
# So many bytes of what is stored are kept in memory.
_KEPT = 16 * 1024 * 1024
# Read ten times for each question: no space stands around what was written here.
_READ = json.JSONDecoder().raw_decode
# A length is kept as one byte, which stands for one of these.
_LENGTHS = np.array([byte_to_length(each) for each in range(256)], dtype=np.int64)


def length_bytes(lengths: Array) -> Array:
    """Return lengths as they are kept."""
    return np.minimum(np.searchsorted(_LENGTHS, lengths), 255).astype(np.uint8)


# Files that somebody reads, by what tells them apart for the system. A segment never changes: who
# opens an index anew, as after every commit, reads on in those that it still has.
_open: WeakValueDictionary[tuple[int, int, int], ArrayFile] = WeakValueDictionary()
_opening = threading.Lock()


def _opened(storage: Any, name: str) -> ArrayFile:
    folder = getattr(storage, "folder", None)
    if not folder:  # it is in memory
        return ArrayFile(storage.open_file(name), storage.file_length(name))
    with _opening:
        told = (Path(folder) / name).stat()
        key = told.st_dev, told.st_ino, told.st_mtime_ns
        held = _open.get(key)
        if held is not None and held.is_open:
            return held.share()
        _open[key] = held = ArrayFile(storage.open_file(name), told.st_size)
        return held


def _let_go(file: File) -> None:
    with _opening:
        file.arrays.close()


class File:
    """Read the arrays of one segment."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self.arrays = _opened(storage, segment.make_filename(segment.COMPOUND_EXT))
        self._segment = segment
        self._held: dict[str, dict[int, Any]] = {}
        self._fields: dict[str, Field | None] = {}

    @cached_property
    def _contents(self) -> dict[str, Any]:
        found: dict[str, Any] = self.arrays.contents
        if found["documents"] != self._segment.doc_count_all():
            raise Damaged("the segment has another number of documents")
        return found

    @property
    def _documents(self) -> int:
        return int(self._contents["documents"])

    def take(self, other: File) -> None:
        """Take over what was read of the same segment before."""
        self._held = other._held
        self._fields = dict(other._fields) if other.arrays is self.arrays else {}
        for name in ("stored_ends", "_stored"):
            if name in other.__dict__:
                self.__dict__[name] = other.__dict__[name]

    def names(self) -> list[str]:
        """Return the fields that any document has."""
        return sorted(self._contents["fields"])

    def field(self, name: str) -> Field | None:
        """Return a field; None where no document has it."""
        if name not in self._fields:
            parts = self._contents["fields"].get(name)
            held = self._held.setdefault(name, {})
            self._fields[name] = Field(self.arrays, parts, held) if parts else None
        return self._fields[name]

    def lengths(self, name: str) -> NDArray[np.int64]:
        """Return the number of words of a field, by document."""
        place = self._contents["lengths"].get(name)
        return (
            np.zeros(self._documents, np.int64) if place is None else _LENGTHS[self._whole(place)]
        )

    def columns(self) -> list[str]:
        """Return the names of the columns that hold a number of each document."""
        return list(self._contents["columns"])

    def measured(self) -> list[str]:
        """Return the names of the fields whose words are counted."""
        return list(self._contents["lengths"])

    def column(self, name: str) -> Array:
        """Return a number of each document, 0 where it has none."""
        place = self._contents["columns"].get(name)
        return np.zeros(self._documents, np.int32) if place is None else self._whole(place)

    def total(self, name: str) -> int:
        """Return how many words a field has in all documents together."""
        return int(self._contents["totals"].get(name, 0))

    def stored_of(self, number: int) -> dict[str, Any]:
        """Return what is stored of one document."""
        begin, end = self.stored_ends[number], self.stored_ends[number + 1]
        whole = self._stored
        if whole is None:
            whole = self.arrays.get(self._contents["stored"][0], begin, end).tobytes()
            begin, end = 0, len(whole)
        found: dict[str, Any] = _READ(whole[begin:end].decode())[0]
        return found

    @cached_property
    def _stored(self) -> bytes | None:
        """Return what is stored of all documents; None where that is too much to keep."""
        place = self._contents["stored"][0]
        return self.arrays.get(place).tobytes() if place[2] <= _KEPT else None

    def stored(self) -> list[bytes]:
        """Return what is stored of each document, as it lies in the file."""
        text, _sizes = self._contents["stored"]
        held = self.arrays.get(text).tobytes()
        return [held[begin:end] for begin, end in pairwise(self.stored_ends)]

    @cached_property
    def stored_ends(self) -> memoryview:
        """Return where in `stored` each document begins, and where the last one ends."""
        sizes = self._whole(self._contents["stored"][1])
        return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).data

    def check(self) -> None:
        """Read all of it; raise where anything is not as it was written."""
        self.arrays.check()
        self.names()

    def _whole(self, place: Any) -> Array:
        found = self.arrays.get(place)
        if len(found) != self._documents:
            raise Damaged("a column does not have all documents")
        return found


class Absent(TermNotFound, KeyError):  # type: ignore[misc]  # Whoosh has no types
    """Say that a term stands nowhere: Whoosh expects one name for it here and the other there."""


class _Terms(base.TermsReader):  # type: ignore[misc]  # Whoosh has no types
    """Answer what Whoosh asks about terms."""

    def __init__(self, file: File) -> None:
        self.file = file

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self.file.field(term[0])
        return field is not None and field.postings(term[1]) is not None

    def indexed_field_names(self) -> list[str]:
        return self.file.names()

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.file.names():
            yield from self._of(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        yield from self._of(fieldname, prefix)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for term in self.terms():
            yield term, self.term_info(*term)

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for term in self.terms_from(fieldname, prefix):
            yield term, self.term_info(*term)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        documents, counts = self._postings(fieldname, text)
        lengths = self.file.lengths(fieldname)[documents]
        return TermInfo(
            weight=float(counts.sum(dtype=np.int64)),
            df=len(documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(counts.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self._postings(fieldname, text)[1].sum(dtype=np.int64))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._postings(fieldname, text)[0])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        documents, counts = self._postings(fieldname, text)
        return ListMatcher(
            documents.tolist(),
            counts.astype(np.float64).tolist(),
            self._values(fieldname, text, counts, format_),
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def close(self) -> None:
        _let_go(self.file)

    def _of(self, name: str, first: bytes) -> Iterator[tuple[str, bytes]]:
        field = self.file.field(name)
        if field is not None:
            for term in field.terms_from(first):
                yield name, term

    def _postings(self, name: str, text: bytes) -> tuple[Array, Array]:
        field = self.file.field(name)
        found = None if field is None else field.postings(text)
        if found is None:
            raise Absent(f"No term {name}:{text!r}")
        return found

    def _values(self, name: str, text: bytes, counts: Array, format_: Any) -> list[bytes]:
        field = self.file.field(name)
        found = None
        if field is not None and format_.supports("positions"):
            found = field.places(text)
        if found is not None:
            each = np.split(found[1].astype(np.int64), np.cumsum(counts, dtype=np.int64)[:-1])
            return [format_.encode(places.tolist()) for places in each]
        if format_.fixed_value_size():
            return [pack_uint(count) for count in counts.tolist()]
        return [b""] * len(counts)


class _Column(ColumnReader):  # type: ignore[misc]  # Whoosh has no types
    """Hand out a number of each document."""

    def __init__(self, numbers: Array) -> None:
        self._numbers = numbers
        self._doccount = len(numbers)

    def __getitem__(self, docnum: int) -> int:
        return int(self._numbers[docnum])


class _Documents(base.PerDocumentReader):  # type: ignore[misc]  # Whoosh has no types
    """Answer what Whoosh asks about documents."""

    def __init__(self, file: File, segment: Any) -> None:
        self._file = file
        self._segment = segment

    def close(self) -> None:
        _let_go(self._file)

    def doc_count(self) -> int:
        return self.doc_count_all() - int(self._segment.deleted_count())

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        return iter(self._segment.deleted_docs())

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self._file.columns()

    def column_reader(self, fieldname: str, _column: Any) -> ColumnReader:
        return _Column(self._file.column(fieldname))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self._file.lengths(fieldname)[docnum]) or default

    def field_length(self, fieldname: str) -> int:
        return self._file.total(fieldname)

    def min_field_length(self, fieldname: str) -> int:
        return int(self._file.lengths(fieldname).min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        return int(self._file.lengths(fieldname).max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self._file.stored_of(docnum)


class _Nothing:
    """Stand where Whoosh's writer has its own ways to the disk, which are not used."""

    is_closed = True


class SegmentOfArrays(W3Segment):  # type: ignore[misc]  # Whoosh has no types
    """Name a segment that is one file from the beginning."""

    def should_assemble(self) -> bool:
        """Tell that there are no files to be put together."""
        return False


class ArrayCodec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Lay segments out as files of arrays."""

    length_stats = False

    def per_document_writer(self, _storage: Any, _segment: Any) -> _Nothing:
        """Return nothing that writes: `writing` does."""
        return _Nothing()

    def field_writer(self, _storage: Any, _segment: Any) -> _Nothing:
        """Return nothing that writes: `writing` does."""
        return _Nothing()

    def terms_reader(self, storage: Any, segment: Any) -> _Terms:
        """Return what reads the terms of a segment."""
        return _Terms(File(storage, segment))

    def per_document_reader(self, storage: Any, segment: Any) -> _Documents:
        """Return what reads the documents of a segment."""
        return _Documents(File(storage, segment), segment)

    def new_segment(self, _storage: Any, indexname: str) -> SegmentOfArrays:
        """Return a segment without documents."""
        return SegmentOfArrays(self, indexname)


CODEC = ArrayCodec()
