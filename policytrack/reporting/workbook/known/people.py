"""Read people with their offices and seats, as cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, Office, User
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.forms import clean_line
from policytrack.core.permissions import Role
from policytrack.reporting.workbook.known.chunks import chunks


@dataclass(frozen=True, slots=True)
class Sat:
    """Hold a present seat: the organisation's code and the role."""

    organisation: str
    role: str
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Hold an account that is not closed."""

    id: int
    mail: str
    name: str
    language: str
    state: str
    demonstration: bool
    offices: frozenset[str]
    seats: tuple[Sat, ...] = field(default=())

    @property
    def cells(self) -> dict[str, str]:
        """Return what cells say of the person, seats left out."""
        return {
            "mail": self.mail,
            "name": self.name,
            "language": self.language,
            "offices": ";".join(sorted(self.offices)),
            "demonstration": "yes" if self.demonstration else "",
        }


def people(session: Session, mails: Collection[str] | None = None) -> dict[str, Person]:
    """Return accounts by mail address: those asked for, or all in the order of their making."""
    found: dict[str, Person] = {}
    if mails is None:
        return _people(session, true())
    for some in chunks(mails):
        found |= _people(session, User.email.in_(some))
    return found


def _people(session: Session, which: ColumnElement[bool]) -> dict[str, Person]:
    users = session.execute(
        select(User.id, User.email, User.chosen_name, User.language, User.state, User.demonstration)
        .where(which, User.state != AccountState.CLOSED)
        .order_by(User.id)
    ).all()
    chosen = select(User.id).where(which, User.state != AccountState.CLOSED)
    offices: defaultdict[int, set[str]] = defaultdict(set)
    for user_id, role in session.execute(
        select(Office.user_id, Office.role).where(Office.user_id.in_(chosen))
    ):
        offices[user_id].add(role)
    seats = _seats(session, Membership.user_id.in_(chosen))
    return {
        mail: Person(
            id=user_id,
            mail=mail,
            name=clean_line(name),
            language=language or "",
            state=state,
            demonstration=invented,
            offices=frozenset(offices[user_id]),
            seats=tuple(seats.get(user_id, ())),
        )
        for user_id, mail, name, language, state, invented in users
    }


def _seats(session: Session, which: ColumnElement[bool]) -> Mapping[int, list[Sat]]:
    found: defaultdict[int, list[Sat]] = defaultdict(list)
    for user_id, role, code, invented in session.execute(
        select(Membership.user_id, Membership.role, Constituent.code, Constituent.demonstration)
        .join(Membership.constituent)
        .where(which, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    ):
        found[user_id].append(Sat(code, role, invented))
    return found


def active_administrators(session: Session) -> set[int]:
    """Return the ids of those who can look after the site now."""
    return set(
        session.scalars(
            select(User.id)
            .join(Office, Office.user_id == User.id)
            .where(Office.role == Role.ADMINISTRATOR, User.state == AccountState.ACTIVE)
        )
    )
