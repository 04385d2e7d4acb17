"""The life of a text, the codes, and what a plan is made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from policytrack.commitments import rules
from policytrack.commitments.rules import (
    Plan,
    PlannedIndicator,
    PlannedMilestone,
    TextAction,
    TextState,
)
from policytrack.core.errors import RuleViolation
from policytrack.core.permissions import Permission

ALLOWED = {
    ("draft", "propose"): ("proposed", Permission.COMMITMENT_PROPOSE),
    ("draft", "discard"): ("discarded", Permission.COMMITMENT_PROPOSE),
    ("proposed", "withdraw"): ("draft", Permission.COMMITMENT_PROPOSE),
    ("proposed", "accept"): ("accepted", Permission.COMMITMENT_ACCEPT),
    ("proposed", "file_letter"): ("accepted", Permission.NOTE_REVIEW),
    ("proposed", "decline"): ("declined", Permission.COMMITMENT_ACCEPT),
}


@pytest.mark.parametrize("action", list(TextAction))
@pytest.mark.parametrize("state", list(TextState))
def test_every_step_of_a_text(state, action):
    if (state.value, action.value) in ALLOWED:
        following, permission = ALLOWED[(state.value, action.value)]
        assert rules.next_state(state, action) == following
        assert rules.PERMISSIONS[action] is permission
    else:
        with pytest.raises(RuleViolation):
            rules.next_state(state, action)


def test_codes_count_within_framework_provision_and_place():
    taken = ["BALI-B1-NP-01", "BALI-B1-NP-09", "BALI-B1-QA-40", "BALI-B12-NP-77"]

    assert rules.make_code("BALI", "B1", "NP", taken) == "BALI-B1-NP-10"
    assert rules.make_code("BALI", "B2", "NP", taken) == "BALI-B2-NP-01"


def test_a_plan_comes_back_from_its_stored_form_unchanged():
    plan = Plan(
        (
            PlannedIndicator(
                "k3v9qmt2bc",
                {"en": "Workers", "ar": "عمال"},
                "people",
                Decimal("0.00"),
                date(2025, 1, 1),
                Decimal("1180.50"),
                None,
            ),
        ),
        (PlannedMilestone("", {"th": "กฎหมาย"}, date(2026, 5, 1), date(2026, 4, 1)),),
    )

    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json({}) == Plan()


def test_only_what_counts_people_is_suppressed_when_small():
    assert PlannedIndicator("", {}, "people").counts_people
    assert not PlannedIndicator("", {}, "percent").counts_people


@pytest.mark.parametrize(
    ("present", "by", "allowed"),
    [
        (None, "machine", True),
        ("machine", "unofficial", True),
        ("unofficial", "official", True),
        ("official", "official", True),
        ("official", "unofficial", False),
        ("unofficial", "machine", False),
    ],
)
def test_a_translation_is_replaced_by_one_of_the_same_worth_or_more(present, by, allowed):
    assert rules.may_replace(present, by) is allowed
