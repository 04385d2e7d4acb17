"""Write down what led to the invented content: its trail, its mail, and when people were here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, SignInSession
from policytrack.accounts.queries import hash_of
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import TextState
from policytrack.core.audit import TrailEntry
from policytrack.core.outbox import MAX_ATTEMPTS, OutboxItem
from policytrack.demonstration.stage import MARK, Stage
from policytrack.progress.models import Note
from policytrack.progress.rules import State

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
_DECIDED = {TextState.DECLINED: "decline"}


def add(stage: Stage, notes: list[Note]) -> None:
    """Add the trail of all that was made, oldest first, and a sign-in of most people."""
    entries = [entry for note in notes for entry in _of_note(stage, note)]
    for text in stage.session.scalars(select(CommitmentRevision).order_by(CommitmentRevision.id)):
        entries += _of_text(text.commitment, text)
    now = stage.calendar.now
    past = [entry for entry in entries if entry.at <= now]
    past.sort(key=lambda entry: entry.at)
    stage.session.add_all(past)
    _sign_in(stage)
    _fail_to_tell(stage)
    stage.session.flush()


def forget(session: Session) -> None:
    """Take the invented trail and mail away again."""
    session.execute(delete(TrailEntry).where(TrailEntry.details[MARK].as_boolean()))
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


def _entry(
    action: str, thing: Note | Commitment, at: datetime, actor_id: int | None, number: int
) -> TrailEntry:
    details: dict[str, Any] = {MARK: True, "number": number}
    owner = thing.constituent_id if isinstance(thing, Note) else thing.lead_id
    kind = "note" if isinstance(thing, Note) else "commitment"
    return TrailEntry(
        at=at,
        actor_id=actor_id,
        action=f"{kind}.{action}",
        kind=kind,
        public_id=thing.public_id,
        constituent_id=owner,
        fields=[],
        details=details,
        request_id="",
    )


def _of_note(stage: Stage, note: Note) -> Iterator[TrailEntry]:
    for revision in stage.revisions[note.id]:
        number = revision.number
        yield _entry(
            "start" if number == 1 else "revise",
            note,
            revision.created_at,
            revision.author_id,
            number,
        )
        if revision.nothing_changed and revision.submitted_at is not None:
            yield _entry(
                "publish_unchanged", note, revision.submitted_at, revision.author_id, number
            )
        elif revision.submitted_at is not None:
            yield _entry("submit", note, revision.submitted_at, revision.author_id, number)
        if revision.state == State.DISCARDED:
            yield _entry("discard", note, revision.saved_at, revision.author_id, number)
        for decision in revision.decisions:
            yield _entry(decision.action, note, decision.at, decision.officer_id, number)


def _of_text(commitment: Commitment, text: CommitmentRevision) -> Iterator[TrailEntry]:
    yield _entry("draft", commitment, text.created_at, text.author_id, text.number)
    if text.proposed_at is not None:
        yield _entry("propose", commitment, text.proposed_at, text.author_id, text.number)
    if text.decided_at is not None:
        act = _DECIDED.get(TextState(text.state), "accept")
        yield _entry(act, commitment, text.decided_at, text.decided_by_id, text.number)


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
