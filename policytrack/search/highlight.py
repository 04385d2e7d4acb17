"""Mark in a text the words that were asked for, whatever form they have there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise

from markupsafe import Markup

from policytrack.search.asking.question import Phrase
from policytrack.search.language import analysis, boundaries, matching
from policytrack.search.language.matching import Met

# A result shows about so many characters of a text, found within so many.
_SHOWN = 280
_READ = 20_000
_LEAD = 60
# So far around what is shown the edges of words are looked for.
_NEAR = 64
# So many of what is marked may begin what is shown.
_MOST_HITS = 200
# What does not stand before the sign that a text goes on.
_STOPS = " \n.,;:\u060c\u061b\u06d4\u0964"
# What must be escaped.
_SPECIAL = re.compile("[&<>\"']")
# Words that are shown before the one that is looked for.
_BEFORE = 8


def marked(
    text: str, language: str, forms: frozenset[str], phrases: Sequence[Phrase] = ()
) -> Markup:
    """Return a whole text, escaped, with the words of these forms and these phrases marked."""
    text = analysis.readable(text)
    return _markup(text, 0, len(text), _hits(text, language, forms, phrases))


def fragment(
    text: str, language: str, forms: frozenset[str], phrases: Sequence[Phrase] = ()
) -> Markup:
    """Return the part of a text that says most of what was asked for, escaped and marked."""
    text = analysis.readable(text[:_READ])
    hits = _hits(text, language, forms, phrases)
    if len(text) <= _SHOWN:
        return _markup(text, 0, len(text), hits)
    # Words of a phrase say something else than what was typed.
    heard = [met & forms or met if phrases else met for _start, _end, met in hits]
    start, end = _window(text, hits, heard)
    return _markup(text, start, end, hits, "… " if start else "", " …" if end < len(text) else "")


def around(
    text: str, language: str, forms: frozenset[str], phrases: Sequence[Phrase], word: int
) -> Markup:
    """Return the part of a long text that begins a little before one of its words, marked."""
    text = analysis.readable(text)
    starts = analysis.starts(text)
    if not starts:
        return fragment(text, language, forms, phrases)
    first = starts[max(min(word, len(starts) - 1) - _BEFORE, 0)]
    last = min(first + 2 * _SHOWN, len(text))
    cut = analysis.cut(text, last) if last < len(text) else last
    shown = fragment(text[first:cut], language, forms, phrases)
    before = Markup("… ") if first and not shown.startswith("… ") else Markup("")
    after = Markup(" …") if cut < len(text) and not shown.endswith(" …") else Markup("")
    return before + shown + after


def _hits(text: str, language: str, forms: frozenset[str], phrases: Sequence[Phrase]) -> list[Met]:
    """Return what is marked, in its order, nothing of it twice."""
    if phrases:
        sought = forms.union(form for each in phrases for those in each.words for form in those)
        words = matching.words(text, language, sought)
        within = _within(text, words, phrases)
        found = [word for at, word in enumerate(words) if at in within or forms & word[2]]
    else:
        found = matching.words(text, language, forms)
    runs = _runs(forms)
    if not runs:
        return found
    found += [word for run in analysis.runs(text) for word in _in_run(text, run, runs)]
    apart: list[Met] = []
    for start, end, met in sorted(found, key=lambda word: (word[0], -word[1])):
        if apart and start < apart[-1][1]:
            first, last, others = apart.pop()
            apart.append((first, max(last, end), others | met))
        else:
            apart.append((start, end, met))
    return apart


@lru_cache(maxsize=64)
def _runs(forms: frozenset[str]) -> tuple[str, ...]:
    return tuple(form for form in forms if form.startswith(analysis.AS_WRITTEN))


def _in_run(text: str, run: analysis.Run, forms: Sequence[str]) -> Iterator[Met]:
    """Yield where letters stand as they were typed; no sign is parted from its letter."""
    for form in forms:
        letters = form.removeprefix(analysis.AS_WRITTEN)
        for found in re.finditer(re.escape(letters), run.letters):
            start, end = run.places[found.start()], run.places[found.end() - 1] + 1
            while start and unicodedata.category(text[start]).startswith("M"):
                start -= 1
            while end < len(text) and unicodedata.category(text[end]).startswith("M"):
                end += 1
            yield start, end, frozenset((form,))


def _within(text: str, words: Sequence[Met], phrases: Sequence[Phrase]) -> set[int]:
    """Return which words stand in one of these phrases."""
    beginning: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        for form in phrase.words[0]:
            beginning.setdefault(form, []).append(phrase)
    found: set[int] = set()
    for at, word in enumerate(words) if beginning else ():
        for phrase in (each for form in word[2] for each in beginning.get(form, ())):
            there = words[at : at + len(phrase.words)]
            if (
                len(there) == len(phrase.words)
                and all(
                    not met.isdisjoint(forms)
                    for forms, (_start, _end, met) in zip(phrase.words, there, strict=True)
                )
                and all(_follows(text, *pair) for pair in pairwise(there))
            ):
                found.update(range(at, at + len(there)))
    return found


def _follows(text: str, before: Met, word: Met) -> bool:
    """Tell whether no other word stands between two."""
    return not any(boundaries.spans(text[before[1] : word[0]]))


def _window(text: str, hits: Sequence[Met], heard: Sequence[frozenset[str]]) -> tuple[int, int]:
    """Return where to begin and end: with the most different words, at the edges of words.

    `heard` tells what each hit counts for.
    """
    best, most = 0, 0
    different = len(frozenset().union(*heard))
    for position, (begins, _ends, _forms) in enumerate(hits[:_MOST_HITS]):
        if most == different:
            break
        inside: set[str] = set()
        for other in range(position, len(hits)):
            if hits[other][1] > begins + _SHOWN - _LEAD:
                break
            inside.update(heard[other])
        if len(inside) > most:
            best, most = max(begins - _LEAD, 0), len(inside)
    if best + _SHOWN > len(text):
        best = max(len(text) - _SHOWN, 0)
    limit = best + _SHOWN
    start = _edge(text, best) if best else 0
    if limit >= len(text):
        return start, len(text)
    end = text.rfind(" ", max(limit - _NEAR, start + 1), limit + 1)
    if end >= 0:
        end = len(text[:end].rstrip(_STOPS))
    else:
        end = max(
            (end for _start, end in _words_around(text, best, limit) if start < end <= limit),
            default=0,
        )
    # A word longer than the window is cut, but never within a character.
    if start >= limit:
        start = analysis.cut(text, best)
    return start, end if end > start else analysis.cut(text, limit)


def _edge(text: str, at: int) -> int:
    """Return the first place from here on where a word begins."""
    space = text.find(" ", at - 1, at + _NEAR)
    if space >= 0:
        return space + 1
    return next((start for start, _end in _words_around(text, at, at + _NEAR) if start >= at), at)


def _words_around(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where words begin and end from somewhat before to somewhat after a part of a text."""
    first = max(text.rfind(" ", max(start - _NEAR, 0), start) + 1, start - _NEAR, 0)
    found = boundaries.spans(text[first : end + _NEAR])
    return [(first + begins, first + ends) for begins, ends in found]


def _markup(
    text: str, start: int, end: int, hits: Sequence[Met], before: str = "", after: str = ""
) -> Markup:
    pieces = [before]
    at = start
    safe = escape if _SPECIAL.search(text, start, end) else str
    is_open = False
    for begins, ends, _forms in hits:
        if begins < start:
            continue
        if ends > end:
            break
        # Words without a space between them are one mark.
        if begins != at or not is_open:
            pieces += ["</mark>" if is_open else "", safe(text[at:begins]), "<mark>"]
        pieces.append(safe(text[begins:ends]))
        at, is_open = ends, True
    pieces += ["</mark>" if is_open else "", safe(text[at:end]), after]
    return Markup("".join(pieces))  # noqa: S704 - escaped where it has to be, but for the marks
