"""Lead what constituents submit from a draft to publication: one table for every kind of it.

Notes and library documents pass through the same states; each feature says which permissions the
steps need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from policytrack.core.permissions import Permission


class State(StrEnum):
    """Name where one revision stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    DISCARDED = "discarded"


class Action(StrEnum):
    """Name what can be done to a revision."""

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
    `author_or_focal`: by who wrote it, or by who may submit it. `new_revision`: the state is that
    of a new revision; the old one stays as it is.
    """

    to: State
    permission: Permission
    same_reviewer: bool = False
    not_author: bool = False
    author_or_focal: bool = False
    new_revision: bool = False


Steps = Mapping[tuple[State, Action], Step]

OPEN_STATES = frozenset({State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED})
QUEUED_STATES = (State.SUBMITTED, State.IN_REVIEW)
# Everybody reads the text in force and those that it replaced.
PUBLIC_STATES = frozenset({State.PUBLISHED, State.SUPERSEDED})


def steps(*, write: Permission, submit: Permission, review: Permission) -> Steps:
    """Return the table for things that these permissions let write, submit and decide on.

    What was submitted stays as it was: a returned text is taken further in a revision of its own,
    so that "edit and submit again" leaves both versions to compare.
    """
    return MappingProxyType(
        {
            (State.DRAFT, Action.SAVE): Step(State.DRAFT, write),
            (State.DRAFT, Action.SUBMIT): Step(State.SUBMITTED, submit),
            (State.DRAFT, Action.DISCARD): Step(State.DISCARDED, write, author_or_focal=True),
            (State.SUBMITTED, Action.WITHDRAW): Step(State.DRAFT, submit),
            (State.SUBMITTED, Action.TAKE_UP): Step(State.IN_REVIEW, review, not_author=True),
            (State.IN_REVIEW, Action.RETURN): Step(State.RETURNED, review, same_reviewer=True),
            (State.IN_REVIEW, Action.PUBLISH): Step(
                State.PUBLISHED, review, same_reviewer=True, not_author=True
            ),
            (State.RETURNED, Action.SAVE): Step(State.DRAFT, write, new_revision=True),
            (State.PUBLISHED, Action.REVISE): Step(State.DRAFT, submit, new_revision=True),
            (State.PUBLISHED, Action.RETRACT): Step(State.RETRACTED, review),
        }
    )


def permissions_of(table: Steps) -> Mapping[Action, Permission]:
    """Return the permission of each action, the same in every state.

    Who lacks it is told so before the state is looked at.
    """
    return MappingProxyType({action: found.permission for (_state, action), found in table.items()})


def person_may(step: Step, *, is_author: bool, is_reviewer: bool, is_focal: bool) -> bool:
    """Tell whether a person who holds the permission may be the one to take this step."""
    return not (
        (step.same_reviewer and not is_reviewer)
        or (step.not_author and is_author)
        or (step.author_or_focal and not (is_author or is_focal))
    )
