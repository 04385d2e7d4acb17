"""Answer a question: what the asker may find, counted, sorted, and read from the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask

from policytrack.core.db import session as current_session
from policytrack.core.documents import Result, access_words
from policytrack.core.permissions import Actor
from policytrack.search import question
from policytrack.search.queries import standing
from policytrack.search.question import Question
from policytrack.search.ranking import Ranked, Ranking
from policytrack.search.snapshot import Snapshot, reading, search_of

PAGE_SIZE = 20
# Nobody reads on from here; a narrower question does more.
LAST_PAGE = 50
FILTERS = ("kind", "country", "corridor", "theme", "language", "group")
SORTS = ("relevance", "date")

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_MOST_CODES = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what to search for. `filters` are codes by facet: any one of each facet's."""

    typed: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Found:
    """Hold an answer. Whatever is counted is among what the asker may find.

    `counts` says by facet how many results a code would leave; `choices` lists by facet the codes
    of everything that the asker may find, whatever the question.
    """

    question: Question
    total: int
    results: tuple[Result, ...]
    page: int
    pages: int
    counts: Mapping[str, Mapping[str, int]]
    choices: Mapping[str, tuple[str, ...]]


def codes(given: Iterable[str]) -> tuple[str, ...]:
    """Return what can be a code among what was given, once each."""
    proper = (code for code in dict.fromkeys(given) if _CODE.fullmatch(code))
    return tuple(proper)[:_MOST_CODES]


def search(app: Flask, wanted: Wanted, *, actor: Actor, language: str) -> Found:
    """Search; raise `generations.Unusable` while there is no index to search."""
    epoch = standing(current_session()).epoch
    access = access_words(actor)
    with reading(app, epoch) as snapshot:
        permitted = snapshot.permitted(access)
        asked = question.read(wanted.typed, snapshot.codes("tongue"))
        answers = _answers(snapshot, asked, access, wanted)
        facets = {name: _marked(snapshot, name, chosen) for name, chosen in wanted.filters.items()}
        matching = frozenset(answers)
        left = matching.intersection(*facets.values())
        pages = min(max(-(-len(left) // wanted.size), 1), LAST_PAGE)
        page = min(max(wanted.page, 1), pages)
        ordered = _ordered(snapshot, [answers[number] for number in left], wanted.sort)
        shown = ordered[(page - 1) * wanted.size : page * wanted.size]
        keys = [str(snapshot.stored(each.number)["key"]) for each in shown]
        counts = {
            name: _counted(snapshot, name, _others(matching, facets, name)) for name in FILTERS
        }
        choices = {name: _present(snapshot, name, permitted) for name in FILTERS}
    results = _results(app, keys, actor, language)
    # What the database no longer shows has changed since: the index will follow in a moment.
    total = len(left) - (len(keys) - len(results))
    return Found(asked, total, results, page, pages, counts, choices)


def _answers(
    snapshot: Snapshot, asked: Question, access: tuple[str, ...], wanted: Wanted
) -> dict[int, Ranked]:
    if not asked.is_empty:
        return {each.number: each for each in Ranking(snapshot, access).answer(asked)}
    if asked.text or not any(wanted.filters.values()):
        return {}
    # Filters alone list what they leave.
    return {number: Ranked(number, True, 0.0) for number in snapshot.permitted(access)}


def _marked(snapshot: Snapshot, name: str, chosen: Sequence[str]) -> frozenset[int]:
    return frozenset[int]().union(*(snapshot.marked(name, code) for code in chosen))


def _others(
    matching: frozenset[int], facets: Mapping[str, frozenset[int]], name: str
) -> frozenset[int]:
    return matching.intersection(*(marked for facet, marked in facets.items() if facet != name))


def _counted(snapshot: Snapshot, name: str, among: frozenset[int]) -> dict[str, int]:
    counted = {code: len(among & snapshot.marked(name, code)) for code in snapshot.codes(name)}
    return {code: number for code, number in counted.items() if number}


def _present(snapshot: Snapshot, name: str, among: frozenset[int]) -> tuple[str, ...]:
    codes = snapshot.codes(name)
    return tuple(code for code in codes if not among.isdisjoint(snapshot.marked(name, code)))


def _ordered(snapshot: Snapshot, answers: Sequence[Ranked], sort: str) -> list[Ranked]:
    """Sort: what has every word first, then by score or date, the latest first."""
    if sort == "date" or not any(each.score for each in answers):
        dates = {each.number: str(snapshot.stored(each.number)["on"]) for each in answers}
        return sorted(
            answers, key=lambda each: (each.complete, dates[each.number], each.score), reverse=True
        )
    return sorted(answers, key=lambda each: (not each.complete, -each.score, each.number))


def _results(app: Flask, keys: Sequence[str], actor: Actor, language: str) -> tuple[Result, ...]:
    """Read what the asker may see of these documents, in their order."""
    session = current_session()
    found: dict[str, Result] = {}
    for kind, source in search_of(app).sources.items():
        if of_kind := [key for key in keys if key.startswith(f"{kind}:")]:
            found.update(source.results(session, of_kind, actor, language))
    return tuple(found[key] for key in keys if key in found)
