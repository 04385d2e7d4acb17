"""Decide the life of a note, what statuses mean together, and which counts may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from policytrack.core.errors import RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Permission


class State(StrEnum):
    """Name where one revision of a note stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    DISCARDED = "discarded"


class Action(StrEnum):
    """Name what can be done to a revision of a note."""

    SAVE = "save"
    SUBMIT = "submit"
    DISCARD = "discard"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"
    RETURN = "return"
    PUBLISH = "publish"
    REVISE = "revise"
    RETRACT = "retract"


@dataclass(frozen=True, slots=True)
class Step:
    """Say what an action leads to and which permission it needs.

    `same_reviewer`: only by the officer who took it up. `not_author`: never by who wrote it.
    `new_revision`: the state is that of a new revision; the old one stays as it is.
    """

    to: State
    permission: Permission
    same_reviewer: bool = False
    not_author: bool = False
    new_revision: bool = False


# What was submitted stays as it was: a returned text is taken further in a revision of its own,
# so that "edit and submit again" leaves both versions to compare.
STEPS: Mapping[tuple[State, Action], Step] = MappingProxyType(
    {
        (State.DRAFT, Action.SAVE): Step(State.DRAFT, Permission.NOTE_WRITE),
        (State.DRAFT, Action.SUBMIT): Step(State.SUBMITTED, Permission.NOTE_SUBMIT),
        (State.DRAFT, Action.DISCARD): Step(State.DISCARDED, Permission.NOTE_WRITE),
        (State.SUBMITTED, Action.WITHDRAW): Step(State.DRAFT, Permission.NOTE_SUBMIT),
        (State.SUBMITTED, Action.TAKE_UP): Step(
            State.IN_REVIEW, Permission.NOTE_REVIEW, not_author=True
        ),
        (State.IN_REVIEW, Action.RETURN): Step(
            State.RETURNED, Permission.NOTE_REVIEW, same_reviewer=True
        ),
        (State.IN_REVIEW, Action.PUBLISH): Step(
            State.PUBLISHED, Permission.NOTE_REVIEW, same_reviewer=True, not_author=True
        ),
        (State.RETURNED, Action.SAVE): Step(State.DRAFT, Permission.NOTE_WRITE, new_revision=True),
        (State.PUBLISHED, Action.REVISE): Step(
            State.DRAFT, Permission.NOTE_SUBMIT, new_revision=True
        ),
        (State.PUBLISHED, Action.RETRACT): Step(State.RETRACTED, Permission.NOTE_REVIEW),
    }
)

OPEN_STATES = frozenset({State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED})


def step(state: str, action: Action) -> Step:
    """Return what an action leads to; raise `RuleViolation` where the state does not allow it."""
    found = STEPS.get((State(state), action))
    if found is None:
        raise RuleViolation(_("This note has moved on in the meantime; that step is closed."))
    return found


def state_after_submission(*, nothing_changed: bool) -> State:
    """Return where a submission leads: "nothing has changed" needs no review of opinion."""
    return State.PUBLISHED if nothing_changed else State.SUBMITTED


class Status(StrEnum):
    """Name how far a commitment has come, in this order; no information is no member."""

    NOT_STARTED = "not_started"
    LIMITED = "limited"
    SUBSTANTIAL = "substantial"
    COMPLETE = "complete"


def status_rank(status: str) -> int:
    """Return the place of a status in their order, from 0."""
    return list(Status).index(Status(status))


# A published count of one to four people could point at a person.
SMALLEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Split:
    """Hold a reading by sex; None is "not reported"."""

    women: Decimal | None = None
    men: Decimal | None = None
    not_stated: Decimal | None = None
    total: Decimal | None = None

    @property
    def cells(self) -> dict[str, Decimal | None]:
        """Return the three parts by name, without the total."""
        return {"women": self.women, "men": self.men, "not_stated": self.not_stated}


@dataclass(frozen=True, slots=True)
class ShownSplit:
    """Hold what may be shown of a reading and the names of the cells that are suppressed."""

    split: Split
    suppressed: frozenset[str]


def is_small(value: Decimal | None) -> bool:
    """Tell whether a count of people must not be shown: above nought and under five."""
    return value is not None and 0 < value < SMALLEST_SHOWN


def suppress(split: Split) -> ShownSplit:
    """Hide counts under five, and as many others as would let a reader work them out.

    With one part hidden, the total less the other parts would give it away: the smallest other
    part that is not nought is hidden too, and where there is none the total.
    """
    hidden = {name for name, value in split.cells.items() if is_small(value)}
    if is_small(split.total):
        # Every part of so small a total is as telling as the total itself.
        hidden |= {"total"} | {name for name, value in split.cells.items() if value}
    elif len(hidden) == 1 and split.total is not None:
        others = [
            (value, name) for name, value in split.cells.items() if name not in hidden and value
        ]
        hidden.add(min(others)[1] if others else "total")
    # A missing part makes the parts' sum smaller than the total by the small part itself.
    if hidden and "total" not in hidden and split.total is not None:
        shown = sum(v for n, v in split.cells.items() if n not in hidden and v is not None)
        if split.total - shown < SMALLEST_SHOWN:
            hidden.add("total")
    return ShownSplit(replace(split, **dict.fromkeys(hidden)), frozenset(hidden))


def complete_split(split: Split) -> Split:
    """Fill in a missing total from its parts; raise `RuleViolation` where they disagree."""
    parts = [value for value in split.cells.values() if value is not None]
    if split.total is None:
        return replace(split, total=sum(parts, Decimal(0))) if len(parts) == 3 else split
    if len(parts) == 3 and sum(parts) != split.total:
        raise RuleViolation(_("Women, men and not stated do not add up to the total."))
    if sum(parts) > split.total:
        raise RuleViolation(_("Women, men and not stated are more than the total."))
    return split
