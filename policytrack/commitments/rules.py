"""Decide the life of a commitment's text, its codes, and what its dates mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import IntEnum, StrEnum
from types import MappingProxyType

from policytrack.core.errors import RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Permission


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

OPEN_STATES = frozenset({TextState.DRAFT, TextState.PROPOSED})


class GenderMarker(IntEnum):
    """Say how far a commitment targets women migrant workers."""

    NOT_TARGETED = 0
    PARTIAL = 1
    SIGNIFICANT = 2
    PRINCIPAL = 3


def next_state(state: str, action: TextAction) -> TextState:
    """Return the state after an action; raise `RuleViolation` where it is not allowed."""
    step = STEPS.get((TextState(state), action))
    if step is None:
        raise RuleViolation(_("This text has moved on in the meantime; that step is closed."))
    return step[0]


def permission_for(state: str, action: TextAction) -> Permission:
    """Return the permission that an action needs; raise `RuleViolation` where it is closed."""
    step = STEPS.get((TextState(state), action))
    if step is None:
        raise RuleViolation(_("This text has moved on in the meantime; that step is closed."))
    return step[1]


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
