"""Find and rank what answers a question, among what the asker may find and nothing else.

BM25F (Robertson and Zaragoza, 2009): the counts of a word in title and body are weighted and
evened out by length before they are added and saturated. Whoosh's own scoring is not used: its
word statistics come from the whole index, so that the order of results would depend on documents
that the reader may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date
from itertools import chain, pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from policytrack.search.asking.question import (
    Either,
    Every,
    Forms,
    Marked,
    Part,
    Phrase,
    Prefix,
    Question,
    Run,
    Sought,
    Titled,
    Widened,
    Without,
    Word,
    Years,
    as_typed,
)
from policytrack.search.index.heard import NOTHING, Amounts, Heard, Mask, Numbers
from policytrack.search.index.segments import BITS, FIELD_BIT, Keys, Postings, Segment, both
from policytrack.search.index.snapshot import Snapshot

# Of so many words a person means all; who writes more describes what they look for.
_TOGETHER = 5
# Words that begin with the same letters: more than any language has of three.
_MOST_FORMS = 2_000

# Where so many times as few documents are hidden as a word finds they are looked for one by one.
_FAR_LESS = 4
# What a concept counts that is named in other words than those typed.
_ADDED = 0.5

# Names of fields with their weight, and how much their length counts.
Fields = tuple[tuple[str, float, float], ...]


# Saturation and evening-out of BM25; a word in a title counts double.
_K1 = 2.0
_TITLE: Fields = (("title", 2.0, 0.5),)
_FIELDS: Fields = (("body", 1.0, 0.7), *_TITLE)

# Words that were typed side by side and stand near one another: among so many of the best answers,
# not farther apart than this, for so much of what a word is worth.
_NEAREST = 200
_APART = 5
_NEAR = 0.3
_NEAR_K = 0.5
_LETTERS: Fields = (("letters", 1.0, 0.0),)
_PAIR = 2
# What stands there as it was typed counts for so much of the best score more, the shorter the text
# the more.
_AS_TYPED = 0.5
_AS_TYPED_EVENED = 0.9


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold what answers: documents by number, ascending, and what each scores.

    `relaxed`: no document has all words, or nobody can mean so many of them to stand together;
    documents with some of the words answer, and `complete` tells which have all. Of a question that
    was widened `typed` tells which have them as they were typed. `forms` are those that a result
    may have been found by; `words` and `letters` the same word by word and group by group, with how
    telling each is; `sought` are the concepts by which the question was widened.
    """

    numbers: Numbers
    scores: Amounts
    complete: Mask
    relaxed: bool = False
    forms: frozenset[str] = frozenset()
    typed: Mask | None = None
    words: Mapping[Forms, float] = with_default(default_factory=dict)
    letters: Mapping[Forms, float] = with_default(default_factory=dict)
    sought: tuple[Sought, ...] = ()


