"""Texts are cut where a reader of their script would."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from policytrack.core.text import excerpt

THAI = "แรงงานข้ามชาติหญิงได้รับการคุ้มครองตามกฎหมายแรงงาน" * 8


def test_a_short_text_stays_whole() -> None:
    assert excerpt("Nothing has\nchanged.") == "Nothing has changed."


def test_a_long_text_ends_between_words() -> None:
    text = "recruitment " * 100
    assert excerpt(text, 50) == "recruitment recruitment recruitment recruitment…"


def test_a_script_without_spaces_is_not_cut_inside_a_letter() -> None:
    cut = excerpt(THAI, 60).removesuffix("…")
    assert THAI.startswith(cut)
    assert unicodedata.category(THAI[len(cut)]) != "Mn"


def test_one_endless_word_is_cut_all_the_same() -> None:
    assert len(excerpt("x" * 5000, 100)) <= 101


@given(st.text(max_size=400), st.integers(10, 200))
def test_whatever_comes_is_the_beginning_of_the_text(text: str, limit: int) -> None:
    cut = excerpt(text, limit).removesuffix("…")
    assert " ".join(text.split()).startswith(cut)
    assert len(cut) <= max(limit, len(" ".join(text.split()).removesuffix("…")))
