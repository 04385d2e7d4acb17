"""Decide the life of a commitment's text, its codes, and what its dates mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from policytrack.core.errors import RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.translations import Kind


class TextState(StrEnum):
    """Name where one revision of a commitment's text stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class TextAction(StrEnum):
    """Name what can be done to a revision of the text."""

    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    DISCARD = "discard"
    ACCEPT = "accept"
    FILE_LETTER = "file_letter"
    DECLINE = "decline"


# (state, action) -> (next state, permission). A text binds its lead, so only the lead's focal
# point accepts or declines it; a letter signed by the lead, filed by the secretariat, accepts too.
STEPS: Mapping[tuple[TextState, TextAction], tuple[TextState, Permission]] = MappingProxyType(
    {
        (TextState.DRAFT, TextAction.PROPOSE): (
            TextState.PROPOSED,
            Permission.COMMITMENT_PROPOSE,
        ),
        (TextState.DRAFT, TextAction.DISCARD): (
            TextState.DISCARDED,
            Permission.COMMITMENT_PROPOSE,
        ),
        (TextState.PROPOSED, TextAction.WITHDRAW): (
            TextState.DRAFT,
            Permission.COMMITMENT_PROPOSE,
        ),
        (TextState.PROPOSED, TextAction.ACCEPT): (
            TextState.ACCEPTED,
            Permission.COMMITMENT_ACCEPT,
        ),
        (TextState.PROPOSED, TextAction.FILE_LETTER): (
            TextState.ACCEPTED,
            Permission.NOTE_REVIEW,
        ),
        (TextState.PROPOSED, TextAction.DECLINE): (
            TextState.DECLINED,
            Permission.COMMITMENT_ACCEPT,
        ),
    }
)

# Each action asks for one permission, whatever the state it starts from.
PERMISSIONS: Mapping[TextAction, Permission] = MappingProxyType(
    {action: permission for (_state, action), (_next, permission) in STEPS.items()}
)

# What was once in force stays public, so that what was promised can be read at any time.
PUBLIC_STATES = frozenset({TextState.ACCEPTED, TextState.SUPERSEDED})

TITLE_LENGTH = 300
TEXT_LENGTH = 20_000
ROWS = 5  # indicators, and milestones, that the form has room for


def next_state(state: str, action: TextAction) -> TextState:
    """Return the state after an action; raise `RuleViolation` where it is not allowed."""
    step = STEPS.get((TextState(state), action))
    if step is None:
        raise RuleViolation(_("This text has moved on in the meantime; that step is closed."))
    return step[0]


def make_code(framework: str, provision: str, place: str, taken: Iterable[str]) -> str:
    """Return the next free code, such as `BALI-B1-NP-03`.

    `place` is the lead's country, or `REG` for a regional body. Codes are given at acceptance, so
    that their numbers count only what is public.
    """
    stem = f"{framework}-{provision}-{place}-"
    numbers = [int(code.removeprefix(stem)) for code in taken if code.startswith(stem)]
    return f"{stem}{max(numbers, default=0) + 1:02d}"


def is_overdue(due_on: date | None, status: str | None, today: date) -> bool:
    """Tell whether a commitment's date has passed without the lead claiming completion."""
    return due_on is not None and due_on < today and status != "complete"


# What an indicator counts or measures; people are counted by sex, and small counts suppressed.
UNITS: Mapping[str, object] = MappingProxyType(
    {
        "people": _("people"),
        "percent": _("per cent"),
        "number": _("number"),
        "days": _("days"),
        "months": _("months"),
        "usd": _("US dollars"),
    }
)


@dataclass(frozen=True, slots=True)
class PlannedIndicator:
    """Hold an indicator as a text wants it; `public_id` is empty for a new one."""

    public_id: str
    labels: Mapping[str, str]
    unit: str
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None

    @property
    def counts_people(self) -> bool:
        """Tell whether readings of it are counts of people."""
        return self.unit == "people"


@dataclass(frozen=True, slots=True)
class PlannedMilestone:
    """Hold a milestone as a text wants it; `key` is empty for a new one."""

    key: str
    labels: Mapping[str, str]
    due_on: date
    met_on: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the indicators and milestones that a text wants."""

    indicators: tuple[PlannedIndicator, ...] = ()
    milestones: tuple[PlannedMilestone, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the plan as it is stored with a revision."""
        return {
            "indicators": [
                {
                    "public_id": each.public_id,
                    "labels": dict(each.labels),
                    "unit": each.unit,
                    "baseline": None if each.baseline is None else str(each.baseline),
                    "baseline_on": each.baseline_on and each.baseline_on.isoformat(),
                    "target": None if each.target is None else str(each.target),
                    "target_on": each.target_on and each.target_on.isoformat(),
                }
                for each in self.indicators
            ],
            "milestones": [
                {
                    "key": each.key,
                    "labels": dict(each.labels),
                    "due_on": each.due_on.isoformat(),
                    "met_on": each.met_on and each.met_on.isoformat(),
                }
                for each in self.milestones
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Plan:
        """Return a plan from what a revision stores."""
        return cls(
            tuple(
                PlannedIndicator(
                    public_id=each["public_id"],
                    labels=each["labels"],
                    unit=each["unit"],
                    baseline=_decimal(each["baseline"]),
                    baseline_on=_day(each["baseline_on"]),
                    target=_decimal(each["target"]),
                    target_on=_day(each["target_on"]),
                )
                for each in stored.get("indicators", ())
            ),
            tuple(
                PlannedMilestone(
                    key=each["key"],
                    labels=each["labels"],
                    due_on=date.fromisoformat(each["due_on"]),
                    met_on=_day(each["met_on"]),
                )
                for each in stored.get("milestones", ())
            ),
        )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def may_replace(present: str | None, by: str) -> bool:
    """Tell whether a translation of one kind may take the place of another kind's."""
    return present is None or _worth(by) <= _worth(present)


def _worth(kind: str) -> int:
    return list(Kind).index(Kind(kind))
