"""Change accounts: invite, sign in and out, reset, suspend; each act goes to the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from policytrack.accounts import limits, queries, rules
from policytrack.accounts.models import (
    AccountState,
    Attempts,
    LinkPurpose,
    NetworkAddress,
    Office,
    OneTimeLink,
    SignInSession,
    User,
)
from policytrack.accounts.queries import hash_of
from policytrack.core import audit, emails, errors, ids, outbox
from policytrack.core.db import Labels
from policytrack.core.i18n import DEFAULT, LANGUAGES
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.ids import new_token
from policytrack.core.permissions import (
    ANONYMOUS,
    OFFICE_ROLES,
    Actor,
    Permission,
    Role,
    require,
)
from policytrack.core.requests import settings

SEEN_EVERY = timedelta(minutes=5)
_ATTEMPTS_KEPT = timedelta(days=1)


def as_actor(user: User) -> Actor:
    """Return a person as the actor of acts on their own account, without roles."""
    return Actor(user_id=user.id, public_id=user.public_id, name=user.name, language=user.language)


def _record(
    session: Session, actor: Actor, action: str, user: User, now: datetime, **more: Any
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        kind="account",
        public_id=user.public_id,
        now=now,
        **more,
    )


def write_to(
    session: Session,
    *,
    user: User,
    template: str,
    values: Mapping[str, Any],
    key: str,
    now: datetime,
    language: str | None = None,
) -> None:
    """Queue a mail to a person in their language; the same `key` is never sent twice."""
    outbox.enqueue(
        session,
        "mail",
        {
            "template": template,
            "to": user.email,
            "language": user.language or language or DEFAULT,
            "values": dict(values),
        },
        key=key,
        now=now,
    )


# Becoming a member


def _person(
    session: Session, *, email: str, name: str, language: str | None, now: datetime
) -> User:
    try:
        address = emails.parse(email)
    except ValueError:
        raise errors.InvalidInput(
            fields={"email": _("Write a mail address, such as name@example.org.")}
        ) from None
    known = queries.of_email(session, address)
    if known is not None:
        return known
    user = User(
        email=address,
        name=name,
        language=language if language in LANGUAGES else None,
        state=AccountState.INVITED,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:  # invited by somebody else at this very moment
        return session.scalars(select(User).where(User.email == address)).one()
    return user


def _new_link(
    session: Session, user: User, purpose: LinkPurpose, life: timedelta, now: datetime
) -> str:
    token = new_token()
    session.add(
        OneTimeLink(
            token_hash=hash_of(token),
            purpose=purpose,
            user_id=user.id,
            created_at=now,
            expires_at=now + life,
        )
    )
    session.flush()
    return token


def void_links(session: Session, user: User, now: datetime) -> None:
    """Make every open link of a person useless."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )


def _invitation(session: Session, user: User, now: datetime) -> str:
    # Only the newest invitation opens the door.
    void_links(session, user, now)
    life = timedelta(days=settings().invitation_days)
    return _new_link(session, user, LinkPurpose.INVITATION, life, now)


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    offices: Iterable[Role],
    language: str | None,
    now: datetime,
    actor: Actor = ANONYMOUS,
) -> tuple[User, str]:
    """Give a person offices; return them with a fresh invitation token.

    For the operator's commands, which stand above permissions. The token is empty for a person
    who is past the invitation. Raises `InvalidInput` for a bad address or a role of a seat.
    """
    wanted = set(offices)
    if not wanted <= OFFICE_ROLES:
        raise errors.InvalidInput(_("This role is given by an organisation, not by an office."))
    user = _person(session, email=email, name=name, language=language, now=now)
    held = {office.role for office in user.offices}
    user.offices.extend(Office(role=role) for role in sorted(wanted - held))
    session.flush()
    _record(session, actor, "offices_given", user, now, details={"offices": sorted(wanted)})
    invited = user.state == AccountState.INVITED
    return user, _invitation(session, user, now) if invited else ""


