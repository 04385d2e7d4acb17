"""What people type is understood, and nothing is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.search.asking import question
from policytrack.search.asking.question import (
    Either,
    Marked,
    Phrase,
    Prefix,
    Run,
    Titled,
    Without,
    Word,
    Years,
)


@pytest.mark.parametrize(
    ("typed", "said", "kinds"),
    [
        ("recruitment fees", "recruitment fees", [Word, Word]),
        ("the fees of workers", "fees workers", [Word, Word]),
        ("of the", "of the", [Word, Word]),
        ('"recruitment fees" Nepal', '"recruitment fees" Nepal', [Phrase, Word]),
        ("“recruitment fees”", '"recruitment fees"', [Phrase]),
        ("«العمال المهاجرون»", '"العمال المهاجرون"', [Phrase]),
        ('"fees"', "fees", [Word]),
        ("domestic -construction", "domestic -construction", [Word, Without]),
        ('fees -"domestic work"', 'fees -"domestic work"', [Word, Without]),
        ("NOT fees", "-fees", [Without]),
        ("self-employed", "self employed", [Word, Word]),
        ("BALI-B1-NP-03", "BALI B1 NP 03", [Word] * 4),
        ("fees OR charges Nepal", "(fees OR charges) Nepal", [Either, Word]),
        ("fees OR charges OR costs", "fees OR charges OR costs", [Either]),
        ("fees AND charges", "fees charges", [Word, Word]),
        ("(fees charges) Nepal", "(fees charges) Nepal", [Word, Word, Word]),
        ("(a1 b1) OR c1", "(a1 b1) OR c1", [Either]),
        ("-(fees charges)", "-(fees charges)", [Without]),
        ("recruit* fees", "recruit* fees", [Prefix, Word]),
        ("title:fees", "title:fees", [Titled]),
        ('title:"recruitment fees"', 'title:"recruitment fees"', [Titled]),
        ("title:(fees OR costs)", "title:(fees OR costs)", [Titled]),
        ("country:np", "country:NP", [Marked]),
        ("country:NP,QA", "country:NP,QA", [Marked]),
        ("country:(NP QA)", "country:NP,QA", [Marked]),
        ("corridor:bd-sa theme:a1.1", "corridor:BD-SA theme:A1.1", [Marked, Marked]),
        ("Country:NP LANG:ar", "country:NP lang:ar", [Marked, Marked]),
        ("-country:NP fees", "-country:NP fees", [Without, Word]),
        ("year:2018..2023", "year:2018..2023", [Years]),
        ("year:2018", "year:2018", [Years]),
        ("year:..2018", "year:..2018", [Years]),
        ("year:2023-2018", "year:2018..2023", [Years]),
        ("year:٢٠١٨", "year:2018", [Years]),
        # What is half written, or means nothing here.
        ('"recruitment fees', "recruitment fees", [Word, Word]),
        ("fees OR", "fees", [Word]),
        ("OR fees", "fees", [Word]),
        ("(((fees", "fees", [Word]),
        ("fees)))", "fees", [Word]),
        ("country:", "", []),
        ("fees year:", "fees", [Word]),
        ("year:soon", "soon", [Word]),
        ("country:Atlantis", "Atlantis", [Word]),
        ("note:draft:published", "note:draft:published", [Word]),
        ("* a* -* -", "a", [Word]),
        ("ค่าธรรมเนียม fees", "ค่าธรรมเนียม fees", [Run, Word]),
        ('"ค่าธรรมเนียม"', '"ค่าธรรมเนียม"', [Run]),
        ("title:招聘费用", "title:招聘费用", [Titled]),
        ("-招聘费用 OR", "-招聘费用", [Without]),
        ('""', "", []),
        ("- -- --- !!! ***", "", []),
        ("OR", "", []),
        ("", "", []),
    ],
)
def test_what_is_typed_is_understood(typed: str, said: str, kinds: list[type]) -> None:
    found = question.read(typed, ("en",))
    assert (found.said, [type(part) for part in found.parts]) == (said, kinds)


def test_a_place_may_be_named() -> None:
    names = {("country", "nepal"): "NP", ("theme", "fair recruitment"): "A1"}
    found = question.read(
        'country:Nepal theme:"Fair recruitment"', ("en",), lambda *asked: names.get(asked)
    )
    assert found.said == "country:NP theme:A1"


def test_so_many_words_and_no_more() -> None:
    found = question.read(" ".join(f"w{number}" for number in range(900)), ("en",))
    assert len(found.parts) == 60
    assert len(question.read("ab* cd* ef* gh* ij* kl*", ("en",)).parts) == 6
    prefixes = question.read("ab* cd* ef* gh* ij* kl*", ("en",)).parts
    assert sum(isinstance(part, Prefix) for part in prefixes) == 4


def test_brackets_are_bounded() -> None:
    found = question.read("(" * 200 + "fees" + ")" * 200, ("en",))
    assert found.said == "fees"
    assert question.read("-(" * 200 + "fees", ("en",)).parts


def test_a_long_question_is_cut_and_says_so() -> None:
    read = question.read("fees " * 2000, ("en",))
    assert read.cut
    assert len(read.text) == question.LONGEST
    assert not question.read("fees", ("en",)).cut


@given(st.text(st.characters(codec=None), max_size=600))
def test_nothing_typed_is_an_error(typed: str) -> None:
    read = question.read(typed, ("en", "fr", "ar"))
    assert len(read.text) <= question.LONGEST


@given(
    st.lists(
        st.sampled_from(
            (
                *("fees", "costs", '"a', 'b"', "-x", "OR", "AND", "NOT", "(", ")", "-(", "title:("),
                *("|", "country:NP", "year:2018..2020", "title:", "title:x", "ab*", "العمال"),
                *('"x y"', "ค่าจ้าง", '"招聘费用', "ሠራተኛ፡", "-ค่า"),
            )
        ),
        max_size=14,
    ).map(" ".join)
)
def test_what_it_was_read_as_is_read_the_same(typed: str) -> None:
    first = question.read(typed, ("en",))
    again = question.read(first.said, ("en",))
    assert again.said == first.said
    assert again.parts == first.parts
