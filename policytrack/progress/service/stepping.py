"""Find the revision that an act is for, locked and allowed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core.errors import RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.core.review import Action
from policytrack.progress import policy, queries, rules
from policytrack.progress.models import Note, NoteRevision


def under_way(actor: Actor, note: Note, action: Action) -> NoteRevision:
    """Authorise, and return the open revision that the action is for."""
    revision = policy.open_revision(actor, note)
    if revision is None:
        # Said alike whether there is none, or one that the actor may not know of.
        policy.require_for(actor, action, note)
        raise StaleVersion(_("This note has moved on in the meantime; that step is closed."))
    policy.require(actor, action, note, revision)
    return revision


def in_force(session: Session, actor: Actor, note: Note, action: Action) -> NoteRevision:
    """Lock a note, authorise, and return the published revision that the action is for."""
    queries.lock(session, note)
    revision = note.published or under_way(actor, note, action)
    policy.require(actor, action, note, revision)
    rules.step(revision.state, action)
    return revision


def move_on(session: Session, actor: Actor, note: Note, action: Action) -> NoteRevision:
    """Lock a note, authorise, and move its open revision one step on."""
    queries.lock(session, note)
    revision = under_way(actor, note, action)
    revision.state = rules.step(revision.state, action).to
    return revision


def require_time(session: Session, note: Note, now: datetime) -> None:
    """Raise `RuleViolation` where a note can no longer be written in its round."""
    if queries.until(session, note, now) is None:
        raise RuleViolation(
            _("The round has closed, so this note can no longer be written or submitted in it.")
        )
