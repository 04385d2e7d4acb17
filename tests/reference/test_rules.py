"""What a cell may hold, and what a load does with it."""

from __future__ import annotations

import pytest

from policytrack.reference.rules import (
    Column,
    Outcome,
    Type,
    Unfit,
    cycle,
    deeper,
    folded,
    merge,
    missing_languages,
    parse,
)

SAME, TAKEN, KEPT = Outcome.SAME, Outcome.TAKEN, Outcome.KEPT
CONFLICT, OVERWRITTEN = Outcome.CONFLICT, Outcome.OVERWRITTEN

# What the file said last, what stands here, what the file says, whether the row was edited here:
# what becomes of it, and what if the files shall prevail.
MERGES = [
    ("a", "a", "a", False, SAME, SAME),
    ("a", "a", "a", True, SAME, SAME),
    ("a", "a", "b", False, TAKEN, TAKEN),
    ("a", "a", "b", True, TAKEN, TAKEN),  # another cell of the row was edited
    ("a", "b", "a", True, KEPT, OVERWRITTEN),
    ("a", "b", "b", True, SAME, SAME),  # both came to the same
    ("a", "b", "c", True, CONFLICT, OVERWRITTEN),
    (None, "a", "a", False, SAME, SAME),
    (None, "a", "b", False, TAKEN, TAKEN),  # loaded by a version that kept no record
    (None, "a", "a", True, SAME, SAME),
    (None, "a", "b", True, CONFLICT, OVERWRITTEN),  # added here, and now in the file
    ("a", "", "a", True, KEPT, OVERWRITTEN),
    ("", "a", "", True, KEPT, OVERWRITTEN),
    ("", "", "a", False, TAKEN, TAKEN),
    ("a", "", "b", True, CONFLICT, OVERWRITTEN),
    ("a", "b", "", True, CONFLICT, OVERWRITTEN),
]


@pytest.mark.parametrize(("base", "here", "said", "edited", "usual", "forced"), MERGES)
def test_a_load_never_takes_an_edit_silently(
    base: str | None, here: str, said: str, edited: bool, usual: Outcome, forced: Outcome
) -> None:
    assert merge(base, here, said, edited=edited) is usual
    assert merge(base, here, said, edited=edited, overwrite=True) is forced


def column(kind: Type, **more: object) -> Column:
    return Column("x", "X", kind, **more)  # type: ignore[arg-type]  # one helper for all


@pytest.mark.parametrize(
    ("kind", "given", "text"),
    [
        (Type.LINE, "  a  ", "a"),
        (Type.LINE, "a \t b\u00a0: c", "a b\u00a0: c"),
        (Type.LINE, "e\u0301", "\u00e9"),
        (Type.TEXT, "a\r\nb", "a\nb"),
        (Type.WHOLE, "0012", "12"),
        (Type.DECIMAL, "13.0", "13"),
        (Type.DECIMAL, "13.1", "13.1"),
        (Type.DATE, "2024-02-29", "2024-02-29"),
        (Type.PARTIAL, "2018", "2018"),
        (Type.PARTIAL, "2018-05", "2018-05"),
        (Type.PARTIAL, "2018-05-11", "2018-05-11"),
        (Type.FLAG, "yes", "yes"),
        (Type.CODES, "b; a;;b", "a;b"),
        (Type.WORDS, "UN Women; ILO; ILO", "UN Women;ILO"),
        (Type.LINE, "", ""),
        (Type.DATE, " ", ""),
    ],
)
def test_one_value_has_one_text(kind: Type, given: str, text: str) -> None:
    assert parse(column(kind), given) == text
    assert parse(column(kind), text) == text


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Type.LINE, "a\nb"),
        (Type.LINE, "a" * 301),
        (Type.LINE, "a\u202eb"),
        (Type.TEXT, "a\x07b"),
        (Type.TEXT, "a\x00b"),
        (Type.WHOLE, "1.5"),
        (Type.WHOLE, "-1"),
        (Type.WHOLE, "1,000"),
        (Type.WHOLE, "\u0661"),
        (Type.WHOLE, "9" * 16),
        (Type.WHOLE, "301"),
        (Type.DECIMAL, "1.25"),
        (Type.DECIMAL, "NaN"),
        (Type.DECIMAL, "1e3"),
        (Type.DATE, "2023-02-29"),
        (Type.DATE, "29/02/2024"),
        (Type.DATE, "2024-2-9"),
        (Type.DATE, "1066-10-14"),
        (Type.DATE, "\u0662\u0660\u0662\u0664-01-01"),
        (Type.PARTIAL, "2018-13"),
        (Type.PARTIAL, "18"),
        (Type.PARTIAL, "2018-05-11-02"),
        (Type.PARTIAL, "-"),
        (Type.FLAG, "no"),
        (Type.FLAG, "Yes"),
        (Type.CHOICE, "c"),
        (Type.CODE, "a" * 301),
    ],
)
def test_what_is_unfit_is_refused_with_a_sentence(kind: Type, given: str) -> None:
    with pytest.raises(Unfit) as refused:
        parse(column(kind, choices=(("a", "A"), ("b", "B"))), given)
    assert len(str(refused.value)) > 15


def test_an_empty_cell_is_refused_where_something_must_stand() -> None:
    with pytest.raises(Unfit, match="must not be empty"):
        parse(column(Type.LINE, required=True), " \n ")


def test_a_nought_that_stands_for_no_estimate_is_no_number() -> None:
    assert parse(column(Type.WHOLE, nought_is_unknown=True), "0") == ""
    assert parse(column(Type.WHOLE), "0") == "0"


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ({}, []),
        ({"a": "", "b": "a", "c": "a"}, []),
        ({"a": "a"}, ["a", "a"]),
        ({"a": "b", "b": "a"}, ["a", "b", "a"]),
        ({"x": "a", "a": "b", "b": "c", "c": "a"}, ["a", "b", "c", "a"]),
        ({"a": "elsewhere"}, []),
    ],
)
def test_a_circle_among_parents_is_found(parents: dict[str, str], found: list[str]) -> None:
    assert cycle(parents) == found


def test_what_lies_too_deep_is_found() -> None:
    parents = {"a": "", "b": "a", "c": "b"}
    assert deeper(parents, 2) == ["c"]
    assert deeper(parents, 3) == []


def test_a_translation_is_missing_only_where_there_is_an_original() -> None:
    assert missing_languages([("en", "a"), ("ar", ""), ("fr", "a")]) == ["ar"]
    assert missing_languages([("en", ""), ("ar", ""), ("fr", "")]) == []


def test_words_are_found_without_their_accents() -> None:
    assert folded("É\u0301MIRATS") == folded("emirats")
    assert folded("الدُّوَل") == folded("الدول")
