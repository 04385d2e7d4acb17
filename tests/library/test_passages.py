"""Sentences and quoted passages are found in a page where a reader sees them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.library.passages import BREAK, locate, paragraphs, sentences

ACT = (
    "Recruitment Act\n\nArticle 3. No fee and no related cost may be taken from a worker,\n"
    "e.g. by an agency; see No. 5 of the Schedule.\nNobody pays for a job abroad.\n(a) one\n(b) two"
)


def said(text: str, language: str) -> list[list[str]]:
    return [[text[start:end] for start, end in each] for each in sentences(text, language)]


def test_a_sentence_runs_over_the_edge_of_its_line_and_items_stand_alone() -> None:
    assert said(ACT, "en") == [
        ["Recruitment Act"],
        [
            "Article 3.",
            "No fee and no related cost may be taken from a worker,\n"
            "e.g. by an agency; see No. 5 of the Schedule.",
            "Nobody pays for a job abroad.",
            "(a) one",
            "(b) two",
        ],
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "هل تُدفع رسوم؟ لا تُدفع. المادة 5", ["هل تُدفع رسوم؟", "لا تُدفع.", "المادة 5"]),
        ("hi", "शुल्क नहीं। काम है।", ["शुल्क नहीं।", "काम है।"]),
        ("my", "အလုပ်ရှိသည်။ အခမဲ့။", ["အလုပ်ရှိသည်။", "အခမဲ့။"]),
        ("zh", "不得收费。工人。", ["不得收费。", "工人。"]),
        ("", "😀 A fee. 😀 No fee.", ["😀 A fee.", "😀 No fee."]),
    ],
)
def test_each_script_ends_its_sentences_in_its_own_way(
    language: str, text: str, expected: list[str]
) -> None:
    assert said(text, language) == [expected]


def test_scripts_without_full_stops_are_offered_in_pieces_that_can_be_joined() -> None:
    text = "กฎหมายว่าด้วยการจ้างงาน " * 60
    (pieces,) = said(text, "th")
    assert len(pieces) > 2
    assert all(len(piece) <= 400 for piece in pieces)
    assert " ".join(pieces) == text.strip()


@given(st.text(alphabet="ab .\n؟ก😀\u0301", max_size=300))
def test_no_letter_is_lost_between_sentences(text: str) -> None:
    spans = [span for paragraph in sentences(text, "en") for span in paragraph]
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    found = "".join(text[start:end] for start, end in spans)
    assert "".join(found.split()) == "".join(text.split())
    for each in paragraphs(text):
        page = text[each.start : each.start + len(each.text)]
        assert page == each.text.replace(BREAK, "\n")


@pytest.mark.parametrize(
    ("quoted", "expected"),
    [
        ("from a worker, e.g. by an agency", "from a worker,\ne.g. by an agency"),
        ("  Nobody\r\n\r\npays\tfor  a job abroad. ", "Nobody pays for a job abroad."),
        ("No\u00adbody pa\u200bys", "Nobody pays"),
        ("Nobody paid", None),
        ("nobody pays", None),
        ("", None),
        (" \n\u200b", None),
        (ACT + "x", None),
    ],
)
def test_white_space_is_left_aside_and_every_letter_counts(
    quoted: str, expected: str | None
) -> None:
    span = locate(ACT, quoted)
    assert (span and ACT[slice(*span)]) == expected


def test_of_several_places_it_is_the_nearest() -> None:
    text = "No fee. Pay. No fee. Pay. No fee."
    assert [locate(text, "No fee.", near) for near in (0, 12, 40)] == [(0, 7), (13, 20), (26, 33)]
