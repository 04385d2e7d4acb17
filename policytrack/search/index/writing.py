"""Write documents into the index: their words as arrays, sorted and merged by NumPy.

A distinct word is looked up once; after that a word of a text is one number in an array. When
enough of them are gathered they are sorted into a run, in memory or in a temporary file, and a
segment is made of all runs and of the segments that are merged into it, share by share.
"""

from __future__ import annotations

import io
import json
import tempfile
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

import numpy as np
from whoosh.fields import ID, FieldType
from whoosh.writing import SegmentWriter

from policytrack.core.documents import Passage
from policytrack.search.index.arrays import Array, ArrayFile, ArrayWriter, smallest
from policytrack.search.index.codec import CODEC, File, length_bytes
from policytrack.search.index.postings import (
    Entries,
    Field,
    Gathered,
    Moved,
    Source,
    spread,
    write_field,
)
from policytrack.search.index.schema import Letters, Words, starts
from policytrack.search.language import analysis
from policytrack.search.language.boundaries import written

# So many words are sorted at once for each megabyte that may be used: a word has some three forms,
# each of which takes some forty bytes while they are sorted.
_WORDS_TO_A_MEGABYTE = 1 << 13
# A distinct word takes as much as so many words of a text.
_DISTINCT = 4
# A run of fewer words is kept in memory.
_FEW = 1 << 16
_GONE = -1


class _Known(dict[str, int]):
    """Number the distinct words of a language; 0 is what has no form."""

    def __init__(self, vocabulary: _Vocabulary, tongue: str) -> None:
        self._number = vocabulary.number
        self._tongue = tongue

    def __missing__(self, word: str) -> int:
        found = self[word] = self._number(analysis.forms(word, self._tongue))
        return found


class _Vocabulary:
    """Number distinct words and their forms."""

    def __init__(self) -> None:
        self.forms: dict[str, int] = {}
        self.flat = array("I")
        self.sizes = array("I", [0])
        self.tongues: dict[str, _Known] = {}

    def number(self, forms: Sequence[str]) -> int:
        """Return the number of a word with these forms."""
        if not forms:
            return 0
        known = self.forms
        self.flat.extend([known.setdefault(form, len(known)) for form in forms])
        self.sizes.append(len(forms))
        return len(self.sizes) - 1

    def known(self, tongue: str) -> _Known:
        """Return the words of a language."""
        if tongue not in self.tongues:
            self.tongues[tongue] = _Known(self, tongue)
        return self.tongues[tongue]


