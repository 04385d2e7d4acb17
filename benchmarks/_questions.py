"""Draw questions out of a collection, as people ask: a few words, a phrase, a filter, a field."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from _corpus import about
from _index import Text

# People look for what a collection speaks of, in so many of its texts at least, now and then for
# something rare. A word of more texts than this tells nothing, and nobody looks for it.
_SPOKEN_OF, _COMMON = 0.02, 0.25
_RARE = 0.15
_SAMPLE = 5_000
# So many of the questions are a phrase, ask for a word of the title, carry a filter.
_PHRASED, _TITLED, _FILTERED = 0.15, 0.1, 0.25
_LONGEST = 24
_AROUND = ".,;:!?()[]\"'“”«»،؛।"


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold a question: words, a phrase, a word of the title, a code; what it has must all hold."""

    words: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    titled: str = ""
    facet: str = ""
    code: str = ""

    @property
    def typed(self) -> str:
        """Return what somebody would type."""
        phrase = f'"{" ".join(self.phrase)}"' if self.phrase else ""
        titled = f"title:{self.titled}" if self.titled else ""
        return " ".join(filter(None, (*self.words, phrase, titled)))


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold an answer: how many there are, ten with marked title and text, counts by facet.

    The counts of a facet leave its own filter out.
    """

    total: int
    shown: Sequence[tuple[str, str]]
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Engine(Protocol):
    """Answer questions from a collection that was given to it."""

    name: str

    def build(self, collection: Sequence[Text]) -> None:
        """Take a collection in, until it can be asked."""
        ...

    def ask(self, asked: Asked) -> Answer:
        """Answer a question in full."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class _Drawing:
    """Draw questions from the texts of a collection."""

    def __init__(self, collection: Sequence[Text], chance: random.Random) -> None:
        self._collection = collection
        self._chance = chance
        sample = collection[:_SAMPLE]
        counts: Counter[str] = Counter()
        for text in sample:
            counts.update(set(map(_bare, text.text.split())))
        self._common = frozenset(word for word in counts if counts[word] > _COMMON * len(sample))
        self._spoken = frozenset(
            word for word in counts if counts[word] >= max(_SPOKEN_OF * len(sample), 2)
        )

    def question(self) -> Asked | None:
        """Return a question that some text answers; None where this one gives none."""
        chance, text = self._chance, self._chance.choice(self._collection)
        rare = chance.random() < _RARE
        written = text.text.split()
        words = [word for word in map(_bare, written) if self._tells(word, rare=rare)]
        if not words:
            return None
        facet, code = self._filter(text) if chance.random() < _FILTERED else ("", "")
        some = dict.fromkeys(chance.choices(words, k=self._how_many()))
        shape = chance.random()
        if shape < _PHRASED:
            pairs = list(self._pairs(written))
            return Asked(phrase=chance.choice(pairs), facet=facet, code=code) if pairs else None
        if shape < _PHRASED + _TITLED:
            titles = [word for word in map(_bare, text.title.split()) if self._tells(word)]
            if not titles:
                return None
            return Asked((words[0],), titled=chance.choice(titles), facet=facet, code=code)
        return Asked(tuple(some), facet=facet, code=code)

    def _tells(self, word: str, *, rare: bool = True) -> bool:
        plain = word.isascii() and not word.isalpha()
        right = 2 < len(word) <= _LONGEST and not plain and word not in self._common
        return right and (rare or word in self._spoken)

    def _how_many(self) -> int:
        return self._chance.choices((1, 2, 3, 4), (30, 40, 20, 10))[0]

    def _pairs(self, written: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield telling words that stand side by side within a sentence."""
        for first, second in pairwise(written):
            pair = _bare(first), _bare(second)
            if first[-1] not in _AROUND and all(self._tells(word, rare=False) for word in pair):
                yield pair

    def _filter(self, text: Text) -> tuple[str, str]:
        held = {facet: codes for facet, codes in about(text).codes.items() if codes}
        facet = self._chance.choice(list(held))
        return facet, self._chance.choice(held[facet])


def drawn(collection: Sequence[Text], count: int) -> list[Asked]:
    """Return so many questions, no two alike, each of which some text answers."""
    drawing = _Drawing(collection, random.Random(count))
    found: dict[Asked, None] = {}
    for _attempt in range(50 * count):
        if asked := drawing.question():
            found[asked] = None
        if len(found) == count:
            return list(found)
    raise SystemExit(f"no {count} different questions can be drawn from {len(collection)} texts")


def _bare(written: str) -> str:
    return written.strip(_AROUND).lower()
