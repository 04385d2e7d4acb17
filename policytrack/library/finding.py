"""Find words in a text as a reader's browser would: whatever their case, accents or vowel signs.

ICU compares letters by the first level of its collation, so that é is found as e and a vowelled
Arabic word by its bare letters. A word is found within longer ones too: articles and endings are
written together with it, and some scripts have no spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import icu

# More words would only slow it down.
MOST = 8
# Letters that keyboards and hurried writers use for one another, one for one.
_ALIKE = tuple(
    (sign, plain)
    for signs, plain in (("أإآٱ", "ا"), ("ؤ", "و"), ("ئىیې", "ي"), ("ةہھ", "ه"), ("ک", "ك"))  # noqa: RUF001 - Arabic, not Latin letters
    for sign in signs
)

Span = tuple[int, int]


class Words:
    """Hold the words that are looked for."""

    def __init__(self, typed: str) -> None:
        # What has no letter and no digit would be found between any two letters.
        words = [each for each in typed.split() if any(_counts(sign) for sign in each)]
        self.words = tuple(dict.fromkeys(words))[:MOST]
        self._bare = [_bare(word) for word in self.words]
        self._collator = icu.Collator.createInstance(icu.Locale.getRoot())
        self._collator.setStrength(icu.Collator.PRIMARY)

    def __bool__(self) -> bool:
        return bool(self.words)

    def all_in(self, text: str) -> bool:
        """Tell whether a text holds each of the words."""
        found = _bare(text)
        return all(next(self._places(word, found), None) is not None for word in self._bare)

    def spans(self, text: str) -> Sequence[Span]:
        """Return where the words stand in a text, in their order; what overlaps is one span."""
        found = _bare(text)
        units = Units(text)
        places = sorted(place for word in self._bare for place in self._places(word, found))
        merged: list[list[int]] = []
        for start, end in places:
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        return [(units.index(start), units.index(end)) for start, end in merged]

    def _places(self, word: str, text: str) -> Iterator[Span]:
        if not text:
            return
        search = icu.StringSearch(word, text, self._collator)
        while (start := search.nextMatch()) >= 0:
            # What counts for nothing would be found everywhere.
            if not (length := search.getMatchedLength()):
                return
            yield start, start + length


def _counts(sign: str) -> bool:
    # Letters that only lengthen or modify others count for nothing.
    kind = unicodedata.category(sign)
    return kind[0] in "LN" and kind != "Lm"


def _bare(text: str) -> str:
    for sign, other in _ALIKE:
        text = text.replace(sign, other)
    return text


class Units:
    """Turn ICU's places in a text, counted in UTF-16, into Python's."""

    def __init__(self, text: str) -> None:
        self._units = b"" if text.isascii() or max(text) <= "\uffff" else text.encode("utf-16-le")

    def index(self, place: int) -> int:
        """Return how many characters stand before a place of ICU's."""
        if not self._units:
            return place
        return len(self._units[: 2 * place].decode("utf-16-le", errors="ignore"))
