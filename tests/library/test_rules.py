from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.core.errors import StaleVersion
from policytrack.core.review import Action, State
from policytrack.library import rules
from policytrack.progress.rules import STEPS


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_documents_pass_through_the_same_states_as_notes(state: State, action: Action) -> None:
    of_notes = STEPS.get((state, action))
    if of_notes is None:
        with pytest.raises(StaleVersion):
            rules.step(state, action)
    else:
        assert rules.step(state, action).to is of_notes.to


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("", None),
        ("2016", date(2016, 1, 1)),
        ("2016-12", date(2016, 12, 1)),
        ("2016-12-09", date(2016, 12, 9)),
        (" 2016 ", date(2016, 1, 1)),
    ],
)
def test_dates_are_as_exact_as_they_are_known(given: str, day: date | None) -> None:
    assert rules.first_day(rules.partial_date(given)) == day


@pytest.mark.parametrize(
    "given", ["16", "2016-13", "2016-02-30", "9 December 2016", "2016/12", "0000", "٢٠١٦", "2016-1"]
)
def test_what_is_no_date_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        rules.partial_date(given)


def test_a_submission_says_all_that_it_lacks() -> None:
    lacking = rules.missing(rules.Submission(" ", "", "", False, False))
    assert set(lacking) == {"title", "type", "language", "files", "people_protected"}
    assert rules.missing(rules.Submission("Act", "law", "en", True, True)) == {}


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Rai, Sita", {"family": "Rai", "given": "Sita"}),
        ("راي، سيتا", {"family": "راي", "given": "سيتا"}),
        ("Sukarno,", {"family": "Sukarno"}),
        ("Parliament", {"literal": "Parliament"}),
        ("Work, Pensions, and Care", {"literal": "Work, Pensions, and Care"}),
        ("“Ministry of Labour, Kathmandu”", {"literal": "Ministry of Labour, Kathmandu"}),
        ('"Ministry of Labour, Kathmandu"', {"literal": "Ministry of Labour, Kathmandu"}),
        (r"King\, Jr., Martin", {"family": "King, Jr.", "given": "Martin"}),
        (", Sita", {"literal": ", Sita"}),
        ("", {"literal": ""}),
    ],
)
def test_an_author_is_a_person_or_an_organisation(text: str, author: dict[str, str]) -> None:
    assert rules.author(text) == author


NAMES = st.text(st.sampled_from("ab \\,،;\"“”«»„'=\n\u0627")).map(str.strip).filter(bool)


@given(NAMES, NAMES)
def test_whatever_an_author_is_called_it_is_read_back(one: str, other: str) -> None:
    authors = ({"literal": one}, {"family": one}, {"family": one, "given": other})
    for author in authors:
        assert rules.author(rules.author_text(author)) == author
