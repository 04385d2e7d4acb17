"""Sign people in and out, browser by browser."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from policytrack.accounts import limits, queries, rules
from policytrack.accounts.models import AccountState, NetworkAddress, SignInSession, User
from policytrack.accounts.queries import hash_of
from policytrack.accounts.service.keeping import as_actor, record
from policytrack.core import errors, ids, options
from policytrack.core.ids import new_token
from policytrack.core.permissions import Actor

SEEN_EVERY = timedelta(minutes=5)


def open_session(session: Session, *, user_id: int, browser: str, now: datetime) -> str:
    """Remember a browser as signed in; return the secret that its cookie carries."""
    token = new_token()
    session.add(
        SignInSession(
            token_hash=hash_of(token),
            user_id=user_id,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=options.value(options.SESSION_DAYS)),
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
            expires_at=now + timedelta(days=options.value(options.ADDRESS_DAYS)),
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
    record(session, as_actor(user), "signed_in", user, now)
    return open_session(session, user_id=user.id, browser=browser, now=now)


def sign_out(session: Session, *, token: str, address: str, now: datetime) -> None:
    """End a browser's sign-in; nothing happens where it has ended."""
    row = queries.signed_in(session, token, now)
    if row is None:
        return
    row.revoked_at = now
    note_address(session, user_id=row.user_id, address=address, action="signed_out", now=now)
    record(session, as_actor(row.user), "signed_out", row.user, now)


def seen(session: Session, *, row_id: int, now: datetime) -> None:
    """Note that a signed-in browser is in use; it stays signed in for as long again."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == row_id, SignInSession.revoked_at.is_(None))
        .values(seen_at=now, expires_at=now + timedelta(days=options.value(options.SESSION_DAYS)))
    )


def revoke(session: Session, user_id: int, now: datetime, *, keep: str = "") -> None:
    """End a person's sign-ins but the one that holds the token `keep`."""
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
        record(session, actor, "browser_signed_out", row.user, now)


def revoke_others(session: Session, *, actor: Actor, token: str, now: datetime) -> None:
    """End all of the actor's sign-ins but the one that holds `token`."""
    user = session.get_one(User, actor.user_id)
    revoke(session, user.id, now, keep=token)
    record(session, actor, "browsers_signed_out", user, now)
