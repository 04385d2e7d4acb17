"""Take a text through its life: propose, withdraw, discard, decline, accept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.commitments import policy, rules
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import Plan, TextAction
from policytrack.commitments.rules import TextState as State
from policytrack.commitments.service.commands import Base
from policytrack.commitments.service.keeping import KIND, lock, record, tell
from policytrack.commitments.service.plans import carry_out
from policytrack.core import files
from policytrack.core.audit import TrailEntry
from policytrack.core.errors import InvalidInput, NotPermitted, RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, require
from policytrack.frameworks.models import Framework


def propose(
    session: Session, *, actor: Actor, commitment: Commitment, base: Base, now: datetime
) -> None:
    """Put the draft before its lead, whose focal points are told."""
    revision = _step(session, actor, commitment, base, TextAction.PROPOSE)
    revision.state = rules.next_state(revision.state, TextAction.PROPOSE)
    revision.proposed_at = now
    record(session, actor, commitment, "propose", now, {"revision": revision.number})
    tell(session, actor, commitment, revision, "commitment_proposed", now)


def withdraw(
    session: Session, *, actor: Actor, commitment: Commitment, base: Base, now: datetime
) -> None:
    """Take a proposal back; it is a draft again, hidden from those who only read proposals."""
    revision = _step(session, actor, commitment, base, TextAction.WITHDRAW)
    revision.state = rules.next_state(revision.state, TextAction.WITHDRAW)
    revision.proposed_at = None
    record(session, actor, commitment, "withdraw", now, {"revision": revision.number})


def discard(
    session: Session, *, actor: Actor, commitment: Commitment, base: Base, now: datetime
) -> None:
    """Drop the draft: gone from every list, kept in the trail."""
    revision = _step(session, actor, commitment, base, TextAction.DISCARD)
    revision.state = rules.next_state(revision.state, TextAction.DISCARD)
    commitment.open = None
    record(session, actor, commitment, "discard", now, {"revision": revision.number})


def decline(
    session: Session,
    *,
    actor: Actor,
    commitment: Commitment,
    base: Base,
    reason: str,
    language: str,
    now: datetime,
) -> None:
    """Refuse a proposal with a reason that its author reads."""
    if not reason:
        raise InvalidInput(fields={"reason": _("Write why, so that the text can be improved.")})
    revision = _step(session, actor, commitment, base, TextAction.DECLINE)
    revision.state = rules.next_state(revision.state, TextAction.DECLINE)
    revision.reason, revision.reason_language = reason, language
    revision.decided_at, revision.decided_by_id = now, actor.user_id
    commitment.open = None
    record(session, actor, commitment, "decline", now, {"revision": revision.number})
    tell(session, actor, commitment, revision, "commitment_declined", now)


def accept(
    session: Session, *, actor: Actor, commitment: Commitment, base: Base, now: datetime
) -> None:
    """Put a proposed text in force, in the lead's name; it is public from now on."""
    revision = _step(session, actor, commitment, base, TextAction.ACCEPT)
    _put_in_force(session, actor, commitment, revision, TextAction.ACCEPT, now)
    record(session, actor, commitment, "accept", now, {"revision": revision.number})
    tell(session, actor, commitment, revision, "commitment_accepted", now)


def file_letter(
    session: Session,
    *,
    actor: Actor,
    commitment: Commitment,
    base: Base,
    letter: files.Accepted,
    now: datetime,
) -> None:
    """Put a proposed text in force on the strength of the lead's signed letter.

    Raises `NotPermitted` for an officer who wrote the text: another one files the letter.
    """
    revision = _step(session, actor, commitment, base, TextAction.FILE_LETTER)
    if actor.user_id == revision.author_id or _has_written(session, actor, commitment, revision):
        raise NotPermitted(
            _("You wrote this text yourself, so another officer must file the letter.")
        )
    stored = files.store(session, letter, now)
    revision.letter = stored
    _put_in_force(session, actor, commitment, revision, TextAction.FILE_LETTER, now)
    record(session, actor, commitment, "file_letter", now, {"revision": revision.number})
    tell(session, actor, commitment, revision, "commitment_accepted", now)


def _step(
    session: Session, actor: Actor, commitment: Commitment, base: Base, action: TextAction
) -> CommitmentRevision:
    """Return the open text if the action may be done to it as it was shown; raise otherwise."""
    require(actor, rules.PERMISSIONS[action], commitment.lead_id)
    lock(session, commitment)
    revision = policy.open_text(actor, commitment)
    if revision is None:
        raise RuleViolation(_("This text has moved on in the meantime; that step is closed."))
    rules.next_state(revision.state, action)
    if not policy.may_act(actor, commitment, revision, action):
        raise NotPermitted()
    # One agrees to the words that one has read, not to whatever stands there by now.
    if (revision.number, revision.version) != (base.number, base.version):
        raise StaleVersion(_("The text has changed since you read it. Read it again first."))
    return revision


def _has_written(
    session: Session, actor: Actor, commitment: Commitment, revision: CommitmentRevision
) -> bool:
    entries = session.scalars(
        select(TrailEntry).where(
            TrailEntry.kind == KIND,
            TrailEntry.public_id == commitment.public_id,
            TrailEntry.actor_id == actor.user_id,
            TrailEntry.action == f"{KIND}.save",
        )
    )
    return any(entry.details.get("revision") == revision.number for entry in entries)


def _put_in_force(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    revision: CommitmentRevision,
    action: TextAction,
    now: datetime,
) -> None:
    if commitment.in_force is not None:
        commitment.in_force.state = State.SUPERSEDED
    # Only one accepted text at a time: the old one must have left before the new one comes.
    session.flush()
    revision.state = rules.next_state(revision.state, action)
    revision.decided_at, revision.decided_by_id = now, actor.user_id
    commitment.in_force, commitment.open = revision, None
    carry_out(session, commitment, Plan.from_json(revision.plan))
    if commitment.code is None:
        commitment.code = _next_code(session, commitment, revision)
    session.flush()


def _next_code(session: Session, commitment: Commitment, revision: CommitmentRevision) -> str:
    first = min(revision.provisions, key=lambda each: (each.framework_code, each.position))
    # Whoever numbers within this framework comes here one after the other.
    session.scalar(
        select(Framework.code)
        .where(Framework.code == first.framework_code)
        .with_for_update(key_share=True)
    )
    place = commitment.lead.country_iso2 or "REG"
    stem = f"{first.framework_code}-{first.code}-{place}-"
    taken = session.scalars(
        select(Commitment.code).where(Commitment.code.startswith(stem, autoescape=True))
    )
    return rules.make_code(
        first.framework_code, first.code, place, [code for code in taken if code]
    )
