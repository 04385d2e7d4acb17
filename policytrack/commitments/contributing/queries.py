"""Read what programmes contributed to commitments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments.contributing import policy
from policytrack.commitments.models import Commitment, CommitmentRevision, ProgrammeContribution
from policytrack.core import ids
from policytrack.core.errors import NotFound
from policytrack.core.permissions import Actor

_EACH = ProgrammeContribution
_NEWEST = (_EACH.stated_at.desc(), _EACH.id.desc())
_PROMISED = (
    joinedload(_EACH.commitment)
    .joinedload(Commitment.in_force)
    .selectinload(CommitmentRevision.translations)
)


def of_commitment(
    session: Session, actor: Actor, commitment_id: int, now: datetime
) -> Sequence[ProgrammeContribution]:
    """Return what programmes contributed to a commitment, the newest first."""
    return session.scalars(
        select(_EACH)
        .where(_EACH.commitment_id == commitment_id, policy.visible_to(actor, now))
        .options(joinedload(_EACH.programme), joinedload(_EACH.stated_by))
        .order_by(*_NEWEST)
    ).all()


def of_programme(
    session: Session, actor: Actor, code: str, now: datetime
) -> Sequence[ProgrammeContribution]:
    """Return what a programme contributed, the newest first."""
    return session.scalars(
        select(_EACH)
        .where(_EACH.programme_code == code, policy.visible_to(actor, now))
        .options(_PROMISED, joinedload(_EACH.stated_by))
        .order_by(*_NEWEST)
    ).all()


def written(session: Session, code: str) -> Sequence[ProgrammeContribution]:
    """Return all that was stated for a programme, also what was removed: for those who write it."""
    return session.scalars(
        select(_EACH).where(_EACH.programme_code == code).options(_PROMISED).order_by(*_NEWEST)
    ).all()


def get(session: Session, code: str, public_id: str) -> ProgrammeContribution:
    """Return one that was stated for a programme; raise `NotFound`."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(_EACH)
            .where(_EACH.programme_code == code, _EACH.public_id == public_id)
            .options(joinedload(_EACH.document), _PROMISED)
        )
    if found is None:
        raise NotFound()
    return found


def citing(
    session: Session, actor: Actor, document_id: int, now: datetime
) -> Sequence[ProgrammeContribution]:
    """Return the contributions that the actor may read and that rest on a document."""
    return session.scalars(
        select(_EACH)
        .where(_EACH.document_id == document_id, policy.visible_to(actor, now))
        .options(_PROMISED, joinedload(_EACH.programme))
        .order_by(*_NEWEST)
    ).all()
