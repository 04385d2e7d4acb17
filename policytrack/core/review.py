"""Lead what constituents submit from a draft to publication: one table for every kind of it.

Notes and library documents pass through the same states; each feature says which permissions the
steps need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from policytrack.core.errors import NotPermitted
from policytrack.core.permissions import Actor, Permission, Reach


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


class Revision(Protocol):
    """Say what is asked of a revision to know who may take it further."""

    @property
    def state(self) -> str:
        """Return a `State`."""

    @property
    def on_behalf(self) -> bool:
        """Tell whether the secretariat wrote it."""

    @property
    def author_id(self) -> int | None:
        """Return who wrote it."""

    @property
    def reviewer_id(self) -> int | None:
        """Return the officer who took it up."""


class Workflow:
    """Hold the table of steps for one kind of thing, and tell who may take them.

    `owner` is the organisation of a thing, None where it has none.
    """

    def __init__(self, *, write: Permission, submit: Permission, review: Permission) -> None:
        self._write, self._submit, self._review = write, submit, review
        # What was submitted stays as it was: a returned text is taken further in a revision of its
        # own, so that "edit and submit again" leaves both versions to compare.
        self.steps: Steps = MappingProxyType(
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
        # Each action needs one permission, whatever the state: who lacks it is told so first.
        self._needed = {action: step.permission for (_state, action), step in self.steps.items()}

    def writes_on_behalf(self, actor: Actor) -> bool:
        """Tell whether the actor may write for organisations that are not their own."""
        return Reach.ON_BEHALF in actor.reaches(self._write)

    def require_for(self, actor: Actor, action: Action, owner: int | None) -> None:
        """Raise `NotPermitted` unless the actor ever does this to things of this organisation."""
        permission = self._needed[action]
        if permission is self._review:
            permitted = actor.may(permission)
        else:
            permitted = self.writes_on_behalf(actor) or owner in actor.own(permission)
        if not permitted:
            raise NotPermitted()

    def may(self, actor: Actor, action: Action, owner: int | None, revision: Revision) -> bool:
        """Tell whether the actor is one who may do this to the revision, whatever its state."""
        return (
            actor.signed_in
            and self._holds(actor, action, owner, revision)
            and self._is_the_one(actor, action, owner, revision)
        )

    def _holds(self, actor: Actor, action: Action, owner: int | None, revision: Revision) -> bool:
        permission = self._needed[action]
        if permission is self._review:
            return actor.may(permission)
        if owner in actor.own(permission):
            return True
        # What was written on behalf is carried on by the officer who wrote it; once published, by
        # any.
        return (
            revision.on_behalf
            and self.writes_on_behalf(actor)
            and (action is Action.REVISE or revision.author_id == actor.user_id)
        )

    def _is_the_one(
        self, actor: Actor, action: Action, owner: int | None, revision: Revision
    ) -> bool:
        found = self.steps.get((State(revision.state), action))
        if found is None:
            return True
        # An author of a draft is who wrote it; of a text under review, everybody it speaks for.
        is_author = (
            wrote(actor, owner, revision)
            if found.not_author
            else revision.author_id == actor.user_id
        )
        return person_may(
            found,
            is_author=is_author,
            is_reviewer=revision.reviewer_id == actor.user_id,
            is_focal=owner in actor.own(self._submit),
        )


def wrote(actor: Actor, owner: int | None, revision: Revision) -> bool:
    """Tell whether the actor counts as the author: who wrote it, and everybody it speaks for."""
    return revision.author_id == actor.user_id or any(
        seat.constituent_id == owner for seat in actor.seats
    )


def person_may(step: Step, *, is_author: bool, is_reviewer: bool, is_focal: bool) -> bool:
    """Tell whether a person who holds the permission may be the one to take this step."""
    return not (
        (step.same_reviewer and not is_reviewer)
        or (step.not_author and is_author)
        or (step.author_or_focal and not (is_author or is_focal))
    )
