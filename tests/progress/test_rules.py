"""The life of a note as one table; what statuses mean together; which counts may be shown."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.core import review
from policytrack.core.errors import RuleViolation, StaleVersion
from policytrack.core.permissions import Permission
from policytrack.core.review import Action, State, Step
from policytrack.progress import rules
from policytrack.progress.rules import Split

WRITE, SUBMIT, REVIEW = (
    Permission.NOTE_WRITE,
    Permission.NOTE_SUBMIT,
    Permission.NOTE_REVIEW,
)

# The table of DOMAIN.md once more, written down by hand: what is not here is closed.
EXPECTED = {
    ("draft", "save"): Step(State.DRAFT, WRITE),
    ("draft", "submit"): Step(State.SUBMITTED, SUBMIT),
    ("draft", "discard"): Step(State.DISCARDED, WRITE, author_or_focal=True),
    ("submitted", "withdraw"): Step(State.DRAFT, SUBMIT),
    ("submitted", "take_up"): Step(State.IN_REVIEW, REVIEW, not_author=True),
    ("in_review", "return"): Step(State.RETURNED, REVIEW, same_reviewer=True),
    ("in_review", "publish"): Step(State.PUBLISHED, REVIEW, same_reviewer=True, not_author=True),
    ("returned", "save"): Step(State.DRAFT, WRITE, new_revision=True),
    ("published", "revise"): Step(State.DRAFT, SUBMIT, new_revision=True),
    ("published", "retract"): Step(State.RETRACTED, REVIEW),
}


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_every_state_and_action_leads_where_the_table_says(state: State, action: Action) -> None:
    expected = EXPECTED.get((state.value, action.value))
    if expected is None:
        with pytest.raises(StaleVersion):
            rules.step(state, action)
    else:
        assert rules.step(state, action) == expected


def test_each_action_needs_one_permission_whatever_the_state() -> None:
    found = defaultdict(set)
    for (_state, action), step in rules.STEPS.items():
        found[action].add(step.permission)
    assert set(found) == set(Action)
    assert {len(permissions) for permissions in found.values()} == {1}


@pytest.mark.parametrize(
    ("action", "state", "author", "reviewer", "focal", "allowed"),
    [
        (Action.DISCARD, State.DRAFT, True, False, False, True),
        (Action.DISCARD, State.DRAFT, False, False, True, True),
        (Action.DISCARD, State.DRAFT, False, False, False, False),
        (Action.TAKE_UP, State.SUBMITTED, False, False, False, True),
        (Action.TAKE_UP, State.SUBMITTED, True, False, False, False),
        (Action.RETURN, State.IN_REVIEW, False, True, False, True),
        (Action.RETURN, State.IN_REVIEW, False, False, False, False),
        (Action.PUBLISH, State.IN_REVIEW, False, True, False, True),
        (Action.PUBLISH, State.IN_REVIEW, True, True, False, False),
        (Action.PUBLISH, State.IN_REVIEW, False, False, False, False),
        (Action.RETRACT, State.PUBLISHED, False, False, False, True),
    ],
)
def test_only_the_right_person_takes_a_step(
    action: Action, state: State, author: bool, reviewer: bool, focal: bool, allowed: bool
) -> None:
    step = rules.step(state, action)
    found = review.person_may(step, is_author=author, is_reviewer=reviewer, is_focal=focal)
    assert found is allowed


@pytest.mark.parametrize(
    ("nothing_changed", "on_behalf", "state"),
    [
        (False, False, State.SUBMITTED),
        (True, False, State.PUBLISHED),
        (False, True, State.SUBMITTED),
        (True, True, State.SUBMITTED),
    ],
)
def test_what_is_written_on_behalf_is_always_decided_by_a_second_officer(
    nothing_changed: bool, on_behalf: bool, state: State
) -> None:
    found = rules.state_after_submission(nothing_changed=nothing_changed, on_behalf=on_behalf)
    assert found is state


def submission(**overrides: object) -> rules.Submission:
    values: dict[str, object] = {
        "texts": {"done": "The ban was extended.", "results": ""},
        "claimed_status": "limited",
        "nothing_changed": False,
        "carries": False,
        "has_precedent": True,
        "people_protected": True,
        **overrides,
    }
    return rules.Submission(**values)  # type: ignore[arg-type]  # values of the right kinds


@pytest.mark.parametrize(
    ("overrides", "fields"),
    [
        ({}, set()),
        ({"texts": {"done": " \n"}}, {"done"}),
        ({"claimed_status": None}, {"claimed_status"}),
        ({"people_protected": False}, {"people_protected"}),
        ({"texts": {}, "claimed_status": None}, {"done", "claimed_status"}),
        ({"texts": {}, "claimed_status": None, "nothing_changed": True}, set()),
        ({"nothing_changed": True}, {"nothing_changed"}),
        ({"texts": {}, "nothing_changed": True, "carries": True}, {"nothing_changed"}),
        ({"texts": {}, "nothing_changed": True, "has_precedent": False}, {"nothing_changed"}),
        (
            {"texts": {}, "nothing_changed": True, "people_protected": False},
            {"people_protected"},
        ),
    ],
)
def test_a_submission_says_what_it_lacks(overrides: dict[str, object], fields: set[str]) -> None:
    assert set(rules.missing(submission(**overrides))) == fields


def test_a_returned_note_can_be_put_right_for_two_weeks_after_the_round() -> None:
    closing = datetime(2026, 6, 30, 17, tzinfo=UTC)
    assert rules.last_moment(closing, None) == closing
    early = closing - timedelta(days=20)
    assert rules.last_moment(closing, early) == closing
    late = closing + timedelta(days=3)
    assert rules.last_moment(closing, late) == late + timedelta(days=14)


@pytest.mark.parametrize(
    ("claims", "differ"),
    [
        ({}, False),
        ({"governments": ["complete"]}, False),
        ({"governments": ["complete"], "employers": [], "workers": ["complete"]}, False),
        ({"governments": ["complete"], "workers": ["limited"]}, True),
        ({"governments": ["complete"], "workers": ["limited", "complete"]}, True),
        ({"workers": ["limited", "complete"]}, False),
    ],
)
def test_groups_differ_when_their_claims_do(claims: dict[str, list[str]], differ: bool) -> None:
    assert rules.differing(claims) is differ


def test_silence_begins_with_the_last_word_or_the_first_question() -> None:
    early, late = datetime(2025, 1, 1, 9, tzinfo=UTC), datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert rules.silent_since(early, late.date()) == late.date()
    assert rules.silent_since(late, early.date()) == late.date()
    assert rules.silent_since(None, early.date()) == early.date()
    assert rules.silent_since(None, None) is None


def test_a_voice_lapses_only_with_a_closed_round() -> None:
    first, second = date(2026, 1, 1), date(2026, 7, 1)
    assert not rules.has_lapsed(None, None)
    assert rules.has_lapsed(None, first)
    assert rules.has_lapsed(first, second)
    assert not rules.has_lapsed(second, second)
    assert not rules.has_lapsed(second, first)


# Counts of people

PARTS = ("women", "men", "not_stated")
Shown = tuple[tuple[Decimal | None, ...], frozenset[str]]


def shown(split: Split) -> Shown:
    found = rules.suppress(split)
    return (*found.split.cells.values(), found.split.total), found.suppressed


def values_of(split: Split) -> dict[str, Decimal | None]:
    return {**split.cells, "total": split.total}


def all_small_splits(most: int) -> list[Split]:
    """Return every consistent reading with parts of up to `most` people or not reported."""
    numbers = [None, *(Decimal(n) for n in range(most + 1))]
    found = []
    for women, men, not_stated in product(numbers, repeat=3):
        known = sum((each for each in (women, men, not_stated) if each is not None), Decimal(0))
        complete = None not in (women, men, not_stated)
        totals = [known] if complete else [None, *(known + rest for rest in range(most + 1))]
        found += [Split(women, men, not_stated, total) for total in totals]
    return found


def test_no_reader_who_knows_the_rule_can_work_out_a_hidden_count() -> None:
    """Every reading that looks the same is still possible: hidden cells must stay open.

    Exhaustive over small counts, where all the danger is: a hidden part can be any of one to
    four, and so can what the total holds beside the parts shown.
    """
    alike: dict[Shown, list[Split]] = defaultdict(list)
    for split in all_small_splits(9):
        alike[shown(split)].append(split)
    for (_cells, hidden), splits in alike.items():
        for name in hidden:
            possible = {values_of(split)[name] for split in splits}
            assert len(possible) >= 4, (splits[0], name, possible)
            if name != "total":
                assert possible == {1, 2, 3, 4}


def test_no_small_number_is_left_between_what_is_shown() -> None:
    for split in all_small_splits(9):
        (women, men, not_stated, total), hidden = shown(split)
        parts = [each for each in (women, men, not_stated) if each is not None]
        for each in (*parts, total):
            assert each is None or each == 0 or each >= 5
        if total is not None:
            # What the shown parts leave of the shown total is nobody, or five and more.
            rest = total - sum(parts, Decimal(0))
            assert rest == 0 or rest >= 5, (split, hidden)


counts = st.one_of(st.none(), st.integers(0, 12), st.integers(0, 10**12)).map(
    lambda n: None if n is None else Decimal(n)
)


@given(women=counts, men=counts, not_stated=counts, rest=st.integers(0, 50), known=st.booleans())
def test_suppression_holds_for_counts_of_any_size(
    women: Decimal | None,
    men: Decimal | None,
    not_stated: Decimal | None,
    rest: int,
    known: bool,
) -> None:
    parts = [each for each in (women, men, not_stated) if each is not None]
    total = sum(parts, Decimal(0)) + (rest if len(parts) < 3 else 0) if known else None
    split = Split(women, men, not_stated, total)
    found = rules.suppress(split)
    left = [each for each in found.split.cells.values() if each is not None]
    assert all(each == 0 or each >= 5 for each in left)
    if found.split.total is not None:
        assert found.split.total - sum(left, Decimal(0)) not in {1, 2, 3, 4}
        assert not any(name in found.suppressed for name in PARTS)
    for name, value in values_of(split).items():
        if name not in found.suppressed:
            assert values_of(found.split)[name] == value, "nothing else is changed"


def test_large_readings_are_shown_whole() -> None:
    split = Split(Decimal(902), Decimal(278), Decimal(0), Decimal(1180))
    assert rules.suppress(split) == rules.ShownSplit(split, frozenset())


@pytest.mark.parametrize(
    ("given_split", "total"),
    [
        (Split(Decimal(1), Decimal(2), Decimal(3)), Decimal(6)),
        (Split(Decimal(1), Decimal(2)), None),
        (Split(Decimal(1), total=Decimal(9)), Decimal(9)),
    ],
)
def test_a_total_is_filled_in_only_where_all_parts_are_known(
    given_split: Split, total: Decimal | None
) -> None:
    assert rules.complete_split(given_split).total == total


@pytest.mark.parametrize(
    "wrong",
    [
        Split(Decimal(1), Decimal(2), Decimal(3), Decimal(7)),
        Split(Decimal(9), None, None, Decimal(8)),
    ],
)
def test_parts_and_total_must_agree(wrong: Split) -> None:
    with pytest.raises(RuleViolation):
        rules.complete_split(wrong)
