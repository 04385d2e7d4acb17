"""Say what would find something where nothing is found, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from policytrack.search import spelling
from policytrack.search.asking.question import Question
from policytrack.search.index.heard import Mask
from policytrack.search.index.snapshot import Snapshot
from policytrack.search.ranking import Answers
from policytrack.search.spelling import Correction

# So many answers tell of a word, most often, whether it is doubtful.
_SOME = 100
# Of a long question so many parts are tried without.
_MOST_PARTS = 8


Answer = Callable[[Question], Answers]


@dataclass(frozen=True, slots=True)
class Drop:
    """Hold what to leave out, and how many results that would leave.

    `facets` are whole filters, `text` is a part of the question and `rest` the question without it.
    With a rest alone it is the quotation marks that are left out, with filters and a rest all but
    that rest.
    """

    count: int
    facets: tuple[str, ...] = ()
    text: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """Hold what to do better: what to drop, the best first, and words to write otherwise."""

    drops: tuple[Drop, ...] = ()
    corrections: tuple[Correction, ...] = ()


def advise(
    snapshot: Snapshot,
    asked: Question,
    answers: Answers,
    masks: Mapping[str, Mask],
    access: tuple[str, ...],
    answer: Answer,
) -> Advice:
    """Return what to do better.

    `masks` says by filter which documents it leaves; `answer` answers other questions as this one
    was answered.
    """
    found: tuple[Correction, ...] = ()
    if not (asked.is_plain and _often(snapshot, answers, access)):
        found = spelling.corrections(snapshot, asked, snapshot.codes("tongue"), access)
    if _count(answers, masks):
        return Advice(corrections=found)
    drops = [*_filters(answers, masks), *_parts(asked, masks, answer)]
    if not any(drop.count for drop in drops):
        drops = _wordless(asked, masks, answer)
    if not any(drop.count for drop in drops):
        drops = _remnant(asked, masks, answer)
    told = sorted((drop for drop in drops if drop.count), key=lambda drop: -drop.count)
    return Advice(tuple(told), found)


def _often(snapshot: Snapshot, answers: Answers, access: tuple[str, ...]) -> bool:
    """Tell whether more than a few published texts have every word, so that none is doubtful."""
    if answers.relaxed or answers.sought:
        return False
    among = spelling.published(snapshot, access)
    # A few are nearly always enough to tell.
    return any(
        int(np.count_nonzero(among[those])) > spelling.SELDOM
        for those in (answers.numbers[:_SOME], answers.numbers)
    )


def _filters(answers: Answers, masks: Mapping[str, Mask]) -> list[Drop]:
    """Return what each filter hides, and what all of them hide together."""
    if not len(answers.numbers):
        return []
    drops = [
        Drop(
            _count(answers, {name: mask for name, mask in masks.items() if name != each}),
            facets=(each,),
        )
        for each in masks
    ]
    if len(masks) > 1 and not any(drop.count for drop in drops):
        drops.append(Drop(len(answers.numbers), facets=tuple(masks)))
    return drops


def _parts(asked: Question, masks: Mapping[str, Mask], answer: Answer) -> list[Drop]:
    """Return what would be found without each part of a question, and without quotation marks."""
    drops = []
    if (loose := asked.unquoted) is not None:
        drops.append(Drop(_count(answer(loose), masks), rest=loose.text))
    if 1 < len(asked.pieces) <= _MOST_PARTS:
        for at, piece in enumerate(asked.pieces):
            rest = asked.of(asked.pieces[:at] + asked.pieces[at + 1 :])
            count = _count(answer(rest), masks)
            drops.append(Drop(count, text=piece.text, rest=rest.text))
    return drops


def _wordless(asked: Question, masks: Mapping[str, Mask], answer: Answer) -> list[Drop]:
    """Return what would be found without any of the words, where something else is asked for."""
    words = asked.of(tuple(piece for piece in asked.pieces if piece.is_worded))
    rest = asked.of(tuple(piece for piece in asked.pieces if not piece.is_worded))
    if not words.pieces or not (rest.pieces or masks):
        return []
    return [Drop(_count(answer(rest), masks), text=words.text, rest=rest.text)]


def _remnant(asked: Question, masks: Mapping[str, Mask], answer: Answer) -> list[Drop]:
    """Return what would be found of those parts alone that find anything, without any filter."""
    if not masks or not 1 < len(asked.pieces) <= _MOST_PARTS:
        return []
    telling = [piece for piece in asked.pieces if len(answer(asked.of((piece,))).numbers)]
    rest = asked.of(tuple(telling))
    count = len(answer(rest).numbers) if telling else 0
    return [Drop(count, facets=tuple(masks), rest=rest.text)]


def _count(answers: Answers, masks: Mapping[str, Mask]) -> int:
    """Return how many answers all filters leave."""
    left = answers.numbers
    for mask in masks.values():
        left = left[mask[left]]
    return len(left)
