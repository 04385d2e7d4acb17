"""Words are found as readers expect, whatever the script."""

from __future__ import annotations

import pytest

from policytrack.library.finding import MOST, Words


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("fee", "FÉES and fees", ["FÉE", "fee"]),
        ("عمال", "حماية العُمّال والعمّال", ["عُمّال", "عمّال"]),
        ("المراه", "حقوق المرأة", ["المرأة"]),
        ("الى", "إلى قطر", ["إلى"]),
        ("แรงงาน", "กฎหมายแรงงานต่างด้าว", ["แรงงาน"]),
        ("12", "১২ and 12", ["১২", "12"]),
        ("fee work", "work for a fee", ["work", "fee"]),
        ("rest stop", "restop", ["restop"]),
        ("fee", "😀😀 the 😀 fee", ["fee"]),
        ("strasse", "Straße", ["Straße"]),
        ("x", "", []),
    ],
)
def test_where_words_stand(typed: str, text: str, expected: list[str]) -> None:
    words = Words(typed)
    assert [text[start:end] for start, end in words.spans(text)] == expected


def test_a_page_holds_all_words_or_is_none() -> None:
    assert Words("fee worker").all_in("A worker pays no FEE.")
    assert not Words("fee worker").all_in("Nobody pays a fee.")


@pytest.mark.parametrize("typed", ["", "   ", "- . ، *", "\u0301", "\u064b \u0640"])
def test_what_has_no_letter_asks_for_nothing(typed: str) -> None:
    words = Words(typed)
    assert not words
    assert words.spans("a b c") == []


def test_so_many_words_and_no_more() -> None:
    assert len(Words(" ".join(f"w{number}" for number in range(50))).words) == MOST
