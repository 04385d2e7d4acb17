"""Set passwords anew: by link, or by who knows the old one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts import limits, queries, rules
from policytrack.accounts.models import AccountState, LinkPurpose, User
from policytrack.accounts.service.keeping import as_actor, record, write_to
from policytrack.accounts.service.links import new_link, use_link, void_links
from policytrack.accounts.service.visiting import revoke
from policytrack.core import errors, options, outbox
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.ids import new_token
from policytrack.core.permissions import Actor


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
    life = timedelta(hours=options.value(options.RESET_HOURS))
    token = new_link(session, user, LinkPurpose.PASSWORD_RESET, life, now)
    write_to(
        session,
        user=user,
        template="password_reset",
        values={"token": token, "name": user.name, "hours": options.value(options.RESET_HOURS)},
        key=f"{key}:mail",
        now=now,
    )
    record(session, as_actor(user), "password_reset_requested", user, now)


def reset_password(session: Session, *, token: str, password_hash: str, now: datetime) -> User:
    """Set a new password by link, once, and end every sign-in; raise `NotFound` when spent."""
    user = use_link(session, token, LinkPurpose.PASSWORD_RESET, now)
    user.password_hash = password_hash
    # Whoever guessed at the account must not keep its owner out.
    limits.forget(session, rules.SIGN_IN_BY_ACCOUNT, user.email)
    revoke(session, user.id, now)
    record(session, as_actor(user), "password_reset", user, now)
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
    revoke(session, user.id, now, keep=token)
    record(session, actor, "password_changed", user, now)
