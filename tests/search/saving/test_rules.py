"""Mail keeps its hour, and what was told is remembered within bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from policytrack.search.saving import rules
from policytrack.search.saving.rules import Alert
from tests.factories import NOW

DAY = timedelta(days=1)


def test_times_to_come_keep_their_hour() -> None:
    assert rules.next_due(Alert.DAILY, NOW, NOW) == NOW + DAY
    assert rules.next_due(Alert.DAILY, NOW, NOW + timedelta(hours=30)) == NOW + 2 * DAY
    assert rules.next_due(Alert.WEEKLY, NOW, NOW + 15 * DAY) == NOW + 21 * DAY
    assert rules.next_due(Alert.WEEKLY, NOW, NOW - DAY) == NOW + 7 * DAY


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_RESULTS", 2)
    gone, there, told = (rules.digests(names) for names in (["a", "b"], ["c"], ["d"]))
    assert rules.remembered(gone | there, there, told) == gone | there | told
    assert rules.remembered(gone | there | rules.digests("e"), there, told) == there | told
    assert rules.unpacked(rules.packed(gone)) == gone
    assert rules.unpacked(None) == frozenset()
