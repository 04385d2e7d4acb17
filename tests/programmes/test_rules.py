from __future__ import annotations

from datetime import date

import pytest

from policytrack.core.errors import RuleViolation
from policytrack.programmes import rules


@pytest.mark.parametrize(
    ("women", "men", "total", "expected"),
    [
        (902, 278, None, 1180),
        (902, 278, 1200, 1200),
        (902, None, None, None),
        (None, None, 420_000, 420_000),
        (0, 0, None, 0),
    ],
)
def test_a_total_follows_from_both_parts_and_may_be_larger(
    women: int | None, men: int | None, total: int | None, expected: int | None
) -> None:
    assert rules.complete(women, men, total) == expected


@pytest.mark.parametrize(("women", "men", "total"), [(5, 6, 10), (11, None, 10)])
def test_parts_are_not_more_than_the_total(women: int, men: int | None, total: int) -> None:
    with pytest.raises(RuleViolation):
        rules.complete(women, men, total)


@pytest.mark.parametrize("text", ["", "abc", "-1", "0", "7", "12-14", "99999", "1" * 40, "٣"])
def test_what_is_no_page_of_a_document_is_refused(text: str) -> None:
    with pytest.raises(RuleViolation):
        rules.page_number(text, 6)


def test_where_the_pages_are_not_known_any_number_of_a_page_will_do() -> None:
    assert rules.page_number("6", 6) == 6
    assert rules.page_number("120", 0) == 120
    with pytest.raises(RuleViolation):
        rules.page_number("99999", 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [("high", "medium"), ("medium", "medium"), ("low", "low"), ("unverified", "unverified")],
)
def test_the_own_word_of_a_programme_is_never_surer(before: str, after: str) -> None:
    assert rules.confidence_after(before) == after


def test_a_thing_moves_one_step_and_not_over_the_edge() -> None:
    assert rules.moved(["a", "b", "c"], "b", -1) == ["b", "a", "c"]
    assert rules.moved(["a", "b", "c"], "b", 1) == ["a", "c", "b"]
    assert rules.moved(["a", "b"], "a", -1) == ["a", "b"]
    assert rules.moved(["a", "b"], "b", 1) == ["a", "b"]


def test_dates_are_compared_as_far_as_both_are_known() -> None:
    assert rules.is_before("2018", "2019-05")
    assert not rules.is_before("2018", "2018-05")
    assert rules.last_day("2018-05-11") == date(2018, 5, 11)
    assert rules.last_day("2018-05") is None