class Ranking:
    """Answer questions for the holder of some access words."""

    def __init__(self, snapshot: Snapshot, access: tuple[str, ...]) -> None:
        self._snapshot = snapshot
        self._desk = snapshot.desk
        self._access = access
        self._permitted = snapshot.permitted(access)
        self._hidden = snapshot.hidden(access)
        self._total = snapshot.total(access)
        self._forms: set[str] = set()
        self._words: dict[Forms, float] = {}
        self._letters: dict[Forms, float] = {}

    def answer(self, question: Question) -> Answers:
        """Return what answers: all of what was asked for, or of many words as many as there are."""
        words = Counter(part for part in question.parts if isinstance(part, Word | Run | Widened))
        telling = [_times(self._part(part, _FIELDS), times) for part, times in words.items()]
        unworded = [part for part in question.parts if not isinstance(part, Word | Run | Widened)]
        others = [self._part(part, _FIELDS).all_of_it for part in unworded]
        standing = self._as_typed(question.runs)
        found = self._complete(others, [part.all_of_it for part in telling], standing)
        typed = found
        if question.sought:
            own = [self._part(as_typed(part), _FIELDS).all_of_it for part in unworded]
            typed = self._complete(own, [part.as_typed for part in telling], standing)
        complete = found.numbers
        # What says the same in other words takes nothing away that the words alone would find.
        number = sum(map(_number, words))
        relaxed = bool(words) and (number > _TOGETHER or not len(typed.numbers))
        if relaxed:
            some = self._desk.any_of([*telling, standing])
            found = self._desk.every([some, *others]) if others else some
        numbers = found.numbers
        if relaxed or len(standing.numbers):
            scores = self._desk.worth([*others, *telling], numbers)
        else:
            scores = found.worth.copy()  # it is added to
        has_all = np.ones(len(numbers), np.bool_)
        if relaxed:
            has_all = self._desk.among(numbers, complete)
        self._bring_near(question.lines, numbers, has_all, scores)
        if len(standing.numbers) and len(numbers):
            evened = self._snapshot.evened("body", _AS_TYPED_EVENED, self._access, numbers)
            stands = self._desk.worth([standing], numbers)
            scores += _AS_TYPED * scores.max() * _saturated(stands / evened)
        return Answers(
            numbers,
            scores,
            has_all,
            relaxed,
            question.forms | self._forms,
            self._desk.among(numbers, typed.numbers) if question.sought else None,
            self._words,
            self._letters,
            question.sought,
        )

    def _complete(self, others: Sequence[Heard], words: Sequence[Heard], standing: Heard) -> Heard:
        """Return what has all parts of a question, or its letters one after the other."""
        parts = [*others, *words]
        found = self._desk.every(parts) if parts else self._unsaid(self._permitted)
        if not len(standing.numbers):
            return found
        also = self._desk.every([*others, standing])
        return self._desk.any_of([found, also])

    def _as_typed(self, runs: Sequence[Sequence[str]]) -> Heard:
        """Return how much of each document is a run of letters, one after the other."""
        return self._desk.any_of(
            [self._phrase([(gram,) for gram in run], _LETTERS) for run in runs]
        )

    def likeness(self, often: Mapping[str, int], most: int) -> tuple[Amounts, tuple[str, ...]]:
        """Return how close each document is to a text in wording, and by which of its forms.

        `often` counts the forms of the text, of which the `most` telling are looked for: tf-idf, of
        what the asker may find. What stands in one document only brings nothing near.
        """
        telling = {}
        for form, times in often.items():
            numbers, _counts = self._snapshot.postings("body", form)
            having = int(self._permitted[numbers].sum())
            if 1 < having <= self._total / 2:
                telling[form] = (1 + log(times)) * self._worth(having)
        chosen = sorted(telling, key=lambda form: (-telling[form], form))[:most]
        amounts = np.zeros(self._snapshot.size)
        for form in chosen:
            heard = self._part(Word((form,)), _FIELDS)
            amounts[heard.numbers] += (1 + log(often[form])) * heard.worth
        return amounts, tuple(chosen)

    def shared(self, field: str, codes: Sequence[str]) -> Amounts:
        """Return which part of some codes each document carries, rare ones counting more."""
        amounts, all_of_them = np.zeros(self._snapshot.size), 0.0
        facet = self._snapshot.facet(field)
        for code in codes:
            there = facet.of(code)
            worth = self._worth(int(self._permitted[there].sum()))
            amounts[there] += worth
            all_of_them += worth
        return amounts / all_of_them if all_of_them else amounts

    def _part(self, part: Part, fields: Fields) -> Heard:
        """Return which documents have a part of a question, and what that is worth in each."""
        match part:
            case Word(forms):
                return self._scored(self._word(forms, fields), 1)
            case Prefix(letters):
                forms = tuple(self._beginning_with(letters, fields))
                self._forms.update(forms)
                return self._scored(self._word(forms, fields), 1)
            case Phrase(words):
                # A phrase is worth as much as all its words.
                return self._scored(self._phrase(words, fields), len(words))
            case Run(_letters, grams, words):
                return self._run(grams, words, fields)
            case Widened():
                return self._widened(part, fields)
            case Marked(field, codes):
                return self._unsaid(self._marked(field, codes))
            case Years(first, last):
                return self._unsaid(self._of_years(first, last))
            case Titled(inner):
                return self._part(inner, _TITLE)
            case Without(inner):
                left = np.ones(self._snapshot.size, np.bool_)
                left[self._part(inner, fields).all_of_it.numbers] = False
                return self._unsaid(left)
            case Every(parts):
                return self._desk.every([self._part(each, fields).all_of_it for each in parts])
            case Either(parts):
                return self._desk.any_of([self._part(each, fields).all_of_it for each in parts])

    def _unsaid(self, mask: Mask) -> Heard:
        """Return documents in which nothing is worth anything."""
        numbers = _numbers(mask & self._permitted)
        return Heard(numbers, np.zeros(len(numbers)))

    def _widened(self, part: Widened, fields: Fields) -> Heard:
        """Return where words stand or the concept that they name, and what that is worth.

        The concept is worth less than the words would be, and nothing beside them: what has both
        is no better than what has the words as often.
        """
        heard = [self._part(each, fields) for each in part.parts]
        named = self._named(part.added, fields)
        both = self._desk.any_of([*heard, Heard(named.numbers, np.zeros_like(named.worth))])
        numbers, worth = both.numbers, both.worth.copy()  # it is added to
        having = np.zeros(len(numbers), np.int32)
        for each in heard:
            having[np.searchsorted(numbers, each.all_of_it.numbers)] += 1
        typed = having == len(part.parts)
        whole = typed.copy()
        at = np.searchsorted(numbers, named.numbers)
        whole[at] = True
        telling = min(
            self._worth(int(np.count_nonzero(whole))),
            sum(self._worth(len(each.all_of_it.numbers)) for each in heard),
        )
        worth[at] = np.maximum(worth[at], _ADDED * telling * _saturated(named.worth))
        return Heard(numbers, worth, whole, typed)

    def _named(self, concepts: Sequence[Sought], fields: Fields) -> Heard:
        """Return how much each document speaks of any of these concepts, in whichever words."""
        found = []
        for field, weight, evening in fields:
            for each in concepts:
                numbers, counts = self._snapshot.concept(field, each)
                evened = self._snapshot.evened(field, evening, self._access, numbers)
                found.append(Heard(numbers, (weight * counts / evened).astype(np.float64)))
        return self._findable(self._desk.any_of(found))

    def _findable(self, heard: Heard) -> Heard:
        if not self._hides(heard.numbers):
            return heard
        return heard.only(self._permitted[heard.numbers])

    def _hides(self, numbers: Numbers) -> bool:
        """Tell whether any of some documents, ascending, may not be found."""
        if len(self._hidden) > len(numbers) / _FAR_LESS:
            return True  # or so it may be
        at = np.searchsorted(numbers, self._hidden)
        return bool((numbers[np.minimum(at, len(numbers) - 1)] == self._hidden).any())

    def _scored(self, heard: Heard, times: int) -> Heard:
        worth = times * self._worth(len(heard.numbers))
        return heard.as_worth(lambda amounts: worth * _saturated(amounts))

    def _marked(self, field: str, codes: Sequence[str]) -> Mask:
        facet, mask = self._snapshot.facet(field), np.zeros(self._snapshot.size, np.bool_)
        for code in codes:
            mask[facet.of(code)] = True
        return mask

    def _of_years(self, first: int, last: int) -> Mask:
        days = self._snapshot.days
        begin, end = (
            date(max(first, 1), 1, 1).toordinal(),
            date(min(last, 9999), 12, 31).toordinal(),
        )
        found: Mask = (days >= begin) & (days <= end)
        return found

    def _beginning_with(self, letters: str, fields: Fields) -> list[str]:
        names = [field for field, _weight, _evening in fields]
        found = {form for field in names for form in self._snapshot.forms(field, letters)}
        # Stems are not what people begin to write.
        return sorted(form for form in found if "~" not in form)[:_MOST_FORMS]

    def _worth(self, having: int) -> float:
        # How telling a word is: rare among what the asker may find.
        return log(1 + (self._total - having + 0.5) / (having + 0.5))

    def _word(self, forms: Forms, fields: Fields) -> Heard:
        """Return how much each document speaks of a word, in whichever form it does most."""
        said = self._said(forms, fields)

        def worth(places: NDArray[np.intp] | slice) -> Amounts:
            numbers = said.numbers[places]
            amounts = np.zeros(len(numbers))
            for (field, weight, evening), each in zip(fields, said.counts, strict=True):
                often = each[places]
                # Most words stand in the titles of few.
                (there,) = often.nonzero()
                evened = self._snapshot.evened(field, evening, self._access, numbers.take(there))
                amounts[there] += weight * often.take(there) / evened
            return amounts

        heard = self._findable(Heard(said.numbers, worth))
        if fields == _FIELDS:
            self._words[forms] = self._worth(len(heard.numbers))
        return heard

    def _said(self, forms: Forms, fields: Fields) -> Postings:
        if fields != _TITLE:
            return self._snapshot.word(_names(fields), forms)
        # What was read of the word for all fields says it, too.
        said = self._snapshot.word(_names(_FIELDS), forms)
        there = np.flatnonzero(said.counts[-1])
        return Postings(said.numbers[there], said.counts[-1:, there])

    def _phrase(self, words: Sequence[Forms], fields: Fields) -> Heard:
        """Return how often each document has these words one after the other."""
        begun: Keys | None = None
        for offset, forms in enumerate(words):
            here = self._snapshot.standing(_names(fields), forms) - offset
            begun = here if begun is None else both(begun, here)
            if not len(begun):
                return NOTHING
        if begun is None:
            return NOTHING
        documents = begun >> BITS
        kept = self._permitted[documents]
        begun, documents = begun[kept], documents[kept]
        numbers, begins = _firsts(documents)
        if not len(numbers):
            return NOTHING
        of = (begun >> FIELD_BIT) & 1
        weights = np.array([weight for _field, weight, _evening in fields])
        if fields != _TITLE:
            sought = self._letters if fields == _LETTERS else self._words
            often = int(np.count_nonzero(of == 0)) or len(of)
            sought.update(dict.fromkeys(words, self._worth(often)))
        return Heard(numbers, np.add.reduceat(weights[of], begins))

    def _run(self, grams: Sequence[str], words: Sequence[Forms], fields: Fields) -> Heard:
        """Return what has letters one after the other, or all words that they make."""
        heard = [self._scored(self._word(forms, fields), 1) for forms in words]
        every = self._desk.every(heard).numbers if heard else NOTHING.numbers
        if fields == _FIELDS:
            standing = self._phrase([(gram,) for gram in grams], _LETTERS)
            heard.append(self._scored(standing, max(len(words), 1)))
            every = self._desk.any_of([Heard(every, np.zeros(len(every))), heard[-1]]).numbers
        some = self._desk.any_of(heard)
        return Heard(some.numbers, some.at, self._desk.among(some.numbers, every))

    def _bring_near(
        self, lines: Sequence[Sequence[Forms]], found: Numbers, complete: Mask, scores: Amounts
    ) -> None:
        """Raise the scores of the best answers in which neighbours of the question stand near.

        After the sequential dependence model (Metzler and Croft, 2005); how telling two words are
        together is counted among the best answers alone.
        """
        pairs = {pair for line in lines for pair in pairwise(line) if pair[0] != pair[1]}
        if not pairs or len(found) < 2:
            return
        at = first_of(_NEAREST, scores, (complete,))
        best = found[at].astype(np.int64)
        gained = np.zeros(len(best))
        standing = {forms: self._standing(forms, best) for forms in {*chain(*lines)}}
        for pair in pairs:
            near = _near(standing[pair[0]], standing[pair[1]], len(best))
            having = int(np.count_nonzero(near))
            worth = log(1 + (len(best) - having + 0.5) / (having + 0.5))
            gained += _NEAR * worth * near * (_NEAR_K + 1) / (near + _NEAR_K)
        for line in (line for line in lines if len(line) > _PAIR):
            # Few lines stand anywhere, in whichever forms; those are looked for as typed.
            if len(_one_after_another(standing[forms] for forms in line)):
                begun = _one_after_another(self._standing(forms[:1], best) for forms in line)
                times = np.bincount(begun >> BITS, minlength=len(best))
                evened = self._snapshot.evened("body", _AS_TYPED_EVENED, self._access, best)
                gained += _AS_TYPED * scores[at].max() * _saturated(times / evened)
        scores[at] += gained

    def _standing(self, forms: Forms, best: NDArray[np.int64]) -> Keys:
        """Return where a word stands in titles and bodies, documents by their place in `best`."""
        return _within(self._snapshot.standing(_names(_FIELDS), forms), best)


