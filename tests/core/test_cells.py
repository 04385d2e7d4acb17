"""What is written into a cell is read back as it was, and runs nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.core import cells

ITEMS = st.text(st.sampled_from("ab;\\ '=،نص\n,")).map(str.strip).filter(bool)


@given(st.lists(ITEMS))
def test_a_list_comes_back(items: list[str]) -> None:
    assert cells.several(cells.joined(items)) == items


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("NP;QA ; BD", ["NP", "QA", "BD"]),
        (" ; a;;b; ", ["a", "b"]),
        (r"laws\2019; C:\x", [r"laws\2019", r"C:\x"]),
        (r"a\;b; c\\; d" + "\\", ["a;b", "c\\", "d\\"]),
        ("", []),
    ],
)
def test_tables_written_by_hand_are_read(text: str, items: list[str]) -> None:
    assert cells.several(text) == items


@given(st.text(st.sampled_from("'=+-@\t\rab")))
def test_no_formula_runs_and_the_text_comes_back(text: str) -> None:
    cell = cells.guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cells.unguarded(cell) == text


def test_an_apostrophe_before_a_word_stays() -> None:
    assert cells.guarded("'tis") == cells.unguarded("'tis") == "'tis"
