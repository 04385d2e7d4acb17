"""Read one commitment, its texts, and who speaks for its lead."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import (
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from policytrack.accounts.models import AccountState, User
from policytrack.commitments import policy
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    Indicator,
)
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.db import Base
from policytrack.core.errors import NotFound
from policytrack.core.permissions import Actor, Role

_ADDRESS = re.compile(r"[A-Za-z0-9.-]{1,40}")


def get(session: Session, actor: Actor, address: str) -> Commitment:
    """Return a commitment by its code or its random id; raise `NotFound` where it is hidden."""
    if not _ADDRESS.fullmatch(address):
        raise NotFound()
    query = (
        select(Commitment)
        .where(
            or_(Commitment.code == address.upper(), Commitment.public_id == address),
            policy.visible_to(actor),
        )
        .options(
            joinedload(Commitment.lead).joinedload(Constituent.country),
            joinedload(Commitment.indicators),
            joinedload(Commitment.milestones),
        )
    )
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def revisions(
    session: Session, actor: Actor, commitment: Commitment
) -> Sequence[CommitmentRevision]:
    """Return the texts that the actor may see, newest first, with their translations."""
    return (
        session.scalars(
            select(CommitmentRevision)
            .where(
                CommitmentRevision.commitment_id == commitment.id, policy.visible_revisions(actor)
            )
            .order_by(CommitmentRevision.number.desc())
            .options(joinedload(CommitmentRevision.translations))
        )
        .unique()
        .all()
    )


def revision(
    session: Session, actor: Actor, commitment: Commitment, number: int
) -> CommitmentRevision:
    """Return one text of a commitment; raise `NotFound` where the actor may not see it."""
    found = session.scalar(
        select(CommitmentRevision).where(
            CommitmentRevision.commitment_id == commitment.id,
            CommitmentRevision.number == number,
            policy.visible_revisions(actor),
        )
    )
    if found is None:
        raise NotFound()
    return found


def focal_points(session: Session, constituent_id: int) -> Sequence[User]:
    """Return the people who speak for an organisation."""
    return session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.constituent_id == constituent_id,
            Membership.role == Role.FOCAL_POINT,
            Membership.ended_at.is_(None),
            User.state == AccountState.ACTIVE,
        )
        .order_by(User.id)
    ).all()


def indicators_in_use(session: Session, commitment: Commitment) -> set[str]:
    """Return the public ids of indicators that any row of a feature above refers to."""
    table = Indicator.__table__
    referring = [
        exists().where(key.parent == Indicator.id)
        for other in Base.metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table is table
    ]
    return set(
        session.scalars(
            select(Indicator.public_id).where(
                Indicator.commitment_id == commitment.id, or_(false(), *referring)
            )
        )
    )
