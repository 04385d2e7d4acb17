"""Lock a commitment before an act, and keep what is to be known of the act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.commitments import queries
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.core import audit, changes, outbox
from policytrack.core.permissions import Actor

KIND = "commitment"


def lock(session: Session, commitment: Commitment) -> None:
    """Lock a commitment and read it again, with its open text."""
    # The row alone: reading a commitment joins others, and no database locks what may be missing.
    session.execute(
        select(Commitment.id).where(Commitment.id == commitment.id).with_for_update(key_share=True)
    )
    session.expire(commitment)
    session.refresh(commitment)
    if commitment.open is not None:
        session.refresh(commitment.open)


def record(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    action: str,
    now: datetime,
    details: dict[str, Any],
    fields: Iterable[str] = (),
) -> None:
    """Keep an act in the trail and in the change log."""
    audit.record(
        session,
        actor=actor,
        action=f"{KIND}.{action}",
        kind=KIND,
        public_id=commitment.public_id,
        now=now,
        constituent_id=commitment.lead_id,
        fields=list(fields),
        details=details,
    )
    changes.append(session, KIND, commitment.public_id)


def tell(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    revision: CommitmentRevision,
    template: str,
    now: datetime,
) -> None:
    """Send mail to the lead's focal points and to the author, but not to who just acted."""
    people = {user.id for user in queries.focal_points(session, commitment.lead_id)}
    if revision.author_id is not None:
        people.add(revision.author_id)
    for user_id in sorted(people - {actor.user_id}):
        outbox.enqueue(
            session,
            "mail",
            {
                "template": template,
                "user_id": user_id,
                "commitment": commitment.public_id,
                "revision": revision.number,
            },
            key=f"{template}:{commitment.public_id}:{revision.number}.{revision.version}:{user_id}",
            now=now,
        )
