"""Answer a question: what the asker may find, counted, sorted, and read from the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from flask import Flask
from numpy.typing import NDArray

from policytrack.core.db import session as current_session
from policytrack.core.documents import Excerpt, Quoting, Result, access_words
from policytrack.core.permissions import Actor
from policytrack.search import passages, spelling
from policytrack.search.advice import Advice, Drop, advise
from policytrack.search.asking import glossary, naming, question
from policytrack.search.asking.glossary import Recognised
from policytrack.search.asking.naming import Later, Names
from policytrack.search.asking.question import Phrase, Question
from policytrack.search.index.heard import Mask, Numbers
from policytrack.search.index.snapshot import Snapshot, reading, search_of
from policytrack.search.language import folding
from policytrack.search.passages import Spot
from policytrack.search.queries import epoch_of
from policytrack.search.ranking import Answers, Ranking, first_of
from policytrack.search.spelling import Folded

PAGE_SIZE = 20
# Nobody reads on from here; a narrower question does more.
LAST_PAGE = 50
FILTERS = (
    "kind", "theme", "sector", "country", "corridor", "type", "legal", "group", "language", "year",
    "status", "gender",
)  # fmt: skip
SORTS = ("relevance", "date")

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_MOST_CODES = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what to search for. `filters` are codes by facet: any one of each facet's.

    Concepts that the words name are looked for in other words and languages, too: not those of
    `exact`, and none unless `expand`.
    """

    typed: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    size: int = PAGE_SIZE
    exact: tuple[str, ...] = ()
    expand: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Hold an answer. Whatever is counted is among what the asker may find.

    `counts` says by facet how many results each code has under the filters of the other facets;
    codes of none are left out. Before anything is asked, everything is counted. `called` tells what
    codes are called. `question` is as it was typed; `concepts` are those that it names, `added` the
    phrases by which it was widened; `elsewhere` tells that nothing has all words as they were
    typed, and something says the same in others. `relaxed` and `forms` are those of `Answers`.
    `scores` are those of the results and `excerpts` the pages that say most of what was asked for,
    both by key. `drops` says what to leave out where nothing is found; `meant` is the question as
    it was probably meant, where that is another.
    """

    question: Question
    total: int
    results: tuple[Result, ...]
    page: int
    pages: int
    counts: Mapping[str, Mapping[str, int]]
    called: Later
    relaxed: bool = False
    forms: frozenset[str] = frozenset()
    excerpts: Mapping[str, tuple[tuple[Excerpt, Spot], ...]] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    concepts: tuple[Recognised, ...] = ()
    added: tuple[Phrase, ...] = ()
    elsewhere: bool = False
    drops: tuple[Drop, ...] = ()
    meant: str = ""

    @property
    def names(self) -> Names:
        """Return what codes are called."""
        return self.called.names


def codes(given: Iterable[str]) -> tuple[str, ...]:
    """Return what can be a code among what was given, once each."""
    proper = (code for code in dict.fromkeys(given) if _CODE.fullmatch(code))
    return tuple(proper)[:_MOST_CODES]


def search(app: Flask, wanted: Wanted, *, actor: Actor, language: str) -> Found:
    """Search; raise `generations.Unusable` while there is no index to search."""
    epoch = epoch_of(current_session())
    called = Later(app, current_session())
    access = access_words(actor)
    with reading(app, epoch) as snapshot:
        permitted = snapshot.permitted(access)
        asked = question.read(wanted.typed, snapshot.codes("tongue"), called.code, naming.KNOWN)
        widened, concepts = _widen(asked, wanted)
        answers = _answers(snapshot, widened, access, wanted)
        facets = {name: _marked(snapshot, name, chosen) for name, chosen in wanted.filters.items()}
        left = np.arange(len(answers.numbers))[_left(answers.numbers, facets.values())]
        pages = min(max(-(-len(left) // wanted.size), 1), LAST_PAGE)
        page = min(max(wanted.page, 1), pages)
        ordered = _ordered(snapshot, answers, left, wanted.sort, page * wanted.size)
        places = ordered[(page - 1) * wanted.size :]
        shown = answers.numbers[places]
        rows = [snapshot.stored(number) for number in shown.tolist()]
        keys = [str(row["key"]) for row in rows]
        spots = {
            key: passages.best(snapshot, answers, int(number), row.get("places"))
            for key, number, row in zip(keys, shown, rows, strict=True)
        }
        scores = dict(zip(keys, answers.scores[places].tolist(), strict=True))
        # Who asks for nothing yet chooses among everything.
        among = answers.numbers if asked.text else np.flatnonzero(permitted).astype(np.int32)
        counts = snapshot.tally(FILTERS).counted(among[_left(among, facets.values())])
        for name in facets:
            others = [facets[each] for each in facets if each != name]
            counts[name] = snapshot.facet(name).counted(among[_left(among, others)])
        better = advise(
            snapshot,
            asked,
            answers,
            facets,
            access,
            lambda other: Ranking(snapshot, access).answer(_widen(other, wanted)[0]),
        )
    results = resolve(app, keys, actor, language)
    # What the database no longer shows has changed since: the index will follow in a moment.
    total = len(left) - (len(keys) - len(results))
    return Found(
        asked,
        total,
        results,
        page,
        pages,
        counts,
        called,
        relaxed=answers.relaxed,
        forms=answers.forms,
        excerpts=_excerpts(app, {each.key: spots[each.key] for each in results}, actor),
        scores=scores,
        concepts=concepts,
        added=tuple(phrase for each in widened.sought for _language, phrase in each.phrases),
        elsewhere=answers.relaxed and bool(answers.complete.any()),
        drops=better.drops,
        meant=_meant(app, asked, better, actor, language),
    )


def _widen(asked: Question, wanted: Wanted) -> tuple[Question, tuple[Recognised, ...]]:
    return glossary.widen(asked, exact=wanted.exact, expand=wanted.expand)


@dataclass(frozen=True, slots=True)
class Order:
    """Hold the first of all that answers a question as keys, the best first.

    `total` counts them all, as the index has them: not all need be shown by the database.
    """

    question: Question
    total: int
    keys: tuple[str, ...]
    relaxed: bool


def order(app: Flask, wanted: Wanted, *, actor: Actor, most: int) -> Order:
    """Return what `search` finds, without its pages; raise `generations.Unusable` likewise."""
    epoch = epoch_of(current_session())
    called = Later(app, current_session())
    access = access_words(actor)
    with reading(app, epoch) as snapshot:
        asked = question.read(wanted.typed, snapshot.codes("tongue"), called.code, naming.KNOWN)
        answers = _answers(snapshot, _widen(asked, wanted)[0], access, wanted)
        masks = [_marked(snapshot, name, chosen) for name, chosen in wanted.filters.items()]
        left = np.arange(len(answers.numbers))[_left(answers.numbers, masks)]
        first = answers.numbers[_ordered(snapshot, answers, left, wanted.sort, most)]
        keys = tuple(str(snapshot.stored(number)["key"]) for number in first.tolist())
    return Order(asked, len(left), keys, answers.relaxed)


def _answers(
    snapshot: Snapshot, asked: Question, access: tuple[str, ...], wanted: Wanted
) -> Answers:
    if not asked.is_empty:
        return Ranking(snapshot, access).answer(asked)
    # Filters alone list what they leave.
    lists = not asked.text and any(wanted.filters.values())
    found = np.flatnonzero(snapshot.permitted(access)) if lists else np.empty(0, np.intp)
    return Answers(found.astype(np.int32), np.zeros(len(found)), np.ones(len(found), np.bool_))


def _marked(snapshot: Snapshot, name: str, chosen: Sequence[str]) -> Mask:
    mask = np.zeros(snapshot.size, np.bool_)
    for code in chosen:
        mask[snapshot.facet(name).of(code)] = True
    return mask


def _left(numbers: Numbers, masks: Iterable[Mask]) -> Mask | slice:
    """Tell which of some documents all filters leave."""
    marked = [mask[numbers] for mask in masks]
    return reduce(np.logical_and, marked) if marked else slice(None)


def _ordered(
    snapshot: Snapshot, answers: Answers, left: NDArray[np.intp], sort: str, most: int
) -> NDArray[np.intp]:
    """Return the first of some answers: what has every word, then by score or date, latest first.

    By score, what has the words as they were typed stands before what says the same in others.
    """
    scores, complete = answers.scores, answers.complete
    if len(left) < len(scores):
        scores, complete = scores[left], complete[left]
    if sort == "date" or not scores.any():
        days = snapshot.days[answers.numbers[left]]
        return left[np.lexsort((left, -scores, -days, ~complete))[:most]]
    before = [complete] if answers.typed is None else [complete, answers.typed[left]]
    before = [mask for mask in before if not mask.all()]
    first = first_of(most, scores, before)
    keys = (left[first], -scores[first], *(~mask[first] for mask in reversed(before)))
    return left[first[np.lexsort(keys)]]


def resolve(app: Flask, keys: Sequence[str], actor: Actor, language: str) -> tuple[Result, ...]:
    """Read what the asker may see of these documents, in their order."""
    session = current_session()
    found: dict[str, Result] = {}
    by_kind: dict[str, list[str]] = {}
    for key in keys:
        by_kind.setdefault(key.partition(":")[0], []).append(key)
    sources = search_of(app).sources
    for kind, those in by_kind.items():
        if kind in sources:
            found.update(sources[kind].results(session, those, actor, language))
    return tuple(found[key] for key in keys if key in found)


def _excerpts(
    app: Flask, spots: Mapping[str, Sequence[Spot]], actor: Actor
) -> Mapping[str, tuple[tuple[Excerpt, Spot], ...]]:
    """Read what stands where a result says most, by key; nothing where the asker may not see it."""
    if not any(spots.values()):
        return dict.fromkeys(spots, ())
    found: dict[tuple[str, str], Excerpt] = {}
    for kind, source in search_of(app).sources.items():
        places = {
            key: [spot.place for spot in those]
            for key, those in spots.items()
            if those and key.startswith(f"{kind}:")
        }
        if places and isinstance(source, Quoting):
            found.update(source.excerpts(current_session(), places, actor))
    return {
        key: tuple((found[key, spot.place], spot) for spot in those if (key, spot.place) in found)
        for key, those in spots.items()
    }


def _meant(app: Flask, asked: Question, better: Advice, actor: Actor, language: str) -> str:
    """Return the question as it was probably meant, written as texts write it."""
    if not better.corrections:
        return ""
    words = as_written(app, [each.word for each in better.corrections], actor, language)
    return spelling.respelt(asked.text, better.corrections, words)


def as_written(
    app: Flask, words: Sequence[Folded], actor: Actor, language: str
) -> Mapping[str, str]:
    """Return how texts write folded words; those that no text shows are left out."""
    found = {word.form: word.form for word in words if word.form.isascii()}
    for speaks, those in (
        # Labels are read in the language that has the word.
        ("ar", [word for word in words if folding.is_arabic(word.form)]),
        (language, [word for word in words if not folding.is_arabic(word.form)]),
    ):
        keys = {key for word in those if word.form not in found for key in word.keys}
        results = {each.key: each for each in resolve(app, sorted(keys), actor, speaks)}
        for word in those:
            shown = [results[key] for key in word.keys if key in results]
            if word.form not in found and (text := spelling.written(word.form, shown)):
                found[word.form] = text
    return found