def invite(
    session: Session,
    *,
    actor: Actor,
    email: str,
    name: str,
    language: str | None,
    now: datetime,
    organisation: Labels | None = None,
    role: str = "",
) -> User:
    """Return the person at an address; send an invitation to one who has no account yet.

    Raises `NotPermitted` unless the actor may invite, `InvalidInput` for a bad address.
    """
    if not actor.may(Permission.MEMBER_INVITE):
        raise errors.NotPermitted()
    user = _person(session, email=email, name=name, language=language, now=now)
    if user.state != AccountState.INVITED:
        return user
    token = _invitation(session, user, now)
    write_to(
        session,
        user=user,
        template="invitation",
        values={
            "token": token,
            "name": user.name,
            "inviter": actor.name,
            "organisation": organisation or {},
            "role": role,
            "days": settings().invitation_days,
        },
        key=f"invitation:{hash_of(token)}",
        language=language,
        now=now,
    )
    _record(session, actor, "invited", user, now)
    return user


def withdraw_invitation(session: Session, *, actor: Actor, user: User, now: datetime) -> None:
    """Make an invitation useless; an account in use is left alone."""
    if not actor.may(Permission.MEMBER_INVITE):
        raise errors.NotPermitted()
    if user.state == AccountState.INVITED:
        void_links(session, user, now)
        _record(session, actor, "invitation_withdrawn", user, now)


def _use_link(session: Session, token: str, purpose: LinkPurpose, now: datetime) -> User:
    link = queries.open_link(session, token, purpose, now, lock=True)
    if link is None:
        raise errors.NotFound(_("This link is no longer valid."))
    void_links(session, link.user, now)
    return link.user


def accept_invitation(
    session: Session,
    *,
    token: str,
    name: str,
    language: str,
    password_hash: str,
    now: datetime,
) -> User:
    """Let an invited person in, once; raise `NotFound` for a link that is spent."""
    user = _use_link(session, token, LinkPurpose.INVITATION, now)
    user.name = name
    user.language = language if language in LANGUAGES else None
    user.password_hash = password_hash
    user.state = AccountState.ACTIVE
    _record(session, as_actor(user), "invitation_accepted", user, now)
    return user


# Signing in and out


def open_session(session: Session, *, user_id: int, browser: str, now: datetime) -> str:
    """Remember a browser as signed in; return the secret that its cookie carries."""
    token = new_token()
    session.add(
        SignInSession(
            token_hash=hash_of(token),
            user_id=user_id,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=settings().session_days),
            browser=browser[:200],
        )
    )
    session.flush()
    return token


def note_address(
    session: Session, *, user_id: int | None, address: str, action: str, now: datetime
) -> None:
    """Keep where an act came from, for the days that the settings allow."""
    session.add(
        NetworkAddress(
            user_id=user_id,
            address=address[:45],
            action=action,
            at=now,
            expires_at=now + timedelta(days=settings().address_days),
        )
    )


