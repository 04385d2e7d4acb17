"""Heads, feet and page numbers go; the law stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policytrack.library.reading.text.heads import without_heads


def test_heads_feet_and_numbers_of_pages_go() -> None:
    pages = [
        f"A/HRC/28/8\nPage {n + 3} of 24\nBody {'x' * n} text\nmore{'y' * n}\n{n + 3}"
        for n in range(8)
    ]
    kept = without_heads(pages)
    assert kept[0] == pages[0]
    assert kept[1:] == [f"Body {'x' * n} text\nmore{'y' * n}" for n in range(1, 8)]


def test_left_and_right_pages_have_heads_of_their_own() -> None:
    pages = [f"{'Labour Act' if n % 2 else 'Official Gazette'} {n}\nbody {n * 7}" for n in range(9)]
    assert without_heads(pages)[1:] == [f"body {n * 7}" for n in range(1, 9)]


def test_numbers_in_roman_and_arabic_figures() -> None:
    roman = ["i", "ii", "iii", "iv", "v", "vi"]
    assert without_heads([f"text {'y' * n}\n{roman[n]}" for n in range(6)])[3] == "text yyy"
    figures = "٠١٢٣٤٥"
    assert without_heads([f"نص {'س' * n}\n{figures[n]}" for n in range(6)])[3] == "نص سسس"


def test_what_holds_the_law_stays() -> None:
    articles = [f"Article {n + 1}\ntext {'z' * n}" for n in range(8)]
    assert without_heads(articles) == articles
    arabic = [f"المادة ({n + 1})\nنص {'س' * n}" for n in range(8)]
    assert without_heads(arabic) == arabic
    middle = [f"a{'b' * n}\nc{n}\nd{n}\ne{n}\nAct\nf{n}\ng{n}\nh{n}\ni{'j' * n}" for n in range(8)]
    assert without_heads(middle) == middle
    figures = ["Wages\n1200", "Hours\n8", "Days\n30", "Weeks\n52", "Months\n12"]
    assert without_heads(figures) == figures


def test_short_documents_stay_as_they_are() -> None:
    assert without_heads(["Act\none", "Act\ntwo", "Act\nthree"])[2] == "Act\nthree"


@given(st.lists(st.text(alphabet="Aa1i \n٣"), max_size=12))
def test_pages_stay_and_only_lose_whole_lines(pages: list[str]) -> None:
    kept = without_heads(pages)
    assert len(kept) == len(pages)
    for before, after in zip(pages, kept, strict=True):
        assert after in before
