"""Decide on notes: take up, return, publish, retract."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core.errors import InvalidInput
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.core.review import Action, State
from policytrack.progress import queries, rules
from policytrack.progress.models import Decision, Note, NoteRevision
from policytrack.progress.service.keeping import (
    keep_latest_word,
    put_in_force,
    record,
    write_to_people,
)
from policytrack.progress.service.stepping import in_force, move_on, under_way


def take_up(session: Session, *, actor: Actor, note: Note, now: datetime) -> None:
    """Become the one officer who decides on a submitted text.

    Raises `StaleVersion` where another officer was faster or it was withdrawn.
    """
    revision = move_on(session, actor, note, Action.TAKE_UP)
    revision.reviewer_id = actor.user_id
    _decide(session, actor, revision, Action.TAKE_UP, now)
    record(session, actor, "note.take_up", note, now, details={"number": revision.number})


def return_(
    session: Session,
    *,
    actor: Actor,
    note: Note,
    reason: str,
    language: str,
    now: datetime,
    internal_comment: str = "",
) -> None:
    """Send a text back with a reason that the delegate reads, and a comment that they do not."""
    _require_reason(reason, internal_comment)
    revision = move_on(session, actor, note, Action.RETURN)
    revision.decided_at = now
    _decide(
        session,
        actor,
        revision,
        Action.RETURN,
        now,
        reason=reason,
        language=language,
        internal_comment=internal_comment,
    )
    record(session, actor, "note.return", note, now, details={"number": revision.number})
    write_to_people(session, actor, note, revision, "note_returned", now)


def publish(
    session: Session, *, actor: Actor, note: Note, now: datetime, internal_comment: str = ""
) -> None:
    """Put a text in force; it replaces the one that was."""
    queries.lock(session, note)
    revision = under_way(actor, note, Action.PUBLISH)
    rules.step(revision.state, Action.PUBLISH)
    if len(internal_comment) > rules.REASON_LENGTH:
        raise InvalidInput(fields={"internal_comment": _("Please shorten this.")})
    revision.decided_at = now
    _decide(session, actor, revision, Action.PUBLISH, now, internal_comment=internal_comment)
    put_in_force(session, note, revision, now)
    record(session, actor, "note.publish", note, now, details={"number": revision.number})
    write_to_people(session, actor, note, revision, "note_published", now)


def retract(
    session: Session, *, actor: Actor, note: Note, reason: str, language: str, now: datetime
) -> None:
    """Take a published note out of the public's sight; a tombstone says when and why.

    What it replaced goes with it, since the reason may hold for that too.
    """
    _require_reason(reason)
    published = in_force(session, actor, note, Action.RETRACT)
    for revision in (published, *queries.superseded(session, note)):
        revision.state = State.RETRACTED
    note.published = None
    note.retracted_at = now
    note.retraction_reason = reason
    note.retraction_language = language
    _decide(session, actor, published, Action.RETRACT, now, reason=reason, language=language)
    session.flush()
    keep_latest_word(session, note)
    record(session, actor, "note.retract", note, now, details={"number": published.number})
    write_to_people(session, actor, note, published, "note_retracted", now)


def _require_reason(reason: str, internal_comment: str = "") -> None:
    problems: dict[str, object] = {}
    if not reason.strip():
        problems["reason"] = _("Give the reason.")
    elif len(reason) > rules.REASON_LENGTH:
        problems["reason"] = _(
            "This is longer than %(max)d characters; please shorten it.", max=rules.REASON_LENGTH
        )
    if len(internal_comment) > rules.REASON_LENGTH:
        problems["internal_comment"] = _("Please shorten this.")
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)


def _decide(
    session: Session,
    actor: Actor,
    revision: NoteRevision,
    action: Action,
    now: datetime,
    *,
    reason: str = "",
    language: str = "",
    internal_comment: str = "",
) -> None:
    session.add(
        Decision(
            revision_id=revision.id,
            action=action,
            officer_id=actor.user_id,
            at=now,
            reason=reason,
            language=language,
            internal_comment=internal_comment,
        )
    )
