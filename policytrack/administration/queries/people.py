"""Read the people who have accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from policytrack.accounts.models import AccountState, Office, SignInSession, User
from policytrack.constituents.models import Constituent, Membership
from policytrack.core import errors, ids, paging
from policytrack.core.forms import clean_line
from policytrack.core.paging import Page
from policytrack.core.permissions import OFFICE_ROLES, Role

_WORDS = 100


@dataclass(frozen=True, slots=True)
class PeopleFilters:
    """Hold what the list of people is narrowed by; field names are the parameters' names."""

    state: str = ""
    role: str = ""
    organisation: str = ""
    q: str = ""
    page: int = 1

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> PeopleFilters:
        """Return the filters of an address; what makes no sense is left aside."""
        state, role = given.get("state", ""), given.get("role", "")
        organisation = given.get("organisation", "")
        return cls(
            state=state if state in set(AccountState) else "",
            role=role if role in set(Role) - {Role.PUBLIC} else "",
            organisation=organisation if ids.PATTERN.fullmatch(organisation) else "",
            q=clean_line(given.get("q", "")[:_WORDS]),
            page=paging.number_of(given.get("page")),
        )

    @property
    def narrow(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.state or self.role or self.organisation or self.q)


def _seated(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Membership.user_id == User.id, Membership.ended_at.is_(None), *conditions)


def _of_role(role: Role) -> ColumnElement[bool]:
    held = exists().where(Office.user_id == User.id, Office.role == role)
    if role is Role.RESEARCHER:
        # Whoever has neither an office nor a seat is one too (`constituents.queries.actor_of`).
        in_any = exists().where(Office.user_id == User.id)
        nothing = and_(~in_any, ~_seated(), User.state != AccountState.CLOSED)
        return or_(held, nothing)
    return held if role in OFFICE_ROLES else _seated(Membership.role == role)


def _conditions(filters: PeopleFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.state:
        found.append(User.state == filters.state)
    if filters.role:
        found.append(_of_role(Role(filters.role)))
    if filters.organisation:
        body = select(Constituent.id).where(Constituent.public_id == filters.organisation)
        found.append(_seated(Membership.constituent_id == body.scalar_subquery()))
    if filters.q:
        found.append(
            or_(
                User.chosen_name.icontains(filters.q, autoescape=True),
                and_(
                    User.email.icontains(filters.q, autoescape=True),
                    User.state != AccountState.CLOSED,
                ),
            )
        )
    return found


def people(session: Session, filters: PeopleFilters) -> Page[User]:
    """Return one page of people with their offices, by name, closed accounts last."""
    conditions = _conditions(filters)
    total = session.scalar(select(func.count()).select_from(User).where(*conditions)) or 0
    number, offset = paging.offset(filters.page, total)
    found = session.scalars(
        select(User)
        .options(selectinload(User.offices))
        .where(*conditions)
        .order_by(User.state == AccountState.CLOSED, func.lower(User.chosen_name), User.id)
        .offset(offset)
        .limit(paging.SIZE)
    ).all()
    return Page(found, number, total)


def peopled(session: Session) -> frozenset[int]:
    """Return the organisations in which somebody has a seat."""
    found = select(Membership.constituent_id).where(Membership.ended_at.is_(None)).distinct()
    return frozenset(session.scalars(found))


def person(session: Session, public_id: str) -> User:
    """Return a person with their offices; raise `NotFound`."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(User).options(selectinload(User.offices)).where(User.public_id == public_id)
        )
    if found is None:
        raise errors.NotFound()
    return found


def last_seen(session: Session, user_ids: Collection[int]) -> Mapping[int, datetime]:
    """Return when these people were last there; whoever never was is missing."""
    rows = session.execute(
        select(SignInSession.user_id, func.max(SignInSession.seen_at))
        .where(SignInSession.user_id.in_(user_ids))
        .group_by(SignInSession.user_id)
    )
    return dict(rows.all())


def counts_by_state(session: Session) -> Mapping[str, int]:
    """Return how many accounts stand in each state; a state with none is 0."""
    rows = session.execute(select(User.state, func.count()).group_by(User.state))
    return {**dict.fromkeys(AccountState, 0), **dict(rows.all())}
