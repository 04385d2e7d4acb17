"""Two fields in one cell of another database come back as two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.core.forms import clean, clean_line
from policytrack.library.exchange import pairs, profiles

DATES = st.text(st.sampled_from("2016 –—-\\a/")).map(clean_line)
PARTS = ["Funders: ", "Donor :", "\\", "\n", " ", "A", "funders", ":", "الصندوق", ";"]
WORDS = st.lists(st.sampled_from(PARTS)).map(lambda parts: clean("".join(parts)))


@given(DATES, DATES)
def test_dates_come_back(start: str, end: str) -> None:
    assert pairs.split_dates(pairs.join_dates(start, end)) == (start, end)


@given(WORDS, WORDS)
def test_partners_and_funders_come_back(partners: str, funders: str) -> None:
    assert pairs.split_partners(pairs.join_partners(partners, funders)) == (partners, funders)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2016 – Present", ("2016", "Present")),
        ("2016-2018", ("2016", "2018")),
        ("2016—2018", ("2016", "2018")),
        ("March 2016 - June 2018", ("March 2016", "June 2018")),
        ("2016-12-09", ("2016-12-09", "")),
        ("– 2018", ("", "2018")),
        ("", ("", "")),
    ],
)
def test_dates_are_read_as_others_write_them(text: str, dates: tuple[str, str]) -> None:
    assert pairs.split_dates(text) == dates


def test_dates_are_written_as_others_write_them() -> None:
    assert pairs.join_dates("2016-12", "2018") == "2016-12 – 2018"
    assert pairs.join_dates("2016", "") == "2016"


def test_every_cell_with_two_fields_has_its_rule() -> None:
    headings = [each for profile in profiles.profiles().values() for each in profile.headings]
    assert len(headings) == 41
    assert {each.fields for each in headings if len(each.fields) > 1} == set(pairs.PAIRS)
    assert all(each.source and each.confidence for each in headings)
