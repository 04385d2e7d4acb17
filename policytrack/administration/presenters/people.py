"""Show people with their offices and seats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.accounts.models import AccountState, User
from policytrack.administration.words import STATES
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.presenters import place_of, role_label
from policytrack.constituents.rules import Group
from policytrack.core import words
from policytrack.core.i18n import LANGUAGES, label
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor, Role


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Hold one line of the list of people."""

    name: str
    url: str
    email: str
    state: str
    state_word: str
    roles: Sequence[str]
    seen_at: datetime | None
    demonstration: bool


def roles_of(user: User, seats: Sequence[Membership]) -> list[str]:
    """Return what a person is: offices, then seats; without any of them a researcher."""
    offices = [
        str(words.ROLES[role]) for role in Role if role in {each.role for each in user.offices}
    ]
    held = [
        _(
            "%(role)s, %(organisation)s",
            role=str(role_label(seat.role, short=True)),
            organisation=place_of(seat.constituent),
        )
        for seat in seats
    ]
    if not offices and not held and user.state != AccountState.CLOSED:
        return [str(words.ROLES[Role.RESEARCHER])]
    return offices + held


def person_rows(
    users: Sequence[User], seats: Sequence[Membership], seen: Mapping[int, datetime]
) -> list[PersonRow]:
    """Return people as the list shows them."""
    by_person: dict[int, list[Membership]] = {}
    for seat in seats:
        by_person.setdefault(seat.user_id, []).append(seat)
    return [
        PersonRow(
            name=user.name,
            url=url_for("administration.person", public_id=user.public_id),
            email=user.email if user.state != AccountState.CLOSED else "",
            state=user.state,
            state_word=str(STATES[user.state]),
            roles=roles_of(user, by_person.get(user.id, [])),
            seen_at=seen.get(user.id),
            demonstration=user.demonstration,
        )
        for user in users
    ]


def organisation_choices(bodies: Iterable[Constituent]) -> list[tuple[str, str]]:
    """Return organisations for a selection, in the given order, those in use only."""
    return [
        (
            body.public_id,
            _(
                "%(country)s: %(organisation)s",
                country=label(body.country.labels),
                organisation=label(body.labels),
            )
            if body.country
            else label(body.labels),
        )
        for body in bodies
        if not body.retired
    ]


def state_choices() -> list[tuple[str, str]]:
    """Return the states for the filter."""
    return [(state, str(word)) for state, word in STATES.items()]


def role_choices() -> list[tuple[str, str]]:
    """Return the roles for the filter."""
    return [(role, str(words.ROLES[role])) for role in Role if role is not Role.PUBLIC]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Hold what a person's page says at its top, and which acts it offers."""

    public_id: str
    name: str
    email: str
    state: str
    state_word: str
    language: str
    created_at: datetime
    closed_at: datetime | None
    purpose: str
    roles: Sequence[str]
    is_me: bool
    across_groups: bool
    demonstration: bool

    @property
    def closed(self) -> bool:
        """Tell whether nothing can be done any more."""
        return self.state == AccountState.CLOSED

    @property
    def may_suspend(self) -> bool:
        """Tell whether there is anybody to keep out."""
        return self.state in {AccountState.ACTIVE, AccountState.INVITED}


def person_page(user: User, seats: Sequence[Membership], actor: Actor) -> PersonPage:
    """Return what a person's page says at its top."""
    groups = {seat.constituent.group for seat in seats} - {Group.OBSERVERS}
    language = LANGUAGES.get(user.language or "")
    return PersonPage(
        public_id=user.public_id,
        name=user.name,
        email=user.email if user.state != AccountState.CLOSED else "",
        state=user.state,
        state_word=str(STATES[user.state]),
        language=language.name if language else "",
        created_at=user.created_at,
        closed_at=user.closed_at,
        purpose=user.purpose,
        roles=roles_of(user, seats),
        is_me=user.id == actor.user_id,
        across_groups=len(groups) > 1,
        demonstration=user.demonstration,
    )


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Hold one seat of a person; `sole`: without it nobody can submit for the organisation."""

    organisation_id: str
    organisation: str
    url: str
    role: str
    since: datetime
    sole: bool


def seat_rows(seats: Sequence[Membership], sole: Sequence[Membership]) -> list[SeatRow]:
    """Return the seats of a person as their page lists them."""
    alone = {seat.id for seat in sole}
    return [
        SeatRow(
            organisation_id=seat.constituent.public_id,
            organisation=place_of(seat.constituent),
            url=url_for("administration.organisation", public_id=seat.constituent.public_id),
            role=str(role_label(seat.role, short=True)),
            since=seat.since,
            sole=seat.id in alone,
        )
        for seat in seats
    ]
