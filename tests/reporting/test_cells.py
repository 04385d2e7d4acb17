"""A cell says one thing, however it was typed, or is refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from policytrack.reporting.workbook import cells
from policytrack.reporting.workbook.cells import Listed, Unfit
from policytrack.reporting.workbook.columns import Column, Type
from policytrack.reporting.workbook.reading import Cell

LISTS = {
    "places": Listed.of("places", ("NP", "QA")),
    "themes": Listed.of("themes", {"A1.1": False, "A1.2": True}),
}


def read(kind: Type, cell_kind: str, value: Any, *, epoch: int = 1900, **more: Any) -> str:
    column = Column("name", "Name", "", kind, **more)
    return cells.value(column, Cell(cell_kind, value), LISTS, epoch)


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        (Type.LINE, ("text", "  two \n words "), "two words"),
        (Type.LINE, ("number", "12"), "12"),
        (Type.LINE, ("number", "12.0"), "12"),
        (Type.LINE, ("number", "0.1"), "0.1"),
        (Type.LINE, ("text", "=1+1"), "=1+1"),
        (Type.LINE, ("text", "نص\u202eعربي"), "نصعربي"),
        (Type.TEXT, ("text", "one_x000D_\ntwo_x005F_x000D_"), "one\ntwo_x000D_"),
        (Type.TEXT, ("text", "শ্রমিক\x07"), "শ্রমিক"),
        (Type.KEY, ("text", "NP-MOL.1"), "NP-MOL.1"),
        (Type.KEY, ("number", "7"), "7"),
        (Type.MAIL, ("text", " Asha@Example.ORG "), "asha@example.org"),
        (Type.DATE, ("date", "2027-03-31T00:00:00"), "2027-03-31"),
        (Type.DATE, ("text", "2027-03-31"), "2027-03-31"),
        (Type.DATE, ("text", "٢٠٢٧-٠٣-٣١"), "2027-03-31"),
        (Type.DATE, ("text", "২০২৭-০৩-৩১"), "2027-03-31"),
        (Type.DATE, ("number", "46477"), "2027-03-31"),
        (Type.DATE, ("text", ""), ""),
        (Type.DECIMAL, ("number", "61.5"), "61.5"),
        (Type.DECIMAL, ("number", "0.30000000000000004"), "0.3"),
        (Type.DECIMAL, ("number", "1000"), "1000"),
        (Type.DECIMAL, ("text", "২২৮৭.৬"), "2287.6"),
        (Type.DECIMAL, ("text", "1,180"), "1180"),
        (Type.DECIMAL, ("text", "99999999999999.99"), "99999999999999.99"),
        (Type.FLAG, ("truth", True), "yes"),
        (Type.FLAG, ("truth", False), ""),
        (Type.FLAG, ("text", "نعم"), "yes"),
        (Type.FLAG, ("text", "No"), ""),
        (Type.SOME, ("text", "qa; NP ;NP"), "NP;QA"),
        (Type.SOME, ("text", "QA؛ NP"), "NP;QA"),
        (Type.SOME, ("text", " ;; "), ""),
        (Type.ONE, ("text", "np"), "NP"),
    ],
)
def test_what_a_cell_says(kind: Type, cell: tuple[str, Any], said: str) -> None:
    assert read(kind, *cell, of="places") == said


def test_a_workbook_that_counts_days_from_1904() -> None:
    assert read(Type.DATE, "number", "45015", epoch=1904) == "2027-03-31"


@pytest.mark.parametrize(
    ("kind", "cell", "why"),
    [
        (Type.LINE, ("formula", ""), "holds a formula"),
        (Type.DECIMAL, ("error", "#REF!"), "holds an error (#REF!)"),
        (Type.DATE, ("error", "#VALUE!"), "holds an error"),
        (Type.LINE, ("date", "2026-04-03T00:00:00"), "Format it as text"),
        (Type.LINE, ("other", "12:00:00"), "Format it as text"),
        (Type.LINE, ("text", "x" * 301), "longer than 300 characters (it has 301)"),
        (Type.KEY, ("text", "مفتاح"), "cannot be a key"),
        (Type.KEY, ("text", "x" * 400), "cannot be a key"),
        (Type.MAIL, ("text", "asha"), "Write a mail address"),
        (Type.DATE, ("text", "31/03/2027"), "year-month-day"),
        (Type.DATE, ("text", "2027-02-30"), "year-month-day"),
        (Type.DATE, ("number", "2027"), "year-month-day"),
        (Type.DATE, ("number", "46477.5"), "year-month-day"),
        (Type.DATE, ("number", "1e300"), "year-month-day"),
        (Type.DATE, ("date", "2027-03-31T12:30:00"), "year-month-day"),
        (Type.DATE, ("truth", True), "year-month-day"),
        (Type.DECIMAL, ("number", "-1"), "without a sign"),
        (Type.DECIMAL, ("number", "1.234"), "at most two decimals"),
        (Type.DECIMAL, ("number", "1e+20"), "at most two decimals"),
        (Type.DECIMAL, ("text", "many"), "Write a number"),
        (Type.WHOLE, ("number", "4"), "between 0 and 3"),
        (Type.WHOLE, ("number", "1.5"), "between 0 and 3"),
        (Type.FLAG, ("text", "perhaps"), "“yes” or leave"),
        (Type.ONE, ("text", "Nepal"), "“Nepal” is not in the list of places"),
        (Type.SOME, ("text", "NP;XX"), "“XX” is not in the list of places"),
    ],
)
def test_what_a_cell_cannot_say(kind: Type, cell: tuple[str, Any], why: str) -> None:
    with pytest.raises(Unfit) as refusal:
        read(kind, *cell, of="places", most=3 if kind is Type.WHOLE else 300)
    assert why in str(refusal.value.sentence).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize("text", ["_x000D_", "a_x0041_b", "_x005F_", "_x12_", "plain"])
def test_no_text_is_taken_for_a_sign_of_the_program(text: str) -> None:
    assert read(Type.TEXT, "text", cells.escaped(text)) == text
