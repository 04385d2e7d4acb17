"""Read organisations and memberships."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from policytrack.accounts.models import (
    AccountState,
    LinkPurpose,
    Office,
    OneTimeLink,
    User,
)
from policytrack.constituents import policy
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.rules import group_order
from policytrack.core import errors, i18n, ids
from policytrack.core.permissions import Actor, Role, Seat


def actor_of(session: Session, user: User) -> Actor:
    """Return a person as an actor: offices (read with the sign-in) and present seats.

    Whoever has an account and neither an office nor a seat is a researcher.
    """
    offices = frozenset(Role(office.role) for office in user.offices)
    rows = session.execute(
        select(Membership.role, Constituent)
        .join(Membership.constituent)
        .where(Membership.user_id == user.id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    ).all()
    return Actor(
        user_id=user.id,
        public_id=user.public_id,
        name=user.name,
        language=user.language,
        roles=offices if offices or rows else frozenset({Role.RESEARCHER}),
        seats=tuple(
            Seat(body.id, Role(role), body.group, body.country_iso2, body.labels.get("en", ""))
            for role, body in rows
        ),
    )


def holds_demonstration(session: Session) -> bool:
    """Tell whether the database holds demonstration content."""
    found = select(Constituent.id).where(Constituent.demonstration).limit(1)
    return session.scalar(found) is not None


# Organisations


def of_public_id(session: Session, actor: Actor, public_id: str) -> Constituent:
    """Return an organisation with its country; raise `NotFound`."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(Constituent)
            .options(joinedload(Constituent.country))
            .where(Constituent.public_id == public_id, policy.visible_to(actor))
        )
    if found is None:
        raise errors.NotFound()
    return found


def by_public_ids(
    session: Session, actor: Actor, public_ids: Collection[str]
) -> dict[str, Constituent]:
    """Return organisations with their countries by their public ids; unknown ones are left out."""
    found = session.scalars(
        select(Constituent)
        .options(joinedload(Constituent.country))
        .where(Constituent.public_id.in_(public_ids), policy.visible_to(actor))
    )
    return {body.public_id: body for body in found}


def listed(
    session: Session,
    actor: Actor,
    *,
    language: str,
    country: str | None = None,
    group: str | None = None,
) -> list[Constituent]:
    """Return organisations as lists show them, in one query.

    The order: by the country's name, regional ones last; by group; by name; names as readers of
    `language` sort them. `country` is an ISO code, `group` a `rules.Group`.
    """
    conditions = [policy.visible_to(actor)]
    if country is not None:
        conditions.append(Constituent.country_iso2 == country)
    if group is not None:
        conditions.append(Constituent.group == group)
    return _sorted(session, conditions, language)


def manageable(session: Session, actor: Actor, *, language: str) -> list[Constituent]:
    """Return the organisations whose members an actor may manage, in the order of lists."""
    return _sorted(session, [policy.manageable_by(actor)], language)


def _sorted(
    session: Session, conditions: Iterable[ColumnElement[bool]], language: str
) -> list[Constituent]:
    found: Sequence[Constituent] = session.scalars(
        select(Constituent).options(joinedload(Constituent.country)).where(*conditions)
    ).all()
    bodies = i18n.collated(found, [i18n.label(body.labels, language) for body in found], language)
    bodies.sort(key=lambda body: group_order(body.group))
    countries = [
        i18n.label(body.country.labels, language) if body.country else "" for body in bodies
    ]
    bodies = i18n.collated(bodies, countries, language)
    return sorted(bodies, key=lambda body: body.country is None)


# Members


@dataclass(frozen=True, slots=True)
class Member:
    """Hold a present seat, and until when its person's invitation is good if still open."""

    membership: Membership
    user: User
    invited_until: datetime | None


def members(session: Session, constituent_id: int) -> list[Member]:
    """Return an organisation's present seats, in the order in which they were given."""
    seats = session.scalars(
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user))
        .where(Membership.constituent_id == constituent_id, Membership.ended_at.is_(None))
        .order_by(Membership.since, Membership.id)
    ).all()
    until = session.execute(
        select(OneTimeLink.user_id, func.max(OneTimeLink.expires_at))
        .where(
            OneTimeLink.user_id.in_([seat.user_id for seat in seats]),
            OneTimeLink.purpose == LinkPurpose.INVITATION,
            OneTimeLink.used_at.is_(None),
        )
        .group_by(OneTimeLink.user_id)
    )
    invited_until = dict(until.all())
    return [Member(seat, seat.user, invited_until.get(seat.user_id)) for seat in seats]


