"""What is cited is harmless, and its date is one of the calendar."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policytrack.library.citing import Organisation, Person, authors_of
from policytrack.library.citing.citable import with_keys
from policytrack.library.citing.kinds import NAMES, Other
from policytrack.library.rules import Type

from .cases import REPORT


def test_every_type_of_document_and_every_page_can_be_cited() -> None:
    assert set(NAMES) == {*Type, *Other}


# With a non-joiner, and marks of direction.
MARKED = "\u0645\u06cc\u200c\u062e \u200fx\u200e"


def test_text_is_one_line_without_controls_and_without_marks_that_turn_it() -> None:
    found = replace(REPORT, title="A\r\nER  - \x00b\u2028c\u202egnp.exe\u2066 \ud800d\x85e")
    assert found.title == "A ER - b cgnp.exe d e"
    # What Persian and Bengali words need stays.
    assert replace(REPORT, title=MARKED).title == MARKED


def test_what_has_no_title_goes_by_its_number_or_key() -> None:
    assert replace(REPORT, title="\x00\n").title == REPORT.number
    assert replace(REPORT, title=" ", number="").title == REPORT.key


@pytest.mark.parametrize("issued", ["", "2016", "2016-12", "2016-12-09", "2016-02-29"])
def test_dates_are_as_exact_as_they_are_known(issued: str) -> None:
    found = replace(REPORT, issued=issued)
    assert found.parts == tuple(int(part) for part in issued.split("-") if part)


@pytest.mark.parametrize(
    "issued", ["16", "2016-13", "2016-02-30", "0000", "2016-1", "2016-12-09T00", "٢٠١٦"]
)
def test_what_no_calendar_has_is_refused(issued: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the calendar's own words
        replace(REPORT, issued=issued)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//evil.example", "https://", "file:///etc/passwd", "https://[x", "x"],
)
def test_only_addresses_of_the_web_are_kept(address: str) -> None:
    assert replace(REPORT, source_url=address).source_url == ""


def test_addresses_are_encoded() -> None:
    found = replace(REPORT, source_url='https://example.org/a b"<{}>/قانون?x=%20').source_url
    assert found == (
        "https://example.org/a%20b%22%3C%7B%7D%3E/%D9%82%D8%A7%D9%86%D9%88%D9%86?x=%20"
    )


def test_identifiers_are_what_they_claim_to_be_or_nothing() -> None:
    assert replace(REPORT, doi="https://doi.org/10.1000/xyz").doi == "10.1000/xyz"
    assert replace(REPORT, doi="see page 10").doi == ""
    assert replace(REPORT, isbn="ISBN 978-92-2-030000-1").isbn == "978-92-2-030000-1"
    assert replace(REPORT, isbn="none").isbn == ""


def test_authors_come_from_how_they_are_kept() -> None:
    stored = [
        {"family": "Al-Hassan", "given": "Fatima"},
        {"literal": "UN Women"},
        {"family": "", "given": "Sukarno"},
        {"literal": ""},
    ]
    assert replace(REPORT, authors=authors_of(stored)).authors == (
        Person("Al-Hassan", "Fatima"),
        Organisation("UN Women"),
        Person("Sukarno"),
    )


def test_keys_are_plain_and_alone_in_their_file() -> None:
    documents = [replace(REPORT, key=key) for key in ("Ab", "aB", "a{b}, @x", "قانون", "ab")]
    keys = [key for key, _document in with_keys(documents)]
    assert keys == ["Ab", "aB-2", "a-b-x", "evaluation", "ab-3"]
