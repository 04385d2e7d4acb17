"""What presses most stands first."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from policytrack.pages.rules import Urgency, of_administration, of_due, of_queue, ordered


@dataclass
class Piece:
    name: str
    urgency: Urgency


def test_parts_stand_by_urgency_and_equals_keep_their_order() -> None:
    parts = [
        Piece("due", Urgency.WAITS),
        Piece("queue", Urgency.WAITS),
        Piece("administration", Urgency.FAILED),
        Piece("observer", Urgency.NOTHING),
    ]
    assert [part.name for part in ordered(parts)] == ["administration", "due", "queue", "observer"]


@pytest.mark.parametrize(
    ("outstanding", "days_left", "returned", "urgency"),
    [
        (0, 3, 0, Urgency.NOTHING),
        (4, 60, 0, Urgency.WAITS),
        (4, 14, 0, Urgency.HOLDS_UP),
        (0, 60, 1, Urgency.HOLDS_UP),
    ],
)
def test_own_work_presses_when_it_came_back_or_its_day_is_near(
    outstanding: int, days_left: int, returned: int, urgency: Urgency
) -> None:
    assert of_due(outstanding, days_left, returned) is urgency


@pytest.mark.parametrize(
    ("waiting", "oldest", "urgency"),
    [(0, 0, Urgency.NOTHING), (1, 0, Urgency.WAITS), (1, 7, Urgency.HOLDS_UP)],
)
def test_a_queue_presses_when_somebody_waits_long(
    waiting: int, oldest: int, urgency: Urgency
) -> None:
    assert of_queue(waiting, oldest) is urgency


@pytest.mark.parametrize(
    ("failed", "behind", "invitations", "urgency"),
    [
        (0, 0, 0, Urgency.NOTHING),
        (0, 9, 2, Urgency.WAITS),
        (1, 0, 0, Urgency.FAILED),
        (0, None, 0, Urgency.FAILED),
    ],
)
def test_what_failed_presses_most(
    failed: int, behind: int | None, invitations: int, urgency: Urgency
) -> None:
    assert of_administration(failed, behind, invitations) is urgency
