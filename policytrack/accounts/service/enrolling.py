"""Give accounts to people of whom a list speaks, many at once, and correct what it says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, Office, User
from policytrack.accounts.service.keeping import record
from policytrack.core import emails, errors
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import OFFICE_ROLES, Actor, Permission, Role, require


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Hold what a list says of a person who has no account yet."""

    email: str
    name: str
    language: str
    offices: frozenset[Role] = frozenset()


def enrol(
    session: Session, *, actor: Actor, newcomers: Sequence[Newcomer], now: datetime
) -> list[User]:
    """Make accounts that wait for an invitation; nobody is written to. Return them in that order.

    Raises `NotPermitted` unless the actor administers; `InvalidInput` for what is no mail address
    or a role of a seat. A database refuses an address that has an account.
    """
    require(actor, Permission.ADMINISTER)
    made = [_account(each, now) for each in newcomers]
    session.add_all(made)
    session.flush()
    for user, newcomer in zip(made, newcomers, strict=True):
        details = {"offices": sorted(newcomer.offices)} if newcomer.offices else {}
        record(session, actor, "enrolled", user, now, details=details)
    return made


def _account(newcomer: Newcomer, now: datetime) -> User:
    if not newcomer.offices <= OFFICE_ROLES:
        raise errors.InvalidInput(_("This role is given by an organisation, not by an office."))
    try:
        address = emails.parse(newcomer.email)
    except ValueError:
        raise errors.InvalidInput(
            fields={"email": _("Write a mail address, such as name@example.org.")}
        ) from None
    return User(
        email=address,
        name=newcomer.name,
        language=newcomer.language if newcomer.language in LANGUAGES else None,
        state=AccountState.INVITED,
        created_at=now,
        offices=[Office(role=role) for role in sorted(newcomer.offices)],
    )


def correct(
    session: Session, *, actor: Actor, user: User, name: str, language: str, now: datetime
) -> None:
    """Set another person's name and language; an empty language leaves it to their browser.

    Raises `NotPermitted` unless the actor administers, `RuleViolation` for a closed account.
    """
    require(actor, Permission.ADMINISTER)
    if user.state == AccountState.CLOSED:
        raise errors.RuleViolation(_("This account is closed."))
    wanted = {"name": name, "language": language if language in LANGUAGES else None}
    touched = [field for field, value in wanted.items() if getattr(user, field) != value]
    for field in touched:
        setattr(user, field, wanted[field])
    if touched:
        record(session, actor, "account_changed", user, now, fields=touched)
