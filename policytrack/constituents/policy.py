"""Say which organisations and members an actor may see and manage."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from policytrack.constituents.models import Constituent
from policytrack.core.permissions import Actor, Permission, Reach


def visible_to(_actor: Actor) -> ColumnElement[bool]:
    """Return the condition on organisations that an actor may see: all of them, by anybody."""
    return true()


def manageable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on organisations whose members an actor may invite and end."""
    if Reach.ANY in actor.reaches(Permission.MEMBER_INVITE):
        return true()
    return Constituent.id.in_(actor.own(Permission.MEMBER_INVITE))
