"""What people type is understood, and nothing is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.search import question


def shape(typed: str) -> tuple[list[str], list[list[str]], list[list[str]]]:
    read = question.read(typed, ("en",))
    return (
        [forms[0] for forms in read.words],
        [[forms[0] for forms in phrase] for phrase in read.phrases],
        [[forms[0] for forms in words] for words in read.excluded],
    )


@pytest.mark.parametrize(
    ("typed", "words", "phrases", "excluded"),
    [
        ("recruitment fees", ["recruitment", "fees"], [], []),
        ("the fees of workers", ["fees", "workers"], [], []),
        ("of the", ["of", "the"], [], []),
        ('"recruitment fees" Nepal', ["nepal"], [["recruitment", "fees"]], []),
        ("“recruitment fees”", [], [["recruitment", "fees"]], []),
        ("«العمال المهاجرون»", [], [["العمال", "المهاجرون"]], []),
        ('"fees"', ["fees"], [], []),
        ("domestic -construction", ["domestic"], [], [["construction"]]),
        ('fees -"domestic work"', ["fees"], [], [["domestic", "work"]]),
        ("self-employed", ["self", "employed"], [], []),
        ("-construction", [], [], [["construction"]]),
        ('"recruitment fees', ["recruitment", "fees"], [], []),
        ('""', [], [], []),
        ("- -- --- !!! ***", [], [], []),
        ("fee* title:fees AND (fees OR [a TO b])^2 \\ fees~", None, [], []),
        ("BALI-B1-NP-03", ["bali", "b1", "np", "03"], [], []),
        ("", [], [], []),
    ],
)
def test_words_phrases_and_exclusions(
    typed: str,
    words: list[str] | None,
    phrases: list[list[str]],
    excluded: list[list[str]],
) -> None:
    found = shape(typed)
    assert found[1:] == (phrases, excluded)
    if words is not None:
        assert found[0] == words


def test_a_long_question_is_cut_and_says_so() -> None:
    read = question.read("fees " * 2000, ("en",))
    assert read.cut
    assert len(read.text) == question.LONGEST
    assert not question.read("fees", ("en",)).cut


@given(st.text(st.characters(codec=None), max_size=600))
def test_nothing_typed_is_an_error(typed: str) -> None:
    read = question.read(typed, ("en", "fr", "ar"))
    assert len(read.text) <= question.LONGEST