def present_seat(
    session: Session, constituent_id: int, person: str, *, lock: bool = False
) -> Membership:
    """Return a person's present seat, by their public id; raise `NotFound`."""
    if not ids.PATTERN.fullmatch(person):
        raise errors.NotFound()
    wanted = (
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user))
        .where(
            Membership.constituent_id == constituent_id,
            Membership.ended_at.is_(None),
            User.public_id == person,
        )
    )
    found = session.scalar(wanted.with_for_update(of=Membership) if lock else wanted)
    if found is None:
        raise errors.NotFound()
    return found


def seats_of(session: Session, user_ids: Collection[int]) -> list[Membership]:
    """Return the present seats of these people with their organisations, the oldest first."""
    return list(
        session.scalars(
            select(Membership)
            .options(joinedload(Membership.constituent).joinedload(Constituent.country))
            .where(Membership.user_id.in_(user_ids), Membership.ended_at.is_(None))
            .order_by(Membership.since, Membership.id)
        )
    )


def former_members(session: Session, constituent_id: int) -> list[Membership]:
    """Return an organisation's ended seats with their people, the last to end first."""
    return _ended(session, Membership.constituent_id == constituent_id)


def former_seats(session: Session, user_id: int) -> list[Membership]:
    """Return a person's ended seats with their organisations, the last to end first."""
    return _ended(session, Membership.user_id == user_id)


def _ended(session: Session, whose: ColumnElement[bool]) -> list[Membership]:
    return list(
        session.scalars(
            select(Membership)
            .options(
                joinedload(Membership.user),
                joinedload(Membership.constituent).joinedload(Constituent.country),
            )
            .where(whose, Membership.ended_at.is_not(None))
            .order_by(Membership.ended_at.desc(), Membership.id)
        )
    )


def sole_focal_seats(session: Session, user: User) -> list[Membership]:
    """Return the seats of a person without whom nobody could submit for the organisation."""
    if user.state != AccountState.ACTIVE:
        return []
    other, colleague = aliased(Membership), aliased(User)
    others = (
        select(other.id)
        .join(colleague, colleague.id == other.user_id)
        .where(
            other.constituent_id == Membership.constituent_id,
            other.role == Role.FOCAL_POINT,
            other.ended_at.is_(None),
            other.user_id != user.id,
            colleague.state == AccountState.ACTIVE,
        )
    )
    return list(
        session.scalars(
            select(Membership)
            .options(joinedload(Membership.constituent))
            .where(
                Membership.user_id == user.id,
                Membership.role == Role.FOCAL_POINT,
                Membership.ended_at.is_(None),
                ~others.exists(),
            )
            .order_by(Membership.id)
        )
    )


def member_counts(session: Session, constituent_ids: Collection[int]) -> dict[int, int]:
    """Return how many present members organisations have, by organisation; none is left out."""
    rows = session.execute(
        select(Membership.constituent_id, func.count())
        .where(Membership.constituent_id.in_(constituent_ids), Membership.ended_at.is_(None))
        .group_by(Membership.constituent_id)
    )
    return {**dict.fromkeys(constituent_ids, 0), **dict(rows.all())}


def other_focal_points(session: Session, seat: Membership) -> bool:
    """Tell whether somebody else can submit for a seat's organisation."""
    return (
        session.scalar(
            select(Membership.id)
            .join(Membership.user)
            .where(
                Membership.constituent_id == seat.constituent_id,
                Membership.role == Role.FOCAL_POINT,
                Membership.ended_at.is_(None),
                Membership.id != seat.id,
                User.state == AccountState.ACTIVE,
            )
            .limit(1)
        )
        is not None
    )


def belongs_anywhere(session: Session, user_id: int) -> bool:
    """Tell whether a person has a present seat or an office."""
    seat = select(Membership.id).where(Membership.user_id == user_id, Membership.ended_at.is_(None))
    office = select(Office.user_id).where(Office.user_id == user_id)
    return session.scalar(select(seat.exists() | office.exists())) is True
