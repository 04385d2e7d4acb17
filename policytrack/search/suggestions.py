"""Suggest while somebody types: names and titles to go to, and words to search for.

Whatever is suggested is among what the asker may find: names of reference data, which everybody
may see; titles, read from the database; and words of published texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from flask import Flask, url_for

from policytrack.core.db import session as current_session
from policytrack.core.documents import Result, access_words
from policytrack.core.i18n import label, label_language
from policytrack.core.permissions import Actor
from policytrack.search import engine, spelling
from policytrack.search.asking import naming, question
from policytrack.search.asking.naming import Names
from policytrack.search.index import lexicon
from policytrack.search.index.heard import Mask
from policytrack.search.index.snapshot import Snapshot, reading
from policytrack.search.language import analysis, folding
from policytrack.search.queries import standing
from policytrack.search.spelling import Folded

# Whoever has typed more knows what they look for.
LONGEST = 100
_MOST_NAMES, _MOST_TITLES, _MOST_WORDS = 3, 5, 3
_SHORTEST = 2
_MOST_FORMS = 120
_MOST_COUNTED = 60
# A word that one document has may be a slip of the pen.
_OFTEN = 2
# What is called by a name of reference data, and the page and value that lead to it.
_NAMED = {
    "country": ("pages.country", "iso2"),
    "corridor": ("pages.corridor", "code"),
    "theme": ("pages.theme", "code"),
}
# Those are known by name already, and a note is called as what it reports on.
_NOT_TITLED = (*_NAMED, "note")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Hold one suggestion; `kind` is that of a thing, or `words` to search for.

    `context` tells things of one name apart.
    """

    kind: str
    text: str
    language: str
    url: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class _Begun:
    """Hold what somebody has typed: whole words, and the letters with which the last one begins."""

    text: str
    whole: tuple[analysis.Word, ...]
    start: int
    letters: str


def suggest(app: Flask, typed: str, *, actor: Actor, language: str) -> list[Suggestion]:
    """Return what may be meant; raise `generations.Unusable` while there is no index."""
    text = question.tidy(typed[: 4 * LONGEST])[:LONGEST]
    if not text:
        return []
    epoch = standing(current_session()).epoch
    names = naming.names(app, current_session())
    access = access_words(actor)
    with reading(app, epoch) as snapshot:
        begun = _begun(text, snapshot.codes("tongue"))
        if begun is None:
            return []
        titled = _titled(snapshot, begun, snapshot.permitted(access))
        words = _words(snapshot, begun, spelling.published(snapshot, access))
    shown = {result.key: result for result in engine.resolve(app, sorted(titled), actor, language)}
    written = engine.as_written(app, words, actor, language)
    found = (
        *_names(names, text, language),
        *(_thing(shown[key]) for key in titled if key in shown),
        *_searches(begun, words, written, language),
    )
    # A published text and the one that is to replace it lead to the same page.
    return list({each.url: each for each in reversed(found)}.values())[::-1]


def _begun(text: str, tongues: Sequence[str]) -> _Begun | None:
    words = analysis.asked(text, tongues)
    if not words:
        return None
    last = words[-1]
    # After a space another word is still to come.
    if last.end < len(text):
        return _Begun(text, tuple(words), len(text), "")
    letters = last.forms[0]
    if len(words) == 1 and len(letters) < _SHORTEST and letters.isascii():
        return None
    return _Begun(text, tuple(words[:-1]), last.start, letters)


def _names(names: Names, text: str, language: str) -> list[Suggestion]:
    found: list[Suggestion] = []
    for facet, (endpoint, value) in _NAMED.items():
        for code in names.beginning(facet, text)[:_MOST_NAMES]:
            said, spoken = _called(names, facet, code, language)
            found.append(
                Suggestion(facet, said, spoken, url_for(endpoint, **_values({value: code})))
            )
    return found[: _MOST_NAMES + 1]


def _called(names: Names, facet: str, code: str, language: str) -> tuple[str, str]:
    if facet == "corridor":
        ends = [names.labels["country"].get(end, {}) for end in code.split("-")]
        return " – ".join(label(end, language) for end in ends), label_language(ends[0], language)
    labels = names.labels[facet][code]
    return label(labels, language), label_language(labels, language)


def _titled(snapshot: Snapshot, begun: _Begun, among: Mask) -> list[str]:
    """Return the documents in whose title all these words stand, the shortest title first."""
    found = among.copy()
    for word in begun.whole:
        found &= _with_any(snapshot, word.forms)
    if begun.letters:
        found &= _with_any(snapshot, _beginning(snapshot, begun.letters))
    for kind in _NOT_TITLED:
        found[snapshot.facet("kind").of(kind)] = False
    numbers = np.flatnonzero(found)
    lengths = snapshot.evened("title", 1.0, (), numbers)
    order = np.lexsort((numbers, -snapshot.days[numbers], lengths))[:_MOST_TITLES]
    return [str(snapshot.stored(int(number))["key"]) for number in numbers[order]]


def _beginning(snapshot: Snapshot, letters: str) -> list[str]:
    forms = (form for form in snapshot.forms("title", letters) if "~" not in form)
    return list(islice(forms, _MOST_FORMS))


def _with_any(snapshot: Snapshot, forms: Sequence[str]) -> Mask:
    found = np.zeros(snapshot.size, np.bool_)
    for form in forms:
        found[snapshot.postings("title", form)[0]] = True
    return found


def _words(snapshot: Snapshot, begun: _Begun, among: Mask) -> list[Folded]:
    """Return the words that most documents have, where any has the words before, too."""
    if len(begun.letters) < lexicon.SHORTEST:
        return []
    beside = among.copy()
    for word in begun.whole:
        if word.forms[0] not in analysis.COMMON:
            having = np.zeros(snapshot.size, np.bool_)
            having[spelling.having(snapshot, word.forms, among)] = True
            beside &= having
    found = [
        form
        for form in _frequent(snapshot, begun.letters, among)
        if spelling.count(snapshot, form, beside)
    ]
    return [spelling.folded(snapshot, form, among) for form in found[:_MOST_WORDS]]


def _frequent(snapshot: Snapshot, letters: str, among: Mask) -> list[str]:
    """Return the words that begin so, those that most documents have first."""
    often = lexicon.merged(
        pair
        for words in lexicon.of_letter(snapshot, letters[0])
        for pair in words.beginning(letters)
    )
    best: list[tuple[int, str]] = []
    # Nothing stands in more of the asker's documents than in all: the order in which words are
    # counted ends the counting early and decides nothing else.
    for form, most in sorted(often.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_COUNTED]:
        if len(best) == _MOST_WORDS + 1 and most < -best[-1][0]:
            break
        count = spelling.count(snapshot, form, among)
        if count >= _OFTEN and form != letters:
            best = sorted([*best, (-count, form)])[: _MOST_WORDS + 1]
    return [form for _count, form in best]


def _thing(result: Result) -> Suggestion:
    return Suggestion(
        result.kind,
        result.title,
        result.title_language,
        url_for(result.endpoint, **_values(result.values)),
        # Under the name of an organisation stands its country.
        result.text if result.kind == "constituent" else result.context,
    )


def _values(values: Mapping[str, str]) -> dict[str, Any]:
    return dict(values)


def _searches(
    begun: _Begun, words: Sequence[Folded], written: Mapping[str, str], language: str
) -> Iterator[Suggestion]:
    for each in words:
        # Folded Arabic is no Arabic that anybody would write.
        if each.form in written or not folding.is_arabic(each.form):
            text = begun.text[: begun.start] + written.get(each.form, each.form)
            yield Suggestion("words", text, language, url_for("search.search", q=text))
