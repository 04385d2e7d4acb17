"""Read who is told of a note's steps."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.constituents.models import Membership
from policytrack.core.permissions import Role
from policytrack.progress.models import (
    NoteRevision,
)


def people_of(session: Session, revision: NoteRevision) -> Sequence[User]:
    """Return who follows a revision: who wrote it, and its organisation's focal points."""
    seated = select(Membership.user_id).where(
        Membership.constituent_id == revision.note.constituent_id,
        Membership.role == Role.FOCAL_POINT,
        Membership.ended_at.is_(None),
    )
    return session.scalars(
        select(User)
        .where(
            User.state == AccountState.ACTIVE,
            or_(User.id.in_(seated), User.id == revision.author_id),
        )
        .order_by(User.id)
    ).all()
