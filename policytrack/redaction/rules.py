"""Lead a redaction from being asked for to being carried out: one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from policytrack.core.errors import NotPermitted, StaleVersion
from policytrack.core.i18n import lazy_gettext as _

REASON_LENGTH = 5_000
SENTENCE_LENGTH = 500


class State(StrEnum):
    """Name where a redaction stands."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class Action(StrEnum):
    """Name what is done to a redaction that waits."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


class Target(StrEnum):
    """Name what is taken out."""

    PASSAGE = "passage"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Step:
    """Say what an action leads to; `not_asker`: never by the one who asked."""

    to: State
    not_asker: bool = False


# Whoever asked may take it back: that is a refusal of one's own.
STEPS: Mapping[tuple[State, Action], Step] = MappingProxyType(
    {
        (State.WAITING, Action.CONFIRM): Step(State.DONE, not_asker=True),
        (State.WAITING, Action.REFUSE): Step(State.REFUSED),
    }
)


def step(state: str, action: Action, *, is_asker: bool) -> Step:
    """Return the step; raise where the state does not allow it, or this person may not take it."""
    found = STEPS.get((State(state), action))
    if found is None:
        raise StaleVersion(_("Another officer has decided on this redaction already."))
    if found.not_asker and is_asker:
        raise NotPermitted(_("A second officer confirms it, never the one who asked."))
    return found