class _Passages:
    """Gather the words of a field: of each its number, of each passage where it begins."""

    def __init__(self, vocabulary: _Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.words = array("I")
        self._documents = array("I")
        self._begins = array("I")
        self._counts = array("I")

    def add(self, document: int, passages: Sequence[Passage]) -> int:
        """Take in what a document has; return how many words that is."""
        length = 0
        for position, passage in zip(starts(passages), passages, strict=True):
            known = self._vocabulary.known(analysis.base(passage.language))
            words = list(map(known.__getitem__, written(analysis.readable(passage.text))))
            if 0 in words:
                words = [word for word in words if word]
            self.words.extend(words)
            self._documents.append(document)
            self._begins.append(position)
            self._counts.append(len(words))
            length += len(words)
        return length

    def gathered(self) -> Entries:
        """Return every place of every form."""
        words, counts = _numbers(self.words), _numbers(self._counts)
        sizes = _numbers(self._vocabulary.sizes)
        times = sizes[words]
        forms = spread((np.cumsum(sizes) - sizes)[words], times)
        return Entries(
            _numbers(self._vocabulary.flat)[forms],
            np.repeat(np.repeat(_numbers(self._documents), counts), times),
            np.repeat(spread(_numbers(self._begins), counts), times),
        )


class _Codes:
    """Gather the terms of a field that come as they are: of each occurrence its number."""

    def __init__(self) -> None:
        self.terms: dict[bytes, int] = {}
        self.occurrences = array("I")
        self._documents = array("I")

    def add(self, document: int, terms: Iterable[bytes]) -> None:
        """Take in what a document has."""
        known = self.terms
        numbers = [known.setdefault(term, len(known)) for term in terms]
        self.occurrences.extend(numbers)
        self._documents.extend([document] * len(numbers))

    def gathered(self) -> Entries:
        """Return every occurrence of every term."""
        return Entries(_numbers(self.occurrences), _numbers(self._documents), None)


class _Runs:
    """Gather the groups of letters of a field: of each its number and where it stands."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.occurrences = array("I")
        self._documents = array("I")
        self._positions = array("I")

    def add(self, document: int, runs: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Take in what a document has."""
        known = self.terms
        for position, grams in runs:
            self.occurrences.extend([known.setdefault(gram, len(known)) for gram in grams])
            self._documents.extend([document] * len(grams))
            self._positions.extend(range(position, position + len(grams)))

    def gathered(self) -> Entries:
        """Return every place of every group."""
        documents, positions = _numbers(self._documents), _numbers(self._positions)
        return Entries(_numbers(self.occurrences), documents, positions)


def _numbers(held: array[int]) -> Array:
    return np.frombuffer(held, np.uint32) if held else np.empty(0, np.uint32)


def _in_order(terms: Sequence[bytes], entries: Entries) -> Gathered:
    """Return places with their terms in the order of their bytes, without terms of no place."""
    present = np.flatnonzero(np.bincount(entries.terms, minlength=len(terms))).tolist()
    present.sort(key=terms.__getitem__)
    rank = np.zeros(len(terms), np.uint32)
    rank[present] = np.arange(len(present), dtype=np.uint32)
    return Gathered(
        [terms[number] for number in present], entries._replace(terms=rank[entries.terms])
    )


class _Gatherer:
    """Gather the words and codes of documents until they are sorted into a run."""

    def __init__(self) -> None:
        self._vocabulary = _Vocabulary()
        self._passages: dict[str, _Passages] = {}
        self._codes: dict[str, _Codes] = {}
        self._runs: dict[str, _Runs] = {}

    @property
    def count(self) -> int:
        """Return how many words are held, or what takes as much room."""
        return (
            _DISTINCT * len(self._vocabulary.sizes)
            + sum(len(each.words) for each in self._passages.values())
            + sum(len(each.occurrences) for each in self._codes.values())
            + sum(len(each.occurrences) for each in self._runs.values())
        )

    def passages(self, name: str) -> _Passages:
        """Return what gathers a field of words."""
        if name not in self._passages:
            self._passages[name] = _Passages(self._vocabulary)
        return self._passages[name]

    def codes(self, name: str) -> _Codes:
        """Return what gathers a field of codes."""
        if name not in self._codes:
            self._codes[name] = _Codes()
        return self._codes[name]

    def runs(self, name: str) -> _Runs:
        """Return what gathers a field of letters."""
        if name not in self._runs:
            self._runs[name] = _Runs()
        return self._runs[name]

    def sources(self) -> dict[str, list[Source]]:
        """Return all that was gathered, by field."""
        forms = [form.encode() for form in self._vocabulary.forms]
        return {
            **{name: [_in_order(forms, it.gathered())] for name, it in self._passages.items()},
            **{
                name: [_in_order(list(it.terms), it.gathered())] for name, it in self._codes.items()
            },
            **{
                name: [_in_order(list(map(str.encode, it.terms)), it.gathered())]
                for name, it in self._runs.items()
            },
        }


class _Documents:
    """Gather what is kept of each document beside its words."""

    def __init__(self) -> None:
        self._stored = bytearray()
        self._sizes = array("I")
        self._columns: dict[str, array[int]] = {}
        self._lengths: dict[str, array[int]] = {}

    def add(self, stored: bytes, columns: Mapping[str, int], lengths: Mapping[str, int]) -> None:
        """Take in what is kept of one document."""
        for kept, code, values in self._kept(columns, lengths):
            for name, value in values.items():
                self._column(kept, name, code).append(value)
        self._stored += stored
        self._sizes.append(len(stored))

    def extend(
        self,
        stored: Sequence[bytes],
        columns: Mapping[str, Array],
        lengths: Mapping[str, Array],
    ) -> None:
        """Take in what is kept of the documents of a segment."""
        for kept, code, values in self._kept(columns, lengths):
            for name, value in values.items():
                self._column(kept, name, code).extend(value.tolist())
        self._stored += b"".join(stored)
        self._sizes.extend(map(len, stored))

    def write(self, out: ArrayWriter) -> dict[str, Any]:
        """Write it; return what `codec.File` reads it by."""
        count = len(self._sizes)
        for kept, code, _values in self._kept({}, {}):
            for name in kept:
                self._column(kept, name, code)
        return {
            "documents": count,
            "stored": [
                out.put_bytes(bytes(self._stored)),
                out.put(smallest(_numbers(self._sizes))),
            ],
            "columns": {
                name: out.put(np.array(column, np.int32)) for name, column in self._columns.items()
            },
            "lengths": {
                name: out.put(length_bytes(_numbers(column)))
                for name, column in self._lengths.items()
            },
            "totals": {name: sum(column) for name, column in self._lengths.items()},
        }

    def _kept(
        self, columns: Mapping[str, Any], lengths: Mapping[str, Any]
    ) -> tuple[tuple[dict[str, array[int]], str, Mapping[str, Any]], ...]:
        return (self._columns, "i", columns), (self._lengths, "I", lengths)

    def _column(self, kept: dict[str, array[int]], name: str, code: str) -> array[int]:
        """Return a column with a number for each document so far: 0 where it had none."""
        column = kept.setdefault(name, array(code))
        column.extend([0] * (len(self._sizes) - len(column)))
        return column


def _terms(field: FieldType, value: Any) -> list[bytes]:
    """Return the terms of a value, each as often as it occurs."""
    if isinstance(value, (list, tuple)):
        return [each.encode() for each in value]
    if isinstance(field, ID):
        return [value.encode()]
    if field.format.supports("positions"):
        raise TypeError("only fields of words say where their terms stand")
    return [term for term, times, _weight, _held in field.index(value) for _ in range(times)]


def _written(out: ArrayWriter, sources: dict[str, list[Source]]) -> dict[str, Any]:
    """Write fields, letting go of each; return what each is read by."""
    found = {name: write_field(out, sources.pop(name)) for name in list(sources)}
    return {name: parts for name, parts in found.items() if parts}


def worth_merging(segments: Sequence[Any], added: int) -> list[Any]:
    """Return the segments to be merged with a number of new documents.

    Those of which more than half was deleted, and the smallest ones, each as long as all before it
    are at least as many: so there are few segments, and a document is written again only each time
    the segment that it is in has doubled.
    """
    merged = [each for each in segments if 2 * each.deleted_count() > each.doc_count_all()]
    total = added + sum(each.doc_count() for each in merged)
    for segment in sorted(segments, key=lambda each: int(each.doc_count())):
        if segment in merged:
            continue
        if segment.doc_count() > total:
            break
        merged.append(segment)
        total += segment.doc_count()
    return merged


class Writer(SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """Write one segment and commit it; what deletes, merges and commits is Whoosh's otherwise."""

    def __init__(self, index: Any, *, memory_mb: int = 64) -> None:
        self._files: dict[str, File] = {}
        self._runs: list[ArrayFile] = []
        self._merged: list[tuple[File, Array]] = []
        self._gatherer = _Gatherer()
        self._documents = _Documents()
        self._most = memory_mb * _WORDS_TO_A_MEGABYTE
        super().__init__(index, codec=CODEC)

    def add_document(self, **fields: Any) -> None:
        """Take in a document, as `schema.row` makes it."""
        self._check_state()
        self._check_fields(self.schema, fields)
        stored: dict[str, Any] = {}
        columns: dict[str, int] = {}
        lengths: dict[str, int] = {}
        for name, value in fields.items():
            if value is None:
                continue
            field = self.schema[name]
            if isinstance(field, Words):
                lengths[name] = self._gatherer.passages(name).add(self.docnum, value)
            elif isinstance(field, Letters):
                self._gatherer.runs(name).add(self.docnum, field.runs(value))
            elif field.indexed:
                self._gatherer.codes(name).add(self.docnum, _terms(field, value))
            if field.stored:
                stored[name] = value
            if field.column_type:
                columns[name] = value
        self._documents.add(json.dumps(stored).encode(), columns, lengths)
        self.docnum += 1
        self._added = True
        if self._gatherer.count >= self._most:
            self._spill()

    def delete_by_term(self, fieldname: str, text: str, _searcher: Any = None) -> int:
        """Delete the documents that stood in the index with a term before this writer began."""
        self._check_state()
        deleted = 0
        for segment in self.segments:
            field = self._file(segment).field(fieldname)
            found = None if field is None else field.postings(text.encode())
            for number in [] if found is None else found[0].tolist():
                if not segment.is_deleted(number):
                    segment.delete_document(number)
                    deleted += 1
        return deleted

    def add_reader(self, reader: Any) -> None:
        """Take in what is left of a segment that is open."""
        self._take(reader.segment())

    def _merge_segments(self, _mergetype: Any, optimize: Any, merge: Any) -> list[Any]:
        """Take in the segments that are worth it; return the others."""
        merged = self.segments if optimize else worth_merging(self.segments, self.docnum)
        if merge is False:
            merged = []
        for segment in merged:
            self._take(segment)
        return [segment for segment in self.segments if segment not in merged]

    def _take(self, segment: Any) -> None:
        """Take in the documents of a segment that are not deleted."""
        file = self._file(segment)
        live = np.ones(segment.doc_count_all(), np.bool_)
        live[np.fromiter(segment.deleted_docs(), np.int64)] = False
        kept = np.flatnonzero(live)
        numbers = np.full(len(live), _GONE, np.int64)
        numbers[kept] = np.arange(self.docnum, self.docnum + len(kept))
        held = file.stored()
        columns = {name: file.column(name)[kept] for name in file.columns()}
        lengths = {name: file.lengths(name)[kept] for name in file.measured()}
        self._documents.extend([held[number] for number in kept.tolist()], columns, lengths)
        self._merged.append((file, numbers))
        self.docnum += len(kept)
        self._added = True

    def _file(self, segment: Any) -> File:
        name = segment.segment_id()
        if name not in self._files:
            self._files[name] = File(self.storage, segment)
        return self._files[name]

    def _spill(self) -> None:
        """Sort what was gathered into a run."""
        if self._gatherer.count < _FEW:
            file: IO[bytes] = io.BytesIO()
        else:
            # A file without a name, which goes with whoever has it open.
            file = tempfile.TemporaryFile(  # noqa: SIM115 - closed by _close_segment
                dir=getattr(self.storage, "folder", None)
            )
        try:
            out = ArrayWriter(file)
            out.finish(_written(out, self._gatherer.sources()))
        except BaseException:
            file.close()
            raise
        self._runs.append(ArrayFile(file, file.tell()))
        self._gatherer = _Gatherer()

    def _flush_segment(self) -> None:
        """Write the segment."""
        sources: dict[str, list[Source]] = {}
        if self._runs or self._merged:
            self._spill()
            same = np.arange(self.docnum)
            for run in self._runs:
                for name, parts in run.contents.items():
                    sources.setdefault(name, []).append(Moved(Field(run, parts, {}), same))
            for merged, numbers in self._merged:
                for name in merged.names():
                    field = merged.field(name)
                    if field is not None:
                        sources.setdefault(name, []).append(Moved(field, numbers))
        else:
            sources = self._gatherer.sources()
        file = self.newsegment.create_file(self.storage, self.newsegment.COMPOUND_EXT)
        try:
            out = ArrayWriter(file)
            fields = _written(out, sources)
            out.finish({"fields": fields, **self._documents.write(out)})
        finally:
            file.close()

    def _close_segment(self) -> None:
        """Let go of what was read."""
        for each in (*self._runs, *(file.arrays for file in self._files.values())):
            each.close()
        self._runs, self._files = [], {}
        self.pool.cleanup()
