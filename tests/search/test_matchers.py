"""The arrays find what Whoosh's own matchers find, and rank as the formula says, told plainly."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise, product
from math import isclose, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.index import FileIndex

from policytrack.core.documents import Passage, SearchDocument
from policytrack.search import engine
from policytrack.search.asking import question
from policytrack.search.asking.question import (
    Either,
    Every,
    Forms,
    Marked,
    Part,
    Phrase,
    Prefix,
    Question,
    Titled,
    Without,
    Word,
)
from policytrack.search.index import generations
from policytrack.search.index.generations import Generation
from policytrack.search.index.schema import SCHEMA, row
from policytrack.search.index.segments import Kept
from policytrack.search.index.snapshot import Snapshot
from policytrack.search.ranking import Answers, Ranking

WORDS = (
    "recruitment", "recruiting", "recruited", "fee", "fees", "worker", "workers", "care", "visa",
    "the", "of", "l’accord", "travailleuses", "العاملات", "عاملة", "للعاملات", "2,500",
)  # fmt: skip
LANGUAGES = ("en", "en", "fr", "ar", "hi")
COUNTRIES = ("NP", "QA", "BD")
ACCESS = ("public", "own7")


def document(dice: random.Random, name: str) -> SearchDocument:
    def text(most: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(0, most)))

    language = dice.choice(LANGUAGES)
    return SearchDocument(
        kind="note",
        public_id=name,
        part="open",
        access=(dice.choice(("public", "public", "own7", "own8")),),
        passages=(
            Passage(text(6), language, "title"),
            *(Passage(text(12), dice.choice(LANGUAGES)) for _ in range(dice.randint(0, 2))),
        ),
        codes={"country": tuple(dice.sample(COUNTRIES, k=dice.randint(0, 2)))},
    )


class Shelf:
    """Hold an index of several segments, some of whose documents were deleted."""

    def __init__(self, folder: Path) -> None:
        dice = random.Random(20)
        FileIndex.create(generations._storage(folder), SCHEMA, "whoosh")
        generation = Generation(folder, "test")
        made = [document(dice, f"n{number}") for number in range(160)]
        # The same again under another name: a tie.
        made += [
            SearchDocument("note", f"m{number}", each.part, each.access, each.passages, each.codes)
            for number, each in enumerate(made[:60])
        ]
        for first, last in ((0, 160), (160, 200), (200, 215), (215, 220)):
            with generations.writing(generation, last) as writer:
                for gone in range(0, first, 9):
                    writer.delete_by_term("entity", f"note:{made[gone].public_id}")
                for each in made[first:last]:
                    writer.add_document(**row(each))
        self.snapshot = Snapshot(generation, Kept(), {})
        self.searcher = generation.index().searcher()
        self.reader = self.searcher.reader()
        self._counts: dict[tuple[str, str], dict[int, list[int]]] = {}
        self.permitted = self.stock(query.Every())
        self.lengths = {
            field: {at: self.reader.doc_field_length(at, field) or 0 for at in self.permitted}
            for field in ("title", "body")
        }
        assert len(self.snapshot.segments) > 1
        assert len(self.permitted) < self.reader.doc_count() < self.reader.doc_count_all()

    def close(self) -> None:
        self.searcher.close()
        self.snapshot.close()

    def read(self, typed: str) -> Question:
        return question.read(typed, self.snapshot.codes("tongue"))

    def answer(self, asked: Question) -> Answers:
        return Ranking(self.snapshot, ACCESS).answer(asked)

    def stock(self, wanted: query.Query) -> set[int]:
        """Return what Whoosh finds of what may be found."""
        readable = query.Or([query.Term("access", word) for word in ACCESS])
        return set(self.searcher.docs_for_query(query.And([wanted, readable])))

    def counts(self, field: str, form: str) -> dict[int, list[int]]:
        """Return where a form stands in each document, as Whoosh reads it."""
        found = self._counts.setdefault((field, form), {})
        if not found and (field, form.encode()) in self.reader:
            matcher = self.reader.postings(field, form.encode())
            while matcher.is_active():
                found[matcher.id()] = matcher.value_as("positions")
                matcher.next()
        return found


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    made = Shelf(tmp_path_factory.mktemp("index"))
    yield made
    made.close()


words = st.sampled_from((*WORDS, "zebra"))
phrases = st.lists(words, min_size=2, max_size=3).map(lambda each: f'"{" ".join(each)}"')
marks = st.lists(st.sampled_from((*COUNTRIES, "XX")), min_size=1, max_size=2).map(
    lambda codes: f"country:{','.join(codes)}"
)
atoms = st.one_of(
    words,
    words,
    phrases,
    marks,
    st.sampled_from(("recr*", "wor*", "title:rec*", "zeb*")),
    st.tuples(st.just("title:"), words | phrases).map("".join),
)
pieces = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: f"({' '.join(each)})"),
        st.lists(inner, min_size=2, max_size=2).map(lambda each: f"({' OR '.join(each)})"),
        st.lists(inner, min_size=1, max_size=2).map(lambda each: f"-({' '.join(each)})"),
        st.lists(inner, min_size=1, max_size=2).map(lambda each: f"title:({' '.join(each)})"),
        atoms.map(lambda each: f"-{each}"),
    ),
    max_leaves=5,
)
questions = st.lists(pieces, min_size=1, max_size=4).map(" ".join)


def in_stock(part: Part, fields: tuple[str, ...] = ("title", "body")) -> query.Query:
    """Return a part of a question as Whoosh asks for it."""
    match part:
        case Word(forms):
            return query.Or([query.Term(*each) for each in product(fields, forms)])
        case Phrase(words):
            return query.Or(
                [query.Phrase(field, list(each)) for field in fields for each in product(*words)]
            )
        case Prefix(letters):
            return query.Or([query.Prefix(field, letters) for field in fields])
        case Marked(field, codes):
            return query.Or([query.Term(field, code) for code in codes])
        case Titled(inner):
            return in_stock(inner, ("title",))
        case Without(inner):
            return query.And([query.Every(), query.Not(in_stock(inner, fields))])
        case Every(parts):
            return query.And([in_stock(each, fields) for each in parts])
        case Either(parts):
            return query.Or([in_stock(each, fields) for each in parts])
    raise AssertionError(part)


@settings(max_examples=120, deadline=None)
@given(typed=questions)
def test_the_same_is_found(shelf: Shelf, typed: str) -> None:
    asked = shelf.read(typed)
    assume(not asked.is_empty)
    answers = shelf.answer(asked)
    every = shelf.stock(query.And([in_stock(part) for part in asked.parts]))
    assert set(answers.numbers[answers.complete].tolist()) == every
    words = [in_stock(part) for part in asked.parts if isinstance(part, Word)]
    if answers.relaxed:
        others = [in_stock(part) for part in asked.parts if not isinstance(part, Word)]
        some = shelf.stock(query.And([query.Or(words), *others]))
        assert set(answers.numbers.tolist()) == some
        assert not every or len(words) > 5
    else:
        assert set(answers.numbers.tolist()) == every
        assert every or not words


def test_generated_questions_find_something(shelf: Shelf) -> None:
    for typed in ('"recruitment fees"', "(fees OR visa) -care", 'title:"the workers"', "العاملات"):
        asked = shelf.read(typed)
        assert 0 < len(shelf.stock(query.And([in_stock(part) for part in asked.parts]))) < 100


# The formula, told again: see `ranking`.
FIELDS = (("title", 2.0, 0.5), ("body", 1.0, 0.7))


def spoken(shelf: Shelf, part: Part, fields: Any) -> dict[int, float]:
    """Return how much each document that may be found speaks of a word or a phrase."""
    amounts: dict[int, float] = defaultdict(float)
    for field, weight, evening in fields:
        lengths = shelf.lengths[field]
        mean = sum(lengths.values()) / len(lengths)
        for at in shelf.permitted:
            if isinstance(part, Phrase):
                amounts[at] += weight * times(shelf, field, part.words, at)
            elif isinstance(part, Word):
                often = [len(shelf.counts(field, form).get(at, ())) for form in part.forms]
                evened = 1 - evening + evening * lengths[at] / mean
                amounts[at] += weight * (0.8 * max(often) + 0.2 * often[0]) / evened
    return amounts


def times(shelf: Shelf, field: str, words: tuple[Forms, ...], at: int) -> int:
    """Return how often a document has some words one after the other."""
    standing = [
        {place for form in forms for place in shelf.counts(field, form).get(at, ())}
        for forms in words
    ]
    return sum(
        all(first + offset in places for offset, places in enumerate(standing))
        for first in standing[0]
    )


def slow(shelf: Shelf, part: Part, fields: Any = FIELDS) -> dict[int, float]:
    """Return what a part is worth in each document that may be found."""
    match part:
        case Titled(inner):
            return slow(shelf, inner, FIELDS[:1])
        case Either(parts) | Every(parts):
            each = [slow(shelf, inner, fields) for inner in parts]
            return {at: sum(scores[at] for scores in each) for at in shelf.permitted}
    amounts = spoken(shelf, part, fields)
    having, total = sum(amount > 0 for amount in amounts.values()), len(shelf.permitted)
    worth = log(1 + (total - having + 0.5) / (having + 0.5))
    worth *= len(part.words) if isinstance(part, Phrase) else 1
    return {at: worth * amount * 3 / (amount + 2) for at, amount in amounts.items()}


telling = st.sampled_from([word for word in WORDS if word not in {"the", "of"}])
one = st.one_of(
    telling,
    phrases,
    st.tuples(st.just("title:"), telling | phrases).map("".join),
    st.lists(telling | phrases, min_size=2, max_size=3).map(" OR ".join),
)


@settings(max_examples=150, deadline=None)
@given(typed=one)
def test_the_order_is_that_of_the_formula(shelf: Shelf, typed: str) -> None:
    asked = shelf.read(typed)
    (part,) = asked.parts
    answers = shelf.answer(asked)
    expected = slow(shelf, part)
    found = answers.numbers.tolist()
    assert found == sorted(at for at, score in expected.items() if score > 0)
    for at, score in zip(found, answers.scores, strict=True):
        assert isclose(score, expected[at], rel_tol=1e-5), typed
    ordered = _ordered(shelf, answers, 1_000)
    assert sorted(ordered) == found
    assert _ordered(shelf, answers, 7) == ordered[:7]
    for before, after in pairwise(ordered):
        assert expected[before] > expected[after] * (1 - 1e-5)
        # What is worth the same stands in the order of its number.
        assert expected[before] != expected[after] or before < after


def _ordered(shelf: Shelf, answers: Answers, most: int) -> list[int]:
    left = np.arange(len(answers.numbers))
    places = engine._ordered(shelf.snapshot, answers, left, "relevance", most)
    return answers.numbers[places].tolist()
