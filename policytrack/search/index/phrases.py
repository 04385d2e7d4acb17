"""Find where the phrases of a concept stand in a segment of the index, once for each.

A segment never changes, so what was found is kept as long as the segment is.
"""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from policytrack.search.asking.question import Phrase, Sought
from policytrack.search.index.heard import Numbers
from policytrack.search.index.segments import BITS, NOWHERE, Keys, Postings, Segment, Weights, both

# In which languages of a text a phrase of one language is looked for. English ones in all: their
# words stand in the texts of every language. What is of no known language may be of any.
_UNKNOWN = ("und", "mul", "")
_AKIN = {"id": ("id", "ms"), "tl": ("tl", "fil")}

_kept: WeakKeyDictionary[Segment, dict[tuple[str, str], Postings]] = WeakKeyDictionary()


def postings(segment: Segment, field: str, sought: Sought) -> Postings:
    """Return the documents in which any phrase of a concept stands, and how often they do."""
    known = _kept.setdefault(segment, {})
    key = field, sought.code
    if key not in known:
        known[key] = _added(
            [
                _phrase(segment, field, phrase, of)
                for language, phrase in sought.phrases
                if (of := _written_in(segment, language)) is None or len(of)
            ]
        )
    return known[key]


def _written_in(segment: Segment, language: str) -> Numbers | None:
    """Return the documents in which a phrase of a language is looked for; None for all."""
    if language == "en":
        return None
    tongues = segment.marks("tongue")
    codes = (*_AKIN.get(language, (language,)), *_UNKNOWN)
    return np.concatenate([NOWHERE.numbers, *map(tongues.of, codes)])


def _added(found: Sequence[Postings]) -> Postings:
    there = [each for each in found if len(each.numbers)]
    if not there:
        return NOWHERE
    numbers, inverse = np.unique(
        np.concatenate([each.numbers for each in there]), return_inverse=True
    )
    counts = np.bincount(inverse, np.concatenate([each.counts for each in there]))
    return Postings(numbers.astype(np.int32), counts.astype(np.float32))


def _phrase(segment: Segment, field: str, phrase: Phrase, of: Numbers | None) -> Postings:
    begun: Keys | None = None
    # The longest word is the rarest, most often: without it the others need not be read.
    for offset in sorted(range(len(phrase.words)), key=lambda at: -len(phrase.words[at][0])):
        here = segment.standing((field,), phrase.words[offset]).keys - offset
        begun = here if begun is None else both(begun, here)
        if not len(begun):
            return NOWHERE
    if begun is None:
        return NOWHERE
    numbers, counts = np.unique(begun >> BITS, return_counts=True)
    if of is not None:
        kept = np.isin(numbers, of)
        numbers, counts = numbers[kept], counts[kept]
    there: Numbers = numbers.astype(np.int32)
    often: Weights = counts.astype(np.float32)
    return Postings(there, often)
