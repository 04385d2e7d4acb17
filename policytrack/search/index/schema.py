"""Lay out the index, and turn search documents into its rows.

The index holds ids, codes, dates and words; no text, no label, nothing derived.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, KEYWORD, STORED, FieldType, Schema
from whoosh.formats import Format

from policytrack.core.documents import Passage, SearchDocument
from policytrack.search.index import codec
from policytrack.search.language import analysis

# An index made under another fingerprint is made anew. Whoosh names classes of this package by
# their modules in its table: where one is moved, the first number is another.
FINGERPRINT = (
    f"7 whoosh{importlib.metadata.version('whoosh-reloaded')} {codec.LAYOUT}"
    f" words {analysis.FINGERPRINT}"
)

# Passages are parts of the first.
TEXTS = ("body", "title")
FACETS = (
    "country", "corridor", "theme", "provision", "sector", "group", "status", "language", "type",
    "legal", "gender",
)  # fmt: skip

# No phrase reaches across so many words, from one passage to the next.
_PASSAGE_GAP = 100
# A letter may be read as so many.
_MOST_LETTERS = 4

# The one row that belongs to no document: how far the index has followed the change log. It is
# committed with what it speaks of.
CURSOR_KEY = ":cursor"


# Days since the beginning of the calendar; 0 where a document has no date.
DAYS = NumericColumn("i")


class Places(Format):  # type: ignore[misc]  # Whoosh has no types
    """Hold where a form stands in a document: 32-bit numbers, the lowest byte first."""

    def encode(self, places: Sequence[int]) -> bytes:
        """Return places as they are written."""
        held = array("i", places)
        if sys.byteorder == "big":
            held.byteswap()
        return held.tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """Return places as they were written."""
        held = array("i", value)
        if sys.byteorder == "big":
            held.byteswap()
        return held.tolist()

    def decode_frequency(self, value: bytes) -> int:
        """Return how often it stands there."""
        return len(value) // 4


def starts(passages: Sequence[Passage]) -> list[int]:
    """Return the place of the first word of each passage.

    Every character counts as a word, so that it is known without taking the text apart.
    """
    lengths = [len(passage.text) + _PASSAGE_GAP for passage in passages]
    return list(accumulate(lengths[:-1], initial=0)) if passages else []


class Words(FieldType):  # type: ignore[misc]  # Whoosh has no types
    """Index words of several forms: all forms of a word stand at its place.

    `writing` takes passages apart itself, a passage at a time; `index` says the same to Whoosh.
    """

    def __init__(self) -> None:
        super().__init__(Places(), None, scorable=True)

    def index(
        self, value: Sequence[Passage], **_options: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each form with how much it adds to the length, how often it stands, and where."""
        places: dict[str, list[int]] = defaultdict(list)
        first: dict[str, int] = defaultdict(int)
        for start, passage in zip(starts(value), value, strict=True):
            words = analysis.words(passage.text, passage.language)
            for position, word in enumerate(words, start):
                # The length of a text is its number of words, however many forms they have.
                first[word.forms[0]] += 1
                for form in word.forms:
                    places[form].append(position)
        for form, at in places.items():
            yield form.encode(), first[form], float(len(at)), self.format.encode(at)


class Letters(FieldType):  # type: ignore[misc]  # Whoosh has no types
    """Index scripts without spaces letter by letter: the next few letters from each place."""

    def __init__(self) -> None:
        super().__init__(Places(), None, scorable=False)

    def runs(self, value: Sequence[Passage]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the groups of each run of letters with the place of the first."""
        for start, passage in zip(starts(value), value, strict=True):
            position = _MOST_LETTERS * start
            for run in analysis.runs(passage.text):
                yield position, analysis.grams(run.letters)
                position += len(run.letters) + 1  # no group reaches from one to the next

    def index(
        self, value: Sequence[Passage], **_options: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each group of letters with how often it stands, and where."""
        places: dict[str, list[int]] = defaultdict(list)
        for position, grams in self.runs(value):
            for at, gram in enumerate(grams, position):
                places[gram].append(at)
        for gram, at_all in places.items():
            yield gram.encode(), len(at_all), float(len(at_all)), self.format.encode(at_all)


def _keywords() -> KEYWORD:
    return KEYWORD(scorable=False)


SCHEMA = Schema(
    key=ID(unique=True, stored=True),
    entity=ID(stored=True),
    digest=STORED,
    places=STORED,
    on=COLUMN(DAYS),
    access=_keywords(),
    kind=_keywords(),
    tongue=_keywords(),
    title=Words(),
    body=Words(),
    letters=Letters(),
    **{facet: _keywords() for facet in FACETS},
)


def entity(kind: str, public_id: str) -> str:
    """Return the name of a thing, all of whose documents go and come together."""
    return f"{kind}:{public_id}"


def digest(document: SearchDocument) -> str:
    """Return a mark that changes with anything that the index holds of a document."""
    content = [
        document.key,
        sorted(set(document.access)),
        [[each.text, each.language, each.weight, each.place] for each in document.passages],
        sorted((facet, sorted(set(codes))) for facet, codes in document.codes.items() if codes),
        document.on.isoformat() if document.on else None,
    ]
    # Escaped to ASCII, so that a broken character cannot stop it.
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def row(document: SearchDocument) -> dict[str, Any]:
    """Return the index's row for a document."""
    # The title first, in both ways of counting.
    passages = sorted(document.passages, key=lambda passage: passage.weight != "title")
    body = [passage for passage in passages if passage.weight != "title"]
    fields: dict[str, Any] = {
        "key": document.key,
        "entity": entity(document.kind, document.public_id),
        "digest": digest(document),
        "on": document.on.toordinal() if document.on else 0,
        "access": sorted(set(document.access)),
        "kind": [document.kind],
        "tongue": sorted({analysis.base(passage.language) for passage in passages}),
        "title": [passage for passage in passages if passage.weight == "title"],
        "body": body,
        "letters": passages,
    }
    if any(passage.place for passage in body):
        letters = starts(passages)[-len(body) :]
        fields["places"] = [
            (start, _MOST_LETTERS * other, passage.place)
            for start, other, passage in zip(starts(body), letters, body, strict=True)
        ]
    for facet in FACETS:
        if codes := document.codes.get(facet):
            fields[facet] = sorted(set(codes))
    return fields


def cursor_row(seq: int) -> dict[str, Any]:
    """Return the row that says how far the index has come."""
    return {"key": CURSOR_KEY, "entity": CURSOR_KEY, "digest": str(seq)}
