"""Write down what is left of days of use: when people were here, and mail that failed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, SignInSession
from policytrack.accounts.queries import hash_of
from policytrack.commitments.models import CommitmentRevision
from policytrack.commitments.rules import TextState
from policytrack.core.outbox import MAX_ATTEMPTS, OutboxItem
from policytrack.demonstration.stage import MARK, Stage

# For how many days somebody was not here, at most; what share was never.
_AWAY = 80
_ABSENT = 0.1
# What mail servers say of an address that is no more, and of a box that is full.
_REFUSALS = (
    "SMTPRecipientsRefused: 550 5.1.1 Recipient address rejected: User unknown",
    "SMTPRecipientsRefused: 552 5.2.2 Mailbox full",
)
_TOLD = {
    TextState.PROPOSED: "commitment_proposed",
    TextState.ACCEPTED: "commitment_accepted",
    TextState.DECLINED: "commitment_declined",
}


def add(stage: Stage) -> None:
    """Let most people have signed in, and some mail have failed."""
    _sign_in(stage)
    _fail_to_tell(stage)
    stage.session.flush()


def forget(session: Session) -> None:
    """Take the invented mail away again; sign-ins go with their people."""
    session.execute(delete(OutboxItem).where(OutboxItem.key.startswith(f"{MARK}:")))


def _fail_to_tell(stage: Stage) -> None:
    """Let mail on the last texts have been given up, one for each refusal."""
    last = func.coalesce(CommitmentRevision.decided_at, CommitmentRevision.proposed_at)
    told = stage.session.scalars(
        select(CommitmentRevision)
        .where(
            CommitmentRevision.state.in_(_TOLD),
            CommitmentRevision.author_id.is_not(None),
        )
        .order_by(last.desc(), CommitmentRevision.id)
        .limit(len(_REFUSALS))
    )
    for text, refusal in zip(told, _REFUSALS, strict=False):
        told_at = text.decided_at or text.proposed_at or text.created_at
        stage.session.add(
            OutboxItem(
                key=f"{MARK}:{text.commitment.public_id}",
                kind="mail",
                payload={
                    "template": _TOLD[TextState(text.state)],
                    "user_id": text.author_id,
                    "commitment": text.commitment.public_id,
                    "revision": text.number,
                },
                created_at=told_at,
                due_at=told_at,
                attempts=MAX_ATTEMPTS,
                failed_at=told_at + timedelta(hours=4),
                last_error=refusal,
            )
        )


def _sign_in(stage: Stage) -> None:
    for user in stage.users.values():
        if user.state != AccountState.ACTIVE or stage.random.random() < _ABSENT:
            continue
        seen = stage.calendar.now - timedelta(days=stage.random.uniform(1, _AWAY))
        stage.session.add(
            SignInSession(
                public_id=stage.new_id(),
                token_hash=hash_of(stage.new_id()),  # opens nothing: the session has ended
                user_id=user.id,
                created_at=seen - timedelta(hours=1),
                seen_at=seen,
                expires_at=seen,
                revoked_at=seen,
                browser="",
            )
        )