def count_sign_in(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Count an attempt before the password is looked at; raise `TooManyAttempts`."""
    limits.spend(
        session,
        now,
        (rules.SIGN_IN_BY_ACCOUNT, email),
        (rules.SIGN_IN_BY_ADDRESS, limits.network_key(address)),
    )


def sign_in(
    session: Session,
    *,
    user_id: int,
    checked_hash: str | None,
    new_hash: str | None,
    browser: str,
    address: str,
    now: datetime,
) -> str | None:
    """Sign a person in whose password matched `checked_hash`; return the cookie's secret.

    Returns None where the account or its password changed since it was checked. `new_hash`
    replaces a hash made with outdated parameters.
    """
    user = session.scalar(select(User).where(User.id == user_id).with_for_update())
    if user is None or user.state != AccountState.ACTIVE or user.password_hash != checked_hash:
        return None
    if new_hash:
        user.password_hash = new_hash
    limits.give_back(
        session,
        now,
        (rules.SIGN_IN_BY_ACCOUNT, user.email),
        (rules.SIGN_IN_BY_ADDRESS, limits.network_key(address)),
    )
    note_address(session, user_id=user.id, address=address, action="signed_in", now=now)
    _record(session, as_actor(user), "signed_in", user, now)
    return open_session(session, user_id=user.id, browser=browser, now=now)


def sign_out(session: Session, *, token: str, address: str, now: datetime) -> None:
    """End a browser's sign-in; nothing happens where it has ended."""
    row = queries.signed_in(session, token, now)
    if row is None:
        return
    row.revoked_at = now
    note_address(session, user_id=row.user_id, address=address, action="signed_out", now=now)
    _record(session, as_actor(row.user), "signed_out", row.user, now)


def seen(session: Session, *, row_id: int, now: datetime) -> None:
    """Note that a signed-in browser is in use; it stays signed in for as long again."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == row_id, SignInSession.revoked_at.is_(None))
        .values(seen_at=now, expires_at=now + timedelta(days=settings().session_days))
    )


def _revoke(session: Session, user_id: int, now: datetime, *, keep: str = "") -> None:
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.token_hash != (hash_of(keep) if keep else ""),
        )
        .values(revoked_at=now)
    )


def revoke_browser(session: Session, *, actor: Actor, public_id: str, now: datetime) -> None:
    """End one of the actor's own sign-ins; raise `NotFound` for any other."""
    row = None
    if ids.PATTERN.fullmatch(public_id):
        row = session.scalar(
            select(SignInSession).where(
                SignInSession.public_id == public_id, SignInSession.user_id == actor.user_id
            )
        )
    if row is None:
        raise errors.NotFound()
    if row.revoked_at is None:
        row.revoked_at = now
        _record(session, actor, "browser_signed_out", row.user, now)


def revoke_others(session: Session, *, actor: Actor, token: str, now: datetime) -> None:
    """End all of the actor's sign-ins but the one that holds `token`."""
    user = session.get_one(User, actor.user_id)
    _revoke(session, user.id, now, keep=token)
    _record(session, actor, "browsers_signed_out", user, now)


# Passwords


def count_reset(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Count a request for a reset; raise `TooManyAttempts`."""
    limits.spend(
        session,
        now,
        (rules.RESET_BY_ACCOUNT, email),
        (rules.RESET_BY_ADDRESS, limits.network_key(address)),
    )


def request_reset(session: Session, *, email: str, now: datetime) -> None:
    """Queue a reset for whoever has this address.

    Whether anybody has is found out by the worker, so that the request does the same work and
    takes the same time for every address.
    """
    outbox.enqueue(session, "password_reset", {"email": email}, key=f"reset:{new_token()}", now=now)


def send_reset(session: Session, *, email: str, key: str, now: datetime) -> None:
    """Send the link of a queued reset, if there is an active account at the address."""
    user = queries.of_email(session, email)
    if user is None or user.state != AccountState.ACTIVE:
        return
    life = timedelta(hours=settings().reset_hours)
    token = _new_link(session, user, LinkPurpose.PASSWORD_RESET, life, now)
    write_to(
        session,
        user=user,
        template="password_reset",
        values={"token": token, "name": user.name, "hours": settings().reset_hours},
        key=f"{key}:mail",
        now=now,
    )
    _record(session, as_actor(user), "password_reset_requested", user, now)


def reset_password(session: Session, *, token: str, password_hash: str, now: datetime) -> User:
    """Set a new password by link, once, and end every sign-in; raise `NotFound` when spent."""
    user = _use_link(session, token, LinkPurpose.PASSWORD_RESET, now)
    user.password_hash = password_hash
    # Whoever guessed at the account must not keep its owner out.
    limits.forget(session, rules.SIGN_IN_BY_ACCOUNT, user.email)
    _revoke(session, user.id, now)
    _record(session, as_actor(user), "password_reset", user, now)
    return user


def change_password(
    session: Session,
    *,
    actor: Actor,
    checked_hash: str | None,
    new_hash: str,
    token: str,
    now: datetime,
) -> None:
    """Set a new password and end the person's other sign-ins.

    Raises `StaleVersion` where the password changed since the old one was checked.
    """
    user = session.scalars(select(User).where(User.id == actor.user_id).with_for_update()).one()
    if user.password_hash != checked_hash:
        raise errors.StaleVersion(_("Your password was changed elsewhere in the meantime."))
    user.password_hash = new_hash
    limits.give_back(session, now, (rules.PASSWORD_BY_ACCOUNT, user.public_id))
    void_links(session, user, now)
    _revoke(session, user.id, now, keep=token)
    _record(session, actor, "password_changed", user, now)


# One's own account


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
        _record(session, actor, "account_changed", user, now, fields=touched)


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
    _revoke(session, user.id, now)
    _record(session, actor, "suspended", user, now)


def reinstate(session: Session, *, actor: Actor, user: User, now: datetime) -> None:
    """Let a suspended person in again: as before, or by a new invitation."""
    require(actor, Permission.ADMINISTER)
    if user.state != AccountState.SUSPENDED:
        raise errors.RuleViolation(_("This account is not suspended."))
    user.state = AccountState.ACTIVE if user.password_hash else AccountState.INVITED
    _record(session, actor, "reinstated", user, now)


# Cleaning up


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
