"""Read what a person typed: words, "phrases in quotation marks", -words to leave out.

Nothing else is syntax, and nothing is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from policytrack.core.forms import clean_line
from policytrack.search import analysis

LONGEST = 300
_MOST_WORDS = 40

_QUOTES = '"“”„‟«»\uff02「」『』'
_PART = re.compile(
    rf"(?P<minus>(?<!\S)-(?=[^\s-]))?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]"
    rf"|(?P<words>[^\s{_QUOTES}]+))"
)

# The forms of one word; any of them will do.
Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what was asked: the text, and how it was understood.

    `words` are looked for in any number, the more the better, and one that was written twice
    counts twice; each of `phrases` must stand as it is; documents with any of `excluded` (words
    or phrases) are left out.
    """

    text: str
    words: tuple[Forms, ...] = ()
    phrases: tuple[tuple[Forms, ...], ...] = ()
    excluded: tuple[tuple[Forms, ...], ...] = ()
    cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to look for."""
        return not (self.words or self.phrases)

    @property
    def forms(self) -> frozenset[str]:
        """Return every form that may stand in a result, to mark it there."""
        sought = [*self.words, *(forms for phrase in self.phrases for forms in phrase)]
        return frozenset(form for forms in sought for form in forms)


def tidy(typed: str) -> str:
    """Return what was typed on one line, without control characters."""
    return clean_line(typed)


def read(typed: str, languages: Iterable[str]) -> Question:
    """Understand what was typed; `languages` are those in which words may be meant."""
    text = tidy(typed[: 20 * LONGEST])
    cut = len(text) > LONGEST
    text = text[:LONGEST]
    languages = tuple(languages)
    words: list[Forms] = []
    phrases: dict[tuple[Forms, ...], None] = {}
    excluded: dict[tuple[Forms, ...], None] = {}
    for part in _PART.finditer(text):
        quoted = part["phrase"] is not None
        found = tuple(
            word.forms
            for word in analysis.asked(part["phrase"] if quoted else part["words"], languages)
        )
        if not found:
            continue
        if part["minus"]:
            excluded[found] = None
        elif quoted and len(found) > 1:
            phrases[found] = None
        else:
            words += found
    return Question(
        text=text,
        words=_telling(words, alone=not phrases)[:_MOST_WORDS],
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        cut=cut,
    )


def _telling(words: Iterable[Forms], *, alone: bool) -> tuple[Forms, ...]:
    every = tuple(words)
    telling = tuple(forms for forms in every if forms[0] not in analysis.COMMON)
    return telling or (every if alone else ())
