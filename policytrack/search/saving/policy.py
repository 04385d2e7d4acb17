"""Say whose searches are whose."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from policytrack.accounts.models import AccountState, User
from policytrack.core.permissions import Actor
from policytrack.search.saving.models import SavedSearch

# What people keep is run, told and fed while their account is in use.
IN_USE = SavedSearch.user_id.in_(select(User.id).where(User.state == AccountState.ACTIVE))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the clause that keeps the actor's own searches."""
    return SavedSearch.user_id == (actor.user_id or 0)


def runnable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the clause that keeps the searches that the actor may run: own and shared ones."""
    return or_(visible_to(actor), and_(SavedSearch.shared, IN_USE))
