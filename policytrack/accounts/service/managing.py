"""Change what an account says, who may use it, and how long its traces stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from policytrack.accounts.models import (
    AccountState,
    Attempts,
    NetworkAddress,
    Office,
    OneTimeLink,
    SignInSession,
    User,
)
from policytrack.accounts.service import guarding, registering
from policytrack.accounts.service.keeping import record
from policytrack.accounts.service.links import void_links
from policytrack.accounts.service.visiting import revoke
from policytrack.core import errors, ids, options
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import OFFICE_ROLES, Actor, Permission, Role, require

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
    """Keep a person out until reinstated, and end every sign-in.

    Raises `RuleViolation` for an account that is not in use, and for the last administrator.
    """
    require(actor, Permission.ADMINISTER)
    guarding.hold(session, user)
    if user.state not in {AccountState.ACTIVE, AccountState.INVITED}:
        raise errors.RuleViolation(_("This account is not in use."))
    guarding.require_another_administrator(session, user)
    user.state = AccountState.SUSPENDED
    void_links(session, user, now)
    revoke(session, user.id, now)
    record(session, actor, "suspended", user, now)


def reinstate(session: Session, *, actor: Actor, user: User, now: datetime) -> None:
    """Let a suspended person in again: as before, or by a new invitation."""
    require(actor, Permission.ADMINISTER)
    guarding.hold(session, user)
    if user.state != AccountState.SUSPENDED:
        raise errors.RuleViolation(_("This account is not suspended."))
    user.state = AccountState.ACTIVE if user.password_hash else AccountState.INVITED
    record(session, actor, "reinstated", user, now)


def change_offices(
    session: Session, *, actor: Actor, user: User, offices: Collection[Role], now: datetime
) -> None:
    """Give a person exactly these offices.

    Raises `InvalidInput` for a role that only an organisation gives, `RuleViolation` for a closed
    account and where the last administrator would lose the office.
    """
    require(actor, Permission.ADMINISTER)
    wanted = set(offices)
    if not wanted <= OFFICE_ROLES:
        raise errors.InvalidInput(_("This role is given by an organisation, not by an office."))
    guarding.hold(session, user)
    if user.state == AccountState.CLOSED:
        raise errors.RuleViolation(_("This account is closed."))
    held = {Role(office.role) for office in user.offices}
    if Role.ADMINISTRATOR in held - wanted:
        guarding.require_another_administrator(session, user)
    if held == wanted:
        return
    user.offices = [office for office in user.offices if office.role in wanted]
    user.offices.extend(Office(role=role) for role in sorted(wanted - held))
    session.flush()
    details = {"given": sorted(wanted - held), "taken": sorted(held - wanted)}
    record(session, actor, "offices_changed", user, now, details=details)


def end_sessions(
    session: Session, *, actor: Actor, user: User, now: datetime, browser: str | None = None
) -> int:
    """End a person's sign-ins, all or that of one browser; return how many ended.

    Raises `NotFound` for a browser that is not this person's.
    """
    require(actor, Permission.ADMINISTER)
    chosen = select(SignInSession).where(
        SignInSession.user_id == user.id, SignInSession.revoked_at.is_(None)
    )
    if browser is not None:
        if not ids.PATTERN.fullmatch(browser):
            raise errors.NotFound()
        chosen = chosen.where(SignInSession.public_id == browser)
    found = session.scalars(chosen.with_for_update()).all()
    if browser is not None and not found:
        raise errors.NotFound()
    for row in found:
        row.revoked_at = now
    if found:
        record(session, actor, "sessions_ended", user, now, details={"count": len(found)})
    return len(found)


def purge(session: Session, *, now: datetime) -> None:
    """Remove what has expired: unconfirmed registrations, network addresses, counters, old links.

    Network addresses also go when they were kept for longer than the setting now allows.
    """
    ended = now - timedelta(days=options.value(options.ADDRESS_DAYS))
    registering.purge_unconfirmed(session, now=now)
    session.execute(
        delete(NetworkAddress).where(
            or_(NetworkAddress.expires_at <= now, NetworkAddress.at <= ended)
        )
    )
    session.execute(delete(Attempts).where(Attempts.window_start < now - _ATTEMPTS_KEPT))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < ended))
    session.execute(
        delete(SignInSession).where(
            or_(SignInSession.expires_at < ended, SignInSession.revoked_at < ended)
        )
    )
