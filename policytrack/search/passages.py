"""Find the passages of a document that say most of what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policytrack.search.asking.question import Forms
from policytrack.search.index.schema import TEXTS
from policytrack.search.index.segments import BITS, FIELD_BIT
from policytrack.search.index.snapshot import Snapshot
from policytrack.search.ranking import Answers

# A result shows so many passages of a document.
MOST = 2
# What stands so near, in words, is shown together.
_TOGETHER = 30
# Of what a passage has of it so much is looked at.
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """Hold where a passage is, by its source's name, and at which of its words to read it."""

    place: str
    word: int


def best(
    snapshot: Snapshot,
    answers: Answers,
    number: int,
    places: Sequence[tuple[int, int, str]] | None,
) -> tuple[Spot, ...]:
    """Return where a document says most of what was asked for, the best first.

    `places` are those that are stored with it; empty where it has none, or where nothing of its
    body was asked for.
    """
    if not places:
        return ()
    words, letters, names = zip(*places, strict=True)
    heard = _heard(snapshot, answers.words, TEXTS, number, np.array(words))
    if not heard:
        heard = _heard(snapshot, answers.letters, ("letters",), number, np.array(letters))
        heard = [(worth, passage, 0) for worth, passage, _word in heard]
    if not heard and answers.sought:
        named = {
            forms: 1.0
            for each in answers.sought
            for _language, phrase in each.phrases
            for forms in phrase.words
        }
        heard = _heard(snapshot, named, TEXTS, number, np.array(words))
    spots = [Spot(str(names[passage]), word) for _worth, passage, word in heard]
    # What lies between places has none of its own.
    return tuple(spot for spot in spots if spot.place)[:MOST]


def _heard(
    snapshot: Snapshot,
    sought: Mapping[Forms, float],
    fields: tuple[str, ...],
    number: int,
    starts: NDArray[np.int64],
) -> list[tuple[float, int, int]]:
    """Return the passages that tell most: how much, which, and from which of its words on."""
    found = list(_positions(snapshot, sought, fields, number))
    if not any(map(len, found)):
        return []
    positions = np.concatenate(found)
    which = np.repeat(np.arange(len(found)), [len(each) for each in found])
    order = np.argsort(positions, kind="stable")
    positions, which = positions[order], which[order]
    passages = np.searchsorted(starts, positions, "right") - 1
    # Each word counts once in a passage; among equals the passage that has more of them.
    told, times = np.unique(passages * len(found) + which, return_counts=True)
    worths = np.array([*sought.values()])[told % len(found)] + 1e-3 * np.minimum(times, 9)
    worth = np.bincount(told // len(found), worths)
    best = np.lexsort((np.arange(len(worth)), -worth))[: MOST + 1]
    return [
        (float(worth[each]), int(each), _densest(positions[here], which[here]) - int(starts[each]))
        for each in best
        if worth[each] and (here := passages == each).any()
    ]


def _densest(positions: NDArray[np.int64], which: NDArray[np.int64]) -> int:
    """Return the position from which on the most different words stand together."""
    most, at = 0, int(positions[0])
    for first, position in enumerate(positions[:_LOOKED_AT].tolist()):
        last = int(np.searchsorted(positions, position + _TOGETHER))
        different = len(set(which[first:last].tolist()))
        if different > most:
            most, at = different, position
    return at


def _positions(
    snapshot: Snapshot, sought: Mapping[Forms, float], fields: tuple[str, ...], number: int
) -> Iterator[NDArray[np.int64]]:
    for forms in sought:
        # Of the first field alone.
        keys = snapshot.standing(fields, forms)
        first, last = np.searchsorted(keys, [number << BITS, (number << BITS) + (1 << FIELD_BIT)])
        yield keys[first:last] - (number << BITS)
