"""Let researchers register by themselves, with an address that they have confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, update
from sqlalchemy.orm import Session

from policytrack.accounts import limits, queries, rules
from policytrack.accounts.models import AccountState, LinkPurpose, Office, OneTimeLink, User
from policytrack.accounts.queries import hash_of
from policytrack.accounts.service.keeping import as_actor, record, write_to
from policytrack.accounts.service.links import new_link, use_link
from policytrack.core import errors, options, outbox
from policytrack.core.db import Base
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.ids import new_token
from policytrack.core.permissions import ANONYMOUS, Role


@dataclass(frozen=True, slots=True)
class Registration:
    """Hold what somebody says of themselves; nothing of it is known to be true."""

    email: str
    name: str
    language: str
    purpose: str = ""


def require_open() -> None:
    """Raise `NotFound` where researchers cannot register."""
    if not options.value(options.REGISTRATION_OPEN):
        raise errors.NotFound(_("Registration is closed at the moment."))


def count_registration(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Count a request to register; raise `TooManyAttempts`."""
    limits.spend(
        session,
        now,
        (rules.registration_by_account(options.value(options.REGISTRATION_MESSAGES)), email),
        (rules.REGISTER_BY_ADDRESS, limits.network_key(address)),
    )


def request_registration(session: Session, *, asked: Registration, now: datetime) -> None:
    """Queue a registration.

    Whether the address is known is found out by the worker, so that the request does the same work
    and takes the same time for every address.
    """
    payload = {
        "email": asked.email,
        "name": asked.name,
        "language": asked.language,
        "purpose": asked.purpose,
    }
    outbox.enqueue(session, "registration", payload, key=f"register:{new_token()}", now=now)


def send_registration(
    session: Session, *, payload: Mapping[str, Any], key: str, now: datetime
) -> None:
    """Send the link that confirms an address, or tell its owner that there is an account.

    The mail holds nothing that was typed: its reader may not be the one who typed it.
    """
    if not options.value(options.REGISTRATION_OPEN):
        return
    asked = Registration(**payload)
    user = queries.of_email(session, asked.email)
    if user is not None and user.state != AccountState.INVITED:
        _tell(session, user, asked, key, now)
        return
    if user is None:
        user = User(
            email=asked.email,
            name=asked.name,
            purpose=asked.purpose,
            language=asked.language if asked.language in LANGUAGES else None,
            state=AccountState.INVITED,
            created_at=now,
        )
        session.add(user)
        session.flush()
    # Only the newest registration opens the door; an invitation stays good.
    session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.user_id == user.id,
            OneTimeLink.purpose == LinkPurpose.REGISTRATION,
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=now)
    )
    days = options.value(options.INVITATION_DAYS)
    token = new_link(session, user, LinkPurpose.REGISTRATION, timedelta(days=days), now)
    write_to(
        session,
        user=user,
        template="registration",
        values={"token": token, "days": days},
        key=f"registration:{hash_of(token)}",
        language=asked.language,
        now=now,
    )
    record(session, ANONYMOUS, "registration_requested", user, now)


def _tell(session: Session, user: User, asked: Registration, key: str, now: datetime) -> None:
    write_to(
        session,
        user=user,
        template="registration_known",
        values={"name": user.name, "active": user.state == AccountState.ACTIVE},
        key=f"{key}:known",
        language=asked.language,
        now=now,
    )


def confirm_registration(
    session: Session,
    *,
    token: str,
    name: str,
    language: str,
    password_hash: str,
    now: datetime,
) -> User:
    """Let a researcher in, once; raise `NotFound` for a link that is spent, or a closed door."""
    require_open()
    user = use_link(session, token, LinkPurpose.REGISTRATION, now)
    user.name = name
    user.language = language if language in LANGUAGES else None
    user.password_hash = password_hash
    user.state = AccountState.ACTIVE
    if not user.offices:
        user.offices.append(Office(role=Role.RESEARCHER))
    session.flush()
    record(session, as_actor(user), "registered", user, now)
    return user


def purge_unconfirmed(session: Session, *, now: datetime) -> None:
    """Remove registrations whose link has expired; whoever was also invited stays."""
    of_user = OneTimeLink.user_id == User.id
    only_asked = OneTimeLink.purpose == LinkPurpose.REGISTRATION
    session.execute(
        delete(User)
        .where(
            User.state == AccountState.INVITED,
            exists().where(of_user, only_asked),
            ~exists().where(of_user, or_(~only_asked, OneTimeLink.expires_at > now)),
            *(~each for each in _traces()),
        )
        .execution_options(synchronize_session=False)
    )


def _traces() -> list[ColumnElement[bool]]:
    """Return one condition for each column of any table that may refer to a person.

    Seats are of a feature above: whatever refers to a person keeps them, wherever it is declared.
    """
    person = User.__table__
    return [
        exists().where(key.parent == User.id)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is person and table is not OneTimeLink.__table__
    ]
