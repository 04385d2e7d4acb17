"""Read who is told of a document's steps."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.constituents.models import Membership
from policytrack.core.permissions import TABLE, Permission
from policytrack.library.models import LibraryDocument, LibraryRevision

# Who hands documents in for an organisation: focal points, and observers.
_SUBMITTERS = tuple(TABLE[Permission.LIBRARY_SUBMIT])


def people_of(
    session: Session, document: LibraryDocument, revision: LibraryRevision
) -> Sequence[User]:
    """Return who follows a revision: who wrote it, and those who submit for its organisation."""
    seated = select(Membership.user_id).where(
        Membership.constituent_id == document.constituent_id,
        Membership.role.in_(_SUBMITTERS),
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
