"""Words are marked in whatever form they stand, and nothing else becomes markup."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from policytrack.search import highlight
from policytrack.search.asking import question


def forms(typed: str) -> frozenset[str]:
    return question.read(typed, ("en", "fr", "ar", "th")).forms


def test_forms_are_marked() -> None:
    assert highlight.marked("Workers were recruited", "en", forms("worker recruiting")) == (
        "<mark>Workers</mark> were <mark>recruited</mark>"
    )
    assert highlight.marked("حماية للعاملات", "ar", forms("عاملة")) == (
        "حماية <mark>للعاملات</mark>"
    )


def test_words_that_touch_are_one_mark() -> None:
    marked = highlight.marked("แรงงานข้ามชาติหญิง", "th", forms("แรงงานข้ามชาติ"))
    assert marked == "<mark>แรงงานข้ามชาติ</mark>หญิง"


def test_letters_are_marked_where_they_stand() -> None:
    assert highlight.marked("ค่าธรรมเนียมการ จัดหางาน", "th", forms("รมเนียมการจัด")) == (
        "ค่าธร<mark>รมเนียมการ จัด</mark>หางาน"
    )
    assert highlight.marked("የቤት፡ሠራተኞች", "am", forms("ቤትሰራ")) == "የ<mark>ቤት፡ሠራ</mark>ተኞች"
    # No sign is parted from the letter that bears it.
    assert highlight.marked("ที่นี่", "th", frozenset({"\u2263ทน"})) == "ที่นี่"
    assert highlight.marked("กี่กา", "th", frozenset({"\u2263กี"})) == "<mark>กี่</mark>กา"


def test_text_is_escaped() -> None:
    hostile = "<script>fees</script> & <img src=x onerror=fees()>"
    marked = str(highlight.marked(hostile, "en", forms("fees script")))
    assert "<script" not in marked
    assert "<img" not in marked
    assert html.unescape(re.sub("</?mark>", "", marked)) == hostile


def test_a_fragment_shows_where_most_words_stand() -> None:
    text = "Zebra. " + "filler words here " * 100 + "a zebra and a giraffe meet " + "more " * 200
    fragment = str(highlight.fragment(text, "en", forms("zebra giraffe")))
    assert "<mark>zebra</mark> and a <mark>giraffe</mark>" in fragment
    assert fragment.startswith("… ")
    assert fragment.endswith(" …")
    assert len(fragment) < 400


def test_a_fragment_of_one_endless_word() -> None:
    fragment = str(highlight.fragment("न" + "ि" * 5000, "hi", forms("zebra")))
    assert len(fragment) < 6000
    assert str(highlight.fragment("x" * 5000, "en", frozenset())) == "x" * 280 + " …"


@given(
    text=st.text(st.characters(codec=None), max_size=900),
    typed=st.text(max_size=40),
)
def test_no_text_is_too_strange(text: str, typed: str) -> None:
    sought = question.read(typed + text[:20], ("en", "ar")).forms
    for marked in (highlight.marked(text, "en", sought), highlight.fragment(text, "en", sought)):
        assert not re.search("<(?!/?mark>)", str(marked))
        assert str(marked).count("<mark>") == str(marked).count("</mark>")
        str(marked).encode()  # no half of a character pair is left
