"""Read organisations and memberships."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts.models import Office, User
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.permissions import Actor, Role, Seat


def actor_of(session: Session, user: User) -> Actor:
    """Return a person as an actor: offices and present seats, in two queries."""
    offices = session.scalars(select(Office.role).where(Office.user_id == user.id))
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
        roles=frozenset(Role(role) for role in offices),
        seats=tuple(
            Seat(body.id, Role(role), body.group, body.country_iso2, body.labels.get("en", ""))
            for role, body in rows
        ),
    )


def holds_demonstration(session: Session) -> bool:
    """Tell whether the database holds demonstration content."""
    found = select(Constituent.id).where(Constituent.demonstration).limit(1)
    return session.scalar(found) is not None
