"""Say which lines of the trail an actor may read."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from policytrack.core.audit import TrailEntry
from policytrack.core.permissions import Actor, Permission, Reach


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on lines: all, or those of the actor's own organisations.

    A line names its organisation once, when it is written; what concerns no organisation (accounts,
    settings) is for those who read all.
    """
    if Reach.ANY in actor.reaches(Permission.TRAIL_READ):
        return true()
    return TrailEntry.constituent_id.in_(sorted(actor.own(Permission.TRAIL_READ)))


def sees_addresses(actor: Actor) -> bool:
    """Tell whether the actor is shown the network addresses of acts."""
    return actor.may(Permission.ADMINISTER)
