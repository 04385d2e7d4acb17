"""Say who sees redactions and takes part in them: the secretariat, and nobody else.

Administrators look after the machine; what waits holds the very words that must go.
"""

from __future__ import annotations

from policytrack.core.permissions import Actor, Permission, require
from policytrack.redaction.models import Redaction
from policytrack.redaction.rules import STEPS, Action, State


def require_officer(actor: Actor) -> None:
    """Raise `NotPermitted` unless the actor redacts."""
    require(actor, Permission.REDACT)


def is_asker(actor: Actor, redaction: Redaction) -> bool:
    """Tell whether the actor is the one who asked."""
    return redaction.asked_by_id == actor.user_id


def can(actor: Actor, action: Action, redaction: Redaction) -> bool:
    """Tell whether a page should offer the action."""
    found = STEPS.get((State(redaction.state), action))
    return (
        found is not None
        and actor.may(Permission.REDACT)
        and not (found.not_asker and is_asker(actor, redaction))
    )
