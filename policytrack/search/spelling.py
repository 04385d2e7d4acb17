"""Find what somebody meant to write, among the words of published texts.

A word counts in so far as the asker may find documents with it: one that stands in hidden documents
alone is never offered, and how often it stands there moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log10

import numpy as np

from policytrack.core.documents import PUBLIC, RESTRICTED, Result
from policytrack.search.asking.question import Question
from policytrack.search.index import lexicon
from policytrack.search.index.heard import Mask, Numbers
from policytrack.search.index.schema import TEXTS
from policytrack.search.index.snapshot import Snapshot
from policytrack.search.language import analysis

# A word that so many documents have is looked at again; another must be far more common then.
SELDOM = 2
_FAR_MORE = 20
# Of a question so many words are looked at, and of each so many others are counted.
_MOST_WORDS = 12
_MOST_CORRECTED = 3
_MOST_COUNTED = 40
# Short words change into others by two letters.
_LONG = 6
_BEGUN = 4
# So many documents are read to see how a word is written.
_EXAMPLES = 4
_READ = 4_000


@dataclass(frozen=True, slots=True)
class Folded:
    """Hold a folded word, and documents that have it, to see how it is written."""

    form: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """Hold where a word stands in a question, and which was probably meant."""

    start: int
    end: int
    word: Folded


def published(snapshot: Snapshot, access: tuple[str, ...]) -> Mask:
    """Return the documents that are published, as far as the asker may find them."""
    return snapshot.permitted(tuple(word for word in access if word in {PUBLIC, RESTRICTED}))


def corrections(
    snapshot: Snapshot, asked: Question, tongues: Sequence[str], access: tuple[str, ...]
) -> tuple[Correction, ...]:
    """Return what to write instead of words that nobody, or hardly anybody, wrote."""
    among, found = published(snapshot, access), []
    for word in _doubtful(asked, tongues)[:_MOST_WORDS]:
        if _is_common(snapshot, word.forms, among):
            continue
        often = len(having(snapshot, word.forms, among))
        meant = _meant(snapshot, word.forms[0], often, among)
        if meant:
            found.append(Correction(word.start, word.end, folded(snapshot, meant, among)))
        if len(found) == _MOST_CORRECTED:
            break
    return tuple(found)


def _doubtful(asked: Question, tongues: Sequence[str]) -> list[analysis.Word]:
    """Return the words that a result must have and that can be misspelt."""
    forms = asked.forms
    return [
        word
        for word in analysis.asked(asked.text, tongues)
        if word.forms[0] in forms
        # Vowel signs are no letters to Python.
        and word.forms[0][0].isalpha()
        and not any(map(str.isdigit, word.forms[0]))
        and lexicon.SHORTEST <= len(word.forms[0]) <= lexicon.LONGEST
    ]


def _is_common(snapshot: Snapshot, forms: Sequence[str], among: Mask) -> bool:
    """Tell whether more than a few documents have a word, as they have nearly all."""
    return int(among[snapshot.word(TEXTS, tuple(forms)).numbers].sum()) > SELDOM


def having(snapshot: Snapshot, forms: Sequence[str], among: Mask) -> Numbers:
    """Return the documents among these that have a word in one of its forms."""
    parts = [snapshot.postings(field, form)[0] for field in TEXTS for form in forms]
    numbers: Numbers = np.unique(np.concatenate(parts))
    return numbers[among[numbers]]


def count(snapshot: Snapshot, form: str, among: Mask) -> int:
    """Return how many documents among these have a form."""
    body, title = (snapshot.postings(field, form)[0] for field in TEXTS)
    title, body = title[among[title]], body[among[body]]
    if not len(body):
        return len(title)
    # Both ascend: most titles say again what stands in the text.
    beside = np.minimum(np.searchsorted(body, title), len(body) - 1)
    return len(body) + int((body[beside] != title).sum())


def folded(snapshot: Snapshot, form: str, among: Mask) -> Folded:
    """Return a word with documents that show how it is written, by their titles first."""
    if form.isascii():  # as it is written, but for capitals
        return Folded(form, ())
    numbers: list[int] = []
    for field in reversed(TEXTS):
        there = snapshot.postings(field, form)[0]
        numbers += there[among[there]][:_EXAMPLES].tolist()
    keys = (str(snapshot.stored(number)["key"]) for number in numbers[:_EXAMPLES])
    return Folded(form, tuple(dict.fromkeys(keys)))


def _meant(snapshot: Snapshot, word: str, often: int, among: Mask) -> str:
    """Return the word that was probably meant; empty where there is none."""
    close: dict[str, tuple[int, int]] = {}
    for form, changes, most in _close(snapshot, word, often):
        before, counted = close.get(form, (changes, 0))
        close[form] = (min(before, changes), counted + most)
    close.pop(word, None)
    # Nothing can stand in more of the asker's documents than in all: the order in which words are
    # counted ends the counting early and decides nothing else.
    hopes = sorted((_cost(word, form, *told), form) for form, told in close.items())
    best, cheapest = "", float("inf")
    for hope, form in hopes[:_MOST_COUNTED]:
        if hope >= cheapest:
            break
        there = count(snapshot, form, among)
        cost = _cost(word, form, close[form][0], there)
        if there >= max(1, often * _FAR_MORE) and (cost, form) < (cheapest, best):
            best, cheapest = form, cost
    return best


def _close(snapshot: Snapshot, word: str, often: int) -> Iterator[tuple[str, int, int]]:
    """Yield words that are spelled alike, with their changes and how often they stand at most."""
    most = 2 if len(word) >= _LONG and not often else 1
    # Who swaps the first two letters, or puts one before, has the first of the word second.
    for letter in dict.fromkeys(word[:2]):
        for words in lexicon.of_letter(snapshot, letter):
            yield from words.near(word, most)
            # Who stops in the middle of a word makes one slip, however much is missing.
            if len(word) >= _BEGUN and not often:
                yield from ((form, 1, times) for form, times in words.beginning(word))


def _cost(word: str, form: str, changes: int, often: int) -> float:
    strange = 0.0 if form[0] == word[0] else 0.5
    # Letters are doubled, left out and swapped more often than taken for others.
    slip = 0.4 if set(form) == set(word) else 0.0
    return changes + strange - slip - 0.3 * log10(max(often, 1))


def written(form: str, results: Sequence[Result]) -> str:
    """Return a folded word as these texts write it; empty where they do not show it."""
    return next(_spellings(form, results), "")


def _spellings(form: str, results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        for text, language in (
            (result.title, result.title_language),
            (result.text[:_READ], result.text_language),
        ):
            for word in analysis.words(text, language):
                if form in analysis.spellings(text[word.start : word.end]):
                    yield text[word.start : word.end].lower()


def respelt(text: str, found: Sequence[Correction], words: Mapping[str, str]) -> str:
    """Return a question with other words in the places of those that were corrected."""
    for each in sorted(found, key=lambda one: -one.start):
        word = words.get(each.word.form, each.word.form)
        text = text[: each.start] + word + text[each.end :]
    return text
