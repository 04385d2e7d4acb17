"""Change what an account says, who may use it, and how long its traces stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from policytrack.accounts.models import (
    AccountState,
    Attempts,
    NetworkAddress,
    OneTimeLink,
    SignInSession,
    User,
)
from policytrack.accounts.service.keeping import record
from policytrack.accounts.service.links import void_links
from policytrack.accounts.service.visiting import revoke
from policytrack.core import errors
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.core.requests import settings

_ATTEMPTS_KEPT = timedelta(days=1)


def change_profile(
    session: Session, *, actor: Actor, name: str, language: str, now: datetime
) -> None:
    """Set the actor's own name and language."""
    user = session.get_one(User, actor.user_id)
    before = (user.name, user.language)
    user.name = name
    user.language = language if language in LANGUAGES else user.language
    touched = [
        field
        for field, old in zip(("name", "language"), before, strict=True)
        if getattr(user, field) != old
    ]
    if touched:
        record(session, actor, "account_changed", user, now, fields=touched)


def set_language(session: Session, user_id: int, code: str) -> None:
    """Set the language in which the site speaks to a person; an unknown code changes nothing."""
    if code in LANGUAGES:
        session.execute(update(User).where(User.id == user_id).values(language=code))


def suspend(session: Session, *, actor: Actor, user: User, now: datetime) -> None:
    """Keep a person out until reinstated, and end every sign-in."""
    require(actor, Permission.ADMINISTER)
    if user.state not in {AccountState.ACTIVE, AccountState.INVITED}:
        raise errors.RuleViolation(_("This account is not in use."))
    user.state = AccountState.SUSPENDED
    void_links(session, user, now)
    revoke(session, user.id, now)
    record(session, actor, "suspended", user, now)


def reinstate(session: Session, *, actor: Actor, user: User, now: datetime) -> None:
    """Let a suspended person in again: as before, or by a new invitation."""
    require(actor, Permission.ADMINISTER)
    if user.state != AccountState.SUSPENDED:
        raise errors.RuleViolation(_("This account is not suspended."))
    user.state = AccountState.ACTIVE if user.password_hash else AccountState.INVITED
    record(session, actor, "reinstated", user, now)


def purge(session: Session, *, now: datetime) -> None:
    """Remove what has expired: network addresses, counters, and long ended links and sign-ins."""
    ended = now - timedelta(days=settings().address_days)
    session.execute(delete(NetworkAddress).where(NetworkAddress.expires_at <= now))
    session.execute(delete(Attempts).where(Attempts.window_start < now - _ATTEMPTS_KEPT))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < ended))
    session.execute(
        delete(SignInSession).where(
            or_(SignInSession.expires_at < ended, SignInSession.revoked_at < ended)
        )
    )
