"""Find and rank what answers a question, among what the asker may find and nothing else.

BM25F (Robertson and Zaragoza, 2009): the counts of a word in title and body are weighted and
evened out by length before they are added and saturated. Whoosh's own scoring is not used: its
word statistics come from the whole index, so that the order of results would depend on documents
that the reader may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date
from itertools import chain, pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from policytrack.search.question import (
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
from policytrack.search.segments import Numbers
from policytrack.search.snapshot import Mask, Snapshot

# A place is told by one number: its document above so many bits, its position below.
_BITS = 32

# Of so many words a person means all; who writes more describes what they look for.
_TOGETHER = 5
# Words that begin with the same letters: more than any language has of three.
_MOST_FORMS = 2_000

# What a concept counts that is named in other words than those typed.
_ADDED = 0.5

# By document: how much it speaks of a word, or what it scores.
Amounts = NDArray[np.float64]
Heard = tuple[Mask, Amounts]
# Names of fields with their weight, and how much their length counts.
Fields = tuple[tuple[str, float, float], ...]


# Saturation and evening-out of BM25; a word in a title counts double. So much of what a word is
# worth needs it to stand as it was typed, in no other form.
_K1 = 2.0
_FIELDS: Fields = (("title", 2.0, 0.5), ("body", 1.0, 0.7))
_EXACT = 0.2

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
# A title is no part of the body: its places are counted from here.
_TITLE = 1 << 30


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold what answers: by document whether it does, and its score.

    `relaxed`: no document has all words, or nobody can mean so many of them to stand together;
    documents with some of the words answer, and `complete` tells which have all. Of a question that
    was widened `typed` tells which have them as they were typed. `forms` are those that a result
    may have been found by; `words` and `letters` the same word by word and group by group, with how
    telling each is; `sought` are the concepts by which the question was widened.
    """

    found: Mask
    complete: Mask
    scores: Amounts
    relaxed: bool = False
    forms: frozenset[str] = frozenset()
    typed: Mask | None = None
    words: Mapping[Forms, float] = with_default(default_factory=dict)
    letters: Mapping[Forms, float] = with_default(default_factory=dict)
    sought: tuple[Sought, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wide:
    """Hold by document how many parts of a widened part stand there, and what it is worth."""

    having: NDArray[np.int32]
    added: Mask
    worth: Amounts


class Ranking:
    """Answer questions for the holder of some access words."""

    def __init__(self, snapshot: Snapshot, access: tuple[str, ...]) -> None:
        self._snapshot = snapshot
        self._access = access
        self._permitted = snapshot.permitted(access)
        self._total = int(self._permitted.sum())
        self._forms: set[str] = set()
        self._words: dict[Forms, float] = {}
        self._letters: dict[Forms, float] = {}
        self._there: dict[tuple[str, Forms], Forms] = {}

    def answer(self, question: Question) -> Answers:
        """Return what answers: all of what was asked for, or of many words as many as there are."""
        words = Counter(part for part in question.parts if isinstance(part, Word | Run))
        wide = Counter(part for part in question.parts if isinstance(part, Widened))
        found, scores = self._permitted.copy(), np.zeros(self._snapshot.size)
        typed = found.copy()
        for part in question.parts:
            if not isinstance(part, Word | Run | Widened):
                there, worth = self._part(part, _FIELDS)
                found &= there
                scores += worth
                own = as_typed(part)
                typed &= there if own == part else self._part(own, _FIELDS)[0]
        present, some = np.zeros(self._snapshot.size, np.int32), np.zeros_like(found)
        for word, times in words.items():
            there, worth = self._part(word, _FIELDS)
            present += there
            some |= worth > 0
            scores += times * worth
        written = present.copy()
        for each, times in wide.items():
            heard = self._widened(each, _FIELDS)
            present += np.where(heard.added, len(each.parts), heard.having)
            written += heard.having
            some |= heard.worth > 0
            scores += times * heard.worth
        count = len(words) + sum(len(each.parts) for each in wide)
        standing = self._as_typed(question.runs)
        complete = found & ((present == count) | (standing > 0))
        typed &= complete & ((written == count) | (standing > 0))
        # What says the same in other words takes nothing away that the words alone would find.
        number = sum(map(_number, (*words, *wide)))
        relaxed = count > 0 and (number > _TOGETHER or not typed.any())
        answering = found & (some | (standing > 0)) if relaxed else complete
        self._bring_near(question.lines, answering, complete, scores)
        if standing.any():
            evened = self._snapshot.evened("body", _AS_TYPED_EVENED, self._access)
            scores += _AS_TYPED * scores.max() * _saturated(standing / evened)
        return Answers(
            answering,
            complete,
            scores,
            relaxed,
            question.forms | self._forms,
            typed if question.sought else None,
            self._words,
            self._letters,
            question.sought,
        )

    def _as_typed(self, runs: Sequence[Sequence[str]]) -> Amounts:
        """Return how much of each document is a run of letters, one after the other."""
        standing = self._nothing()
        for grams in runs:
            standing += self._phrase([(gram,) for gram in grams], _LETTERS)
        return standing

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
        amounts = self._nothing()
        for form in chosen:
            amounts += (1 + log(often[form])) * self._part(Word((form,)), _FIELDS)[1]
        return amounts, tuple(chosen)

    def shared(self, field: str, codes: Sequence[str]) -> Amounts:
        """Return which part of some codes each document carries, rare ones counting more."""
        amounts, all_of_them = self._nothing(), 0.0
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
            case Marked(field, codes):
                return self._marked(field, codes), self._nothing()
            case Years(first, last):
                return self._of_years(first, last), self._nothing()
            case Titled(inner):
                return self._part(inner, fields[:1])
            case Without(inner):
                return ~self._part(inner, fields)[0], self._nothing()
            case Widened(parts):
                wide = self._widened(part, fields)
                return wide.added | (wide.having == len(parts)), wide.worth
            case Every(parts):
                heard = [self._part(each, fields) for each in parts]
                return (
                    np.logical_and.reduce([there for there, _worth in heard]),
                    np.add.reduce([worth for _there, worth in heard]),
                )
            case Either(parts):
                heard = [self._part(each, fields) for each in parts]
                return (
                    np.logical_or.reduce([there for there, _worth in heard]),
                    np.add.reduce([worth for _there, worth in heard]),
                )

    def _widened(self, part: Widened, fields: Fields) -> _Wide:
        """Return where words stand or the concept that they name, and what that is worth.

        The concept is worth less than the words would be, and nothing beside them: what has both
        is no better than what has the words as often.
        """
        heard = [self._part(each, fields) for each in part.parts]
        having = np.add.reduce([there.astype(np.int32) for there, _worth in heard])
        amounts = self._named(part.added, fields)
        added = amounts > 0
        telling = min(
            self._worth(int((added | (having == len(part.parts))).sum())),
            sum(self._worth(int(there.sum())) for there, _worth in heard),
        )
        named = _ADDED * telling * _saturated(amounts)
        own: Amounts = np.add.reduce([worth for _there, worth in heard])
        return _Wide(having, added, np.maximum(own, named))

    def _named(self, concepts: Sequence[Sought], fields: Fields) -> Amounts:
        """Return how much each document speaks of any of these concepts, in whichever words."""
        amounts = self._nothing()
        for field, weight, evening in fields:
            evened = self._snapshot.evened(field, evening, self._access)
            for each in concepts:
                numbers, counts = self._snapshot.concept(field, each)
                amounts[numbers] += weight * counts / evened[numbers]
        amounts[~self._permitted] = 0
        return amounts

    def _nothing(self) -> Amounts:
        return np.zeros(self._snapshot.size)

    def _scored(self, amounts: Amounts, times: int) -> Heard:
        scores = self._nothing()
        having = np.flatnonzero(amounts)
        there = amounts[having]
        scores[having] = times * self._worth(len(having)) * _saturated(there)
        return amounts > 0, scores

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

    def _word(self, forms: Forms, fields: Fields) -> Amounts:
        """Return how much each document speaks of a word, in whichever form it does most."""
        amounts = np.zeros(self._snapshot.size)
        for field, weight, evening in fields:
            evened = self._snapshot.evened(field, evening, self._access)
            present = self._present(field, forms)
            most = np.zeros(self._snapshot.size, np.float32)
            for form in present:
                numbers, counts = self._snapshot.postings(field, form)
                most[numbers] = np.maximum(most[numbers], counts)
            if len(present) > 1:
                numbers = np.flatnonzero(most).astype(np.int32)
            if present:
                amounts[numbers] += weight * (1 - _EXACT) * most[numbers] / evened[numbers]
            if present and present[0] == forms[0]:
                numbers, counts = self._snapshot.postings(field, forms[0])
                amounts[numbers] += weight * _EXACT * counts / evened[numbers]
        amounts[~self._permitted] = 0
        if fields == _FIELDS:
            self._words[tuple(forms)] = self._worth(int(np.count_nonzero(amounts)))
        return amounts

    def _phrase(self, words: Sequence[Forms], fields: Fields) -> Amounts:
        """Return how often each document has these words one after the other."""
        amounts = np.zeros(self._snapshot.size)
        for field, weight, _evening in fields:
            begun: NDArray[np.int64] | None = None
            for offset, forms in enumerate(words):
                here = self._beginnings(field, forms, offset)
                begun = here if begun is None else np.intersect1d(begun, here, assume_unique=True)
                if not len(begun):
                    break
            if begun is not None and len(begun):
                if fields != _FIELDS[:1]:
                    sought = self._letters if fields == _LETTERS else self._words
                    sought.update(dict.fromkeys(words, self._worth(len(begun))))
                numbers: Numbers = (begun >> _BITS).astype(np.int32)
                amounts += weight * np.bincount(numbers, minlength=self._snapshot.size)
        amounts[~self._permitted] = 0
        return amounts

    def _run(self, grams: Sequence[str], words: Sequence[Forms], fields: Fields) -> Heard:
        """Return what has letters one after the other, or all words that they make."""
        scores = self._nothing()
        every = np.full(self._snapshot.size, bool(words))
        for forms in words:
            there, worth = self._scored(self._word(forms, fields), 1)
            every &= there
            scores += worth
        if fields == _FIELDS:
            standing = self._phrase([(gram,) for gram in grams], _LETTERS)
            there, worth = self._scored(standing, max(len(words), 1))
            every |= there
            scores += worth
        return every, scores

    def _bring_near(
        self, lines: Sequence[Sequence[Forms]], found: Mask, complete: Mask, scores: Amounts
    ) -> None:
        """Raise the scores of the best answers in which neighbours of the question stand near.

        After the sequential dependence model (Metzler and Croft, 2005); how telling two words are
        together is counted among the best answers alone.
        """
        pairs = {pair for line in lines for pair in pairwise(line) if pair[0] != pair[1]}
        answers = np.flatnonzero(found)
        if not pairs or len(answers) < 2:
            return
        best = answers
        if len(answers) > _NEAREST:
            order = np.lexsort((answers, -scores[answers], ~complete[answers]))
            best = np.sort(answers[order[:_NEAREST]])
        top = scores[best].max()
        evened = self._snapshot.evened("body", _AS_TYPED_EVENED, self._access)[best]
        standing = {forms: self._standing(forms, best) for forms in {*chain(*pairs)}}
        for pair in pairs:
            near = _near(standing[pair[0]], standing[pair[1]], len(best))
            having = int(np.count_nonzero(near))
            worth = log(1 + (len(best) - having + 0.5) / (having + 0.5))
            scores[best] += _NEAR * worth * near * (_NEAR_K + 1) / (near + _NEAR_K)

        for line in (line for line in lines if len(line) > _PAIR):
            first = self._standing(line[0][:1], best)
            for offset, forms in enumerate(line[1:], 1):
                here = self._standing(forms[:1], best) - offset
                first = np.intersect1d(first, here, assume_unique=True)
            times = np.bincount(first >> _BITS, minlength=len(best))
            scores[best] += _AS_TYPED * top * _saturated(times / evened)

    def _standing(self, forms: Forms, best: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return where any of these forms stands in some documents, each by its place in `best`."""
        found = [np.empty(0, np.int64)]
        for field, offset in (("title", _TITLE), ("body", 0)):
            for form in self._present(field, forms):
                numbers, positions = self._snapshot.places(field, form)
                first = np.searchsorted(numbers, best, "left")
                count = np.searchsorted(numbers, best, "right") - first
                at = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
                which = np.repeat(np.arange(len(best), dtype=np.int64), count)
                found.append((which << _BITS) + positions[at] + offset)
        return np.unique(np.concatenate(found))

    def _beginnings(self, field: str, forms: Forms, offset: int) -> NDArray[np.int64]:
        """Return where a phrase would begin that has one of these forms so many words later."""
        found = [np.empty(0, np.int64)]
        for form in self._present(field, forms):
            numbers, positions = self._snapshot.places(field, form)
            kept = self._permitted[numbers] & (positions >= offset)
            found.append((numbers[kept].astype(np.int64) << _BITS) + positions[kept] - offset)
        # Of one form no place stands there twice, and they are in order.
        return np.unique(np.concatenate(found)) if len(found) > 2 else found[-1]

    def _present(self, field: str, forms: Forms) -> Forms:
        """Return those of some forms that any document has."""
        key = field, forms
        if key not in self._there:
            self._there[key] = tuple(
                form for form in forms if len(self._snapshot.postings(field, form)[0])
            )
        return self._there[key]


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


def _near(first: NDArray[np.int64], second: NDArray[np.int64], documents: int) -> Amounts:
    """Return by document how much two words stand together: for each place, one over how far."""
    if not len(first) or not len(second):
        return np.zeros(documents)
    after = np.minimum(np.searchsorted(second, first), len(second) - 1)
    before = np.maximum(after - 1, 0)
    apart = np.minimum(np.abs(second[after] - first), np.abs(first - second[before]))
    # Two words that have a form in common may be one and the same.
    close = (apart > 0) & (apart <= _APART)
    return np.bincount(first[close] >> _BITS, 1 / apart[close], documents).astype(np.float64)
