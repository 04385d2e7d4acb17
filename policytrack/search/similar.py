"""Find what is closest to a document or a commitment: in wording, and in what it is about.

From the index alone: the most telling words of the thing are looked for like a question any of
whose words will do, and shared themes, countries and corridors count beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from flask import Flask

from policytrack.core.db import session as current_session
from policytrack.core.documents import Passage, Result, SearchDocument, access_words
from policytrack.core.errors import NotFound
from policytrack.core.permissions import Actor
from policytrack.search.index.heard import Mask
from policytrack.search.index.snapshot import Snapshot, reading, search_of
from policytrack.search.language import analysis
from policytrack.search.queries import standing
from policytrack.search.ranking import Ranking

# The kinds of things from which others are found: what these must carry, by facet.
LIKE: Mapping[str, Mapping[str, str]] = {
    "document": {"kind": "document"},
    "commitment": {"kind": "document", "type": "practice"},
}
MOST = 10

# So many words of a thing tell what it is about; they are among its most frequent, in so many of
# its characters: a long text says at its beginning what it is about.
_TELLING = 25
_FREQUENT = 120
_READ = 30_000
# A word of the title counts as often.
_TITLE = 3
_SHORTEST = 3
# What it counts to be about the same, beside wording, which counts one for whatever is closest.
_ABOUT = {"corridor": 0.3, "theme": 0.3, "country": 0.2, "sector": 0.1}
# What is less close than this has hardly anything to do with it.
_LEAST = 0.25


@dataclass(frozen=True, slots=True)
class Likeness:
    """Hold one thing that is close to another: what both are about, as codes by facet."""

    result: Result
    shared: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Similar:
    """Hold a thing, with what is closest to it, the closest first."""

    of: Result
    found: tuple[Likeness, ...]


def similar(app: Flask, kind: str, public_id: str, *, actor: Actor, language: str) -> Similar:
    """Return what is closest to a thing, of what the actor may see.

    Raise `NotFound` where there is no such thing for the actor, `generations.Unusable` while there
    is no index.
    """
    thing, of = _thing(app, kind, public_id, actor, language)
    often = _often(thing.passages)
    with reading(app, standing(current_session()).epoch) as snapshot:
        near = _near(snapshot, thing, often, access_words(actor))
    source = search_of(app).sources[LIKE[kind]["kind"]]
    results = source.results(current_session(), [key for key, _shared in near], actor, language)
    # Of one thing several documents may be close: the text in force, and the one under way.
    found: dict[str, Likeness] = {}
    for key, shared in near:
        if key in results:
            found.setdefault(key.split(":", 2)[1], Likeness(results[key], shared))
    return Similar(of, tuple(islice(found.values(), MOST)))


def _thing(
    app: Flask, kind: str, public_id: str, actor: Actor, language: str
) -> tuple[SearchDocument, Result]:
    """Return a thing as the actor may see it: what is in force before what is under way."""
    source = search_of(app).sources.get(kind) if kind in LIKE else None
    if source is None:
        raise NotFound()
    held = frozenset(access_words(actor))
    documents = {
        document.key: document
        for document in source.documents(current_session(), [public_id])
        if held.intersection(document.access)
    }
    results = source.results(current_session(), list(documents), actor, language)
    for key, document in documents.items():
        if key in results:
            return document, results[key]
    raise NotFound()


def _often(passages: Sequence[Passage]) -> dict[str, int]:
    """Return the words that a thing says most often, each in the form that finds most."""
    often: Counter[str] = Counter()
    left = _READ
    for passage in passages:
        times = _TITLE if passage.weight == "title" else 1
        for form in _telling(analysis.words(passage.text[:left], passage.language)):
            often[form] += times
        left -= len(passage.text)
        if left <= 0:
            break
    return dict(sorted(often.items(), key=lambda each: (-each[1], each[0]))[:_FREQUENT])


def _telling(words: Iterable[analysis.Word]) -> Iterable[str]:
    for word in words:
        written = word.forms[0]
        if len(written) >= _SHORTEST and written not in analysis.COMMON and not written.isdigit():
            yield next((form for form in word.forms if "~" in form), written)


def _near(
    snapshot: Snapshot, thing: SearchDocument, often: Mapping[str, int], access: tuple[str, ...]
) -> list[tuple[str, dict[str, tuple[str, ...]]]]:
    """Return the keys of what is closest, with what it shares."""
    candidates = snapshot.permitted(access) & _like(snapshot, thing.kind)
    own, _counts = snapshot.postings("entity", f"{thing.kind}:{thing.public_id}")
    candidates[own] = False
    ranking = Ranking(snapshot, access)
    closeness, _forms = ranking.likeness(often, _TELLING)
    closest = float(closeness[candidates].max()) if candidates.any() else 0.0
    closeness = closeness / closest if closest else closeness
    for field, weight in _ABOUT.items():
        closeness += weight * ranking.shared(field, thing.codes.get(field, ()))
    near = np.flatnonzero(candidates & (closeness >= _LEAST))
    first = near[np.lexsort((near, -closeness[near]))[: 2 * MOST]]
    return [
        (str(snapshot.stored(int(number))["key"]), _shared(snapshot, int(number), thing))
        for number in first
    ]


def _like(snapshot: Snapshot, kind: str) -> Mask:
    mask = np.ones(snapshot.size, np.bool_)
    for field, code in LIKE[kind].items():
        there = np.zeros(snapshot.size, np.bool_)
        there[snapshot.facet(field).of(code)] = True
        mask &= there
    return mask


def _shared(snapshot: Snapshot, number: int, thing: SearchDocument) -> dict[str, tuple[str, ...]]:
    found = {
        field: tuple(
            code for code in thing.codes.get(field, ()) if number in snapshot.facet(field).of(code)
        )
        for field in _ABOUT
    }
    # A sub-theme says more than the area that it belongs to.
    found["theme"] = tuple(
        code
        for code in found["theme"]
        if not any(other.startswith(f"{code}.") for other in found["theme"])
    )
    return found