def read_ahead(segment: Segment, forms: Forms) -> None:
    """Read of a segment what a question for a word needs, to be kept there."""
    segment.word(_names(_FIELDS), forms)
    segment.standing(_names(_FIELDS), forms)
    segment.standing(_names(_FIELDS), forms[:1])


def first_of(most: int, scores: Amounts, before: Sequence[Mask]) -> NDArray[np.intp]:
    """Return the places, ascending, of so many best scores; those of `before` come first."""
    if len(scores) <= most:
        return np.arange(len(scores))
    rank = scores
    if any(not mask.all() for mask in before):
        step = float(scores.max()) + 1
        for power, mask in enumerate(reversed(before)):
            rank = rank + step * 2**power * mask
    least = np.partition(rank, len(rank) - most)[len(rank) - most]
    better, as_good = np.flatnonzero(rank > least), np.flatnonzero(rank == least)
    return np.sort(np.concatenate((better, as_good[: most - len(better)])))


def _times(heard: Heard, times: int) -> Heard:
    return heard if times == 1 else heard.as_worth(lambda amounts: times * amounts)


def _numbers(mask: Mask) -> Numbers:
    return np.flatnonzero(mask).astype(np.int32)


def _names(fields: Fields) -> tuple[str, ...]:
    return tuple(field for field, _weight, _evening in fields)


