"""Read accounts, signed-in browsers and one-time links."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from policytrack.accounts.models import (
    AccountState,
    LinkPurpose,
    Office,
    OneTimeLink,
    SignInSession,
    User,
)
from policytrack.core.permissions import Role


@dataclass(frozen=True, slots=True)
class Credentials:
    """Hold what a password is checked against, outside any transaction."""

    user_id: int
    public_id: str
    email: str
    name: str
    password_hash: str | None


def hash_of(token: str) -> str:
    """Return what is stored of a secret; it has 256 random bits, so a plain hash guards it."""
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()


def signed_in(session: Session, token: str, now: datetime) -> SignInSession | None:
    """Return the signed-in browser that holds a token, with its person, in one query."""
    wanted = (
        select(SignInSession)
        .join(SignInSession.user)
        .outerjoin(User.offices)
        .options(contains_eager(SignInSession.user).contains_eager(User.offices))
        .where(
            SignInSession.token_hash == hash_of(token),
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > now,
            User.state == AccountState.ACTIVE,
        )
    )
    return session.scalars(wanted).unique().one_or_none()


def browsers(session: Session, user_id: int, now: datetime) -> Sequence[SignInSession]:
    """Return a person's signed-in browsers, the last used first."""
    return session.scalars(
        select(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > now,
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
    ).all()


def credentials(session: Session, *, email: str = "", user_id: int = 0) -> Credentials | None:
    """Return what the password of an active account is checked against, by address or id."""
    found = session.execute(
        select(User.id, User.public_id, User.email, User.name, User.password_hash).where(
            User.email == email if email else User.id == user_id,
            User.state == AccountState.ACTIVE,
        )
    ).first()
    return Credentials(*found) if found else None


def of_email(session: Session, email: str) -> User | None:
    """Return the account at an address in its one spelling (`emails.parse`)."""
    return session.scalar(select(User).where(User.email == email))


def of_public_id(session: Session, public_id: str) -> User | None:
    """Return the account behind a public id."""
    return session.scalar(select(User).where(User.public_id == public_id))


def open_link(
    session: Session, token: str, purpose: LinkPurpose, now: datetime, *, lock: bool = False
) -> OneTimeLink | None:
    """Return the link that may still be used, with its person; None for any other token.

    Invitations and registrations are open until their person has come, a reset once they have.
    """
    reset = purpose is LinkPurpose.PASSWORD_RESET
    state = AccountState.ACTIVE if reset else AccountState.INVITED
    wanted = (
        select(OneTimeLink)
        .join(OneTimeLink.user)
        .options(contains_eager(OneTimeLink.user))
        .where(
            OneTimeLink.token_hash == hash_of(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
            User.state == state,
        )
    )
    return session.scalar(wanted.with_for_update() if lock else wanted)


def officers(session: Session, *roles: Role) -> Sequence[User]:
    """Return the active people who hold one of these offices."""
    return session.scalars(
        select(User)
        .where(
            User.state == AccountState.ACTIVE,
            User.id.in_(select(Office.user_id).where(Office.role.in_(roles))),
        )
        .order_by(User.id)
    ).all()
