"""Keep the last administrator in office, also when two people act at the same moment."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, Office, User
from policytrack.core import errors
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Role


def hold(session: Session, user: User) -> None:
    """Lock all administrators' offices, one after the other, and read the person anew.

    Whoever takes an administrator away holds these rows until the end: a second one waits, and then
    sees who is left.
    """
    session.execute(
        select(Office.user_id)
        .where(Office.role == Role.ADMINISTRATOR)
        .order_by(Office.user_id)
        .with_for_update()
    )
    session.expire(user)
    session.refresh(user, with_for_update=True)


def require_another_administrator(session: Session, user: User) -> None:
    """Raise `RuleViolation` where nobody else could look after the site; call `hold` before."""
    if user.state != AccountState.ACTIVE:
        return
    administrators = session.scalars(
        select(User.id)
        .join(Office, Office.user_id == User.id)
        .where(Office.role == Role.ADMINISTRATOR, User.state == AccountState.ACTIVE)
    ).all()
    if list(administrators) == [user.id]:
        raise errors.RuleViolation(
            _(
                "This is the last administrator: without one, nobody could look after the site."
                " Give somebody else that office first; they must have accepted it."
            )
        )