def _firsts(ascending: NDArray[np.int64]) -> tuple[Numbers, NDArray[np.intp]]:
    """Return each of some numbers once, and where it stands first."""
    begins = np.flatnonzero(np.diff(ascending, prepend=-1))
    return ascending[begins].astype(np.int32), begins


def _within(keys: Keys, best: NDArray[np.int64]) -> Keys:
    """Return the places in some documents, each document told by its place among them."""
    if not len(keys):
        return keys
    first, last = keys.searchsorted(best << BITS), keys.searchsorted(best + 1 << BITS)
    count = last - first
    ends = count.cumsum()
    at = np.arange(ends[-1])
    at += (first - ends + count).repeat(count)
    found: Keys = ((np.arange(len(best)) - best) << BITS).repeat(count)
    found += keys.take(at)
    return found


def _one_after_another(standing: Iterable[Keys]) -> Keys:
    each = iter(standing)
    begun = next(each)
    for offset, here in enumerate(each, 1):
        if not len(begun):
            break
        begun = both(begun, here - offset)
    return begun


def _number(part: Part) -> int:
    """Return how many words somebody typed."""
    match part:
        case Run(_letters, _grams, words):
            return max(len(words), 1)
        case Widened(parts):
            return sum(map(_number, parts))
    return 1


def _saturated(amounts: Amounts) -> Amounts:
    """Return what amounts are worth: each more adds less."""
    return amounts * (_K1 + 1) / (amounts + _K1)


def _near(first: Keys, second: Keys, documents: int) -> Amounts:
    """Return by document how much two words stand together: for each place, one over how far."""
    if not len(first) or not len(second):
        return np.zeros(documents)
    after = np.searchsorted(second, first)
    before = second[np.maximum(after - 1, 0)]
    apart = np.minimum(
        np.abs(second[np.minimum(after, len(second) - 1)] - first), np.abs(first - before)
    )
    # Two words that have a form in common may be one and the same.
    close = np.flatnonzero((apart > 0) & (apart <= _APART))
    return np.bincount(first[close] >> BITS, 1 / apart[close], documents).astype(np.float64)
