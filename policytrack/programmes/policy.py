"""Say who may write of a programme: its own people, and the secretariat.

A programme is public, and so is what is written of it, at once.
"""

from __future__ import annotations

from policytrack.core.errors import NotPermitted
from policytrack.core.permissions import Actor, Permission, Reach
from policytrack.programmes.models import Programme


def is_office(actor: Actor) -> bool:
    """Tell whether the actor writes of any programme."""
    return Reach.ANY in actor.reaches(Permission.PROGRAMME_WRITE)


def acts_for(actor: Actor, programme: Programme) -> int | None:
    """Return the id of the keeping organisation for which the actor writes; None: for none."""
    own = actor.own(Permission.PROGRAMME_WRITE)
    return next((body.id for body in programme.keepers if body.id in own), None)


def may_write(actor: Actor, programme: Programme) -> bool:
    """Tell whether the actor may write of this programme."""
    return is_office(actor) or acts_for(actor, programme) is not None


def require(actor: Actor, programme: Programme) -> None:
    """Raise `NotPermitted` unless the actor may write of this programme."""
    if not may_write(actor, programme):
        raise NotPermitted()
