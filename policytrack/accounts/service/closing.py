"""Close accounts: what a person wrote stays, who they were does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from policytrack.accounts.models import (
    AccountState,
    NetworkAddress,
    OneTimeLink,
    SignInSession,
    User,
)
from policytrack.accounts.service import guarding
from policytrack.accounts.service.keeping import record
from policytrack.core import errors
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Actor, Permission, require

# What goes with an account and is of higher features; each adds its function once.
WITH_ACCOUNT: list[Callable[[Session, User], None]] = []

# A domain that can never exist (RFC 2606): nothing is ever sent there.
_NOWHERE = "closed.invalid"


def close(session: Session, *, actor: Actor, user: User, now: datetime) -> None:
    """Close an account and pseudonymise it; that cannot be undone.

    Name, address, password, offices, links, sign-ins, network addresses and mail under way go. The
    mail address is free again. Seats belong to organisations: `constituents.service.close_account`
    ends them first. Raises `NotPermitted` unless it is one's own or the actor administers,
    `RuleViolation` for a closed account and for the last administrator.
    """
    if actor.user_id != user.id:
        require(actor, Permission.ADMINISTER)
    guarding.hold(session, user)
    if user.state == AccountState.CLOSED:
        raise errors.RuleViolation(_("This account is closed already."))
    guarding.require_another_administrator(session, user)
    _stop_mail(session, user)
    for table in (OneTimeLink, SignInSession, NetworkAddress):
        session.execute(delete(table).where(table.user_id == user.id))
    for forget in WITH_ACCOUNT:
        forget(session, user)
    user.offices.clear()
    user.name = user.purpose = ""
    user.email = f"{user.public_id}@{_NOWHERE}"
    user.password_hash = user.language = None
    user.state = AccountState.CLOSED
    user.closed_at = now
    session.flush()
    record(session, actor, "closed", user, now)


def _is_for(payload: Mapping[str, Any], user: User) -> bool:
    return user.email in (payload.get("to"), payload.get("email")) or (
        payload.get("user_id") == user.id
    )


def _stop_mail(session: Session, user: User) -> None:
    """Remove mail that is under way to a person, and what refusals of it say of their address."""
    under_way = session.scalars(select(OutboxItem).where(OutboxItem.done_at.is_(None)))
    for item in under_way.all():
        if _is_for(item.payload, user):
            session.delete(item)
    session.flush()
    session.execute(
        update(OutboxItem)
        .where(OutboxItem.last_error.contains(user.email, autoescape=True))
        .values(last_error="")
    )
