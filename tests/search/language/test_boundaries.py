"""The expression finds the words that ICU finds."""

from __future__ import annotations

import icu
from hypothesis import given, settings
from hypothesis import strategies as st

from policytrack.search.language import boundaries


def told(text: str) -> list[tuple[int, int]]:
    """Return the words as ICU alone tells them."""
    breaker = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    found, start = [], 0
    for end in boundaries.ends(breaker, text):
        if breaker.getRuleStatus() >= icu.UWordBreak.NONE_LIMIT:
            found.append((start, end))
        start = end
    return found


def held(text: str) -> None:
    spans = list(boundaries.spans(text))
    assert spans == told(text)
    assert boundaries.written(text) == [text[start:end] for start, end in spans]


SIGNS = st.one_of(
    st.sampled_from("abzéßøÀΩжابةء٠١٩019__..,,;:''’‘“”–—·‧/()\"@#&%$€  \n\t\r\u00a0\u00ad"),
    st.sampled_from(
        '\u064b\u0651\u0301\u200c\u200d\u200f\u2028٫٬،؛۔กขไทยアイ移民漢קש"\u0300🙂👩\U0001f1eb©'
    ),
    st.characters(codec="utf-8"),
    st.characters(min_codepoint=0, max_codepoint=0x6FF),
    st.characters(min_codepoint=0x1E00, max_codepoint=0x20CF),
)


@settings(max_examples=1500, deadline=None)
@given(st.text(SIGNS, max_size=40))
def test_any_text_is_parted_as_icu_parts_it(text: str) -> None:
    held(text)


@settings(max_examples=400, deadline=None)
@given(st.text("ab1_.,':;’ \u0301\u0600\u200dא\"ก", max_size=30))
def test_signs_that_bind_are_bound_as_icu_binds_them(text: str) -> None:
    held(text)


def test_each_sign_between_letters_and_between_numbers() -> None:
    for number in [*range(0xD800), *range(0xE000, 0x1_0000, 7)]:
        sign = chr(number)
        for text in (f"a{sign}b", f"1{sign}2", f"a{sign}1", sign, f"{sign}{sign}", f" {sign} "):
            assert list(boundaries.spans(text)) == told(text), hex(number)


def test_ordinary_texts() -> None:
    held("The Minister's 2,500 workers’ fees—e.g. U.S.$1.50—fell by 3.5% (see §2(a)).")
    held("L’accord n’est pas signé aujourd'hui; voir l'article 12.3.")
    held("يجب على الدول حمايةُ العمّال المهاجرين، وفقاً للمادة ١٢٫٥.")
    held("ไม่มีค่าธรรมเนียม and fees 移民労働者 stay")


def test_a_long_text_without_spaces_is_no_burden() -> None:
    text = "a'" * 200_000 + "\u0301" + "b," * 200_000
    assert sum(1 for _ in boundaries.spans(text)) > 1
