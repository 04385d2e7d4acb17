"""Find and rank what answers a question, among what the asker may find and nothing else.

BM25F (Robertson and Zaragoza, 2009): the counts of a word in title and body are weighted and
evened out by length before they are added and saturated. Whoosh's own scoring is not used: its
word statistics come from the whole index, so that the order of results would depend on documents
that the reader may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from policytrack.search.question import Forms, Question
from policytrack.search.snapshot import Snapshot

# Saturation and evening-out as commonly set for BM25; a word in a title counts double.
_K1 = 1.2
_FIELDS = (("title", 2.0, 0.5), ("body", 1.0, 0.75))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Hold a document's number, whether it has every word, and its score."""

    number: int
    complete: bool
    score: float


class Ranking:
    """Answer questions for the holder of some access words."""

    def __init__(self, snapshot: Snapshot, access: tuple[str, ...]) -> None:
        self._snapshot = snapshot
        self._access = access
        self._permitted = snapshot.permitted(access)

    def answer(self, question: Question) -> list[Ranked]:
        """Return what answers, unordered: documents with every phrase and with any of the words."""
        asked = Counter(question.words)
        parts = [(self._word(forms), times) for forms, times in asked.items()]
        # A phrase is worth as much as all its words.
        phrases = [(self._phrase(phrase), len(phrase)) for phrase in question.phrases]
        scores: dict[int, float] = {}
        present: dict[int, int] = {}
        for counts, times in parts + phrases:
            worth = times * self._worth(counts)
            for number, count in counts.items():
                gain = worth * count * (_K1 + 1) / (count + _K1)
                scores[number] = scores.get(number, 0.0) + gain
                present[number] = present.get(number, 0) + 1
        left = set(scores).intersection(*(counts for counts, _ in phrases))
        left = left.difference(*(self._phrase(words) for words in question.excluded))
        every = len(parts) + len(phrases)
        return [Ranked(number, present[number] == every, scores[number]) for number in left]

    def _worth(self, counts: dict[int, float]) -> float:
        # How telling a word is: rare among what the asker may find.
        total, having = len(self._permitted), len(counts)
        return log(1 + (total - having + 0.5) / (having + 0.5))

    def _word(self, forms: Forms) -> dict[int, float]:
        """Return how much each document speaks of a word, in whichever form it does most."""
        counts: dict[int, float] = {}
        for field, weight, evening in _FIELDS:
            lengths = self._snapshot.lengths(field)
            average = self._snapshot.average_length(field, self._access)
            for number, often in self._most(field, forms).items():
                evened = often / (1 - evening + evening * lengths[number] / average)
                counts[number] = counts.get(number, 0.0) + weight * evened
        return counts

    def _most(self, field: str, forms: Forms) -> dict[int, float]:
        most: dict[int, float] = {}
        for form in forms:
            for number, often in self._snapshot.occurrences(field, form):
                if number in self._permitted and often > most.get(number, 0.0):
                    most[number] = often
        return most

    def _phrase(self, words: Sequence[Forms]) -> dict[int, float]:
        """Return how often each document has these words one after the other."""
        counts: dict[int, float] = {}
        for field, weight, _evening in _FIELDS:
            begun: dict[int, set[int]] | None = None
            for offset, forms in enumerate(words):
                within = self._permitted if begun is None else frozenset(begun)
                starts: dict[int, set[int]] = {}
                for form in forms:
                    for number, places in self._snapshot.places(field, form, within).items():
                        starts.setdefault(number, set()).update(at - offset for at in places)
                if begun is not None:
                    starts = {
                        number: left
                        for number, at in starts.items()
                        if (left := at & begun[number])
                    }
                begun = starts
            for number, at in (begun or {}).items():
                counts[number] = counts.get(number, 0.0) + weight * len(at)
        return counts
