"""Say which notes and revisions an actor may see, and what they may do to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlalchemy.orm import aliased

from policytrack.core import review
from policytrack.core.errors import NotFound, NotPermitted
from policytrack.core.permissions import Actor, Permission, Reach
from policytrack.core.review import PUBLIC_STATES, Action, State
from policytrack.progress import rules
from policytrack.progress.models import Note, NoteRevision


def is_office(actor: Actor) -> bool:
    """Tell whether the actor reads what organisations have submitted."""
    return Reach.SUBMITTED in actor.reaches(Permission.DRAFT_READ)


def writes_on_behalf(actor: Actor) -> bool:
    """Tell whether the actor may write for organisations that are not their own."""
    return rules.WORKFLOW.writes_on_behalf(actor)


def is_own(actor: Actor, note: Note) -> bool:
    """Tell whether the note is of an organisation whose drafts the actor reads."""
    return note.constituent_id in actor.own(Permission.DRAFT_READ)


def is_insider(actor: Actor, note: Note) -> bool:
    """Tell whether the actor reads full counts and names: own people, and the office."""
    return is_own(actor, note) or is_office(actor)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which a note exists for an actor.

    Published notes and tombstones are everybody's. A note under way is its organisation's own; the
    office sees it once a revision was submitted, and those who write on behalf see what was.
    """
    # Under another name: the lists that use this join revisions themselves.
    text = aliased(NoteRevision)
    revised = exists().where(text.note_id == Note.id)
    ways: list[ColumnElement[bool]] = [false()]
    if own := actor.own(Permission.DRAFT_READ):
        ways.append(Note.constituent_id.in_(sorted(own)))
    if is_office(actor):
        ways.append(revised.where(text.submitted_at.is_not(None)))
    if writes_on_behalf(actor):
        ways.append(revised.where(text.id == Note.open_id, text.on_behalf))
    return or_(
        Note.published_id.is_not(None),
        Note.retracted_at.is_not(None),
        and_(Note.open_id.is_not(None), or_(*ways)),
    )


def revision_is_public(note: Note, revision: NoteRevision) -> bool:
    """Tell whether everybody may read a revision: the published one and those it replaced."""
    return note.published_id is not None and State(revision.state) in PUBLIC_STATES


def revision_visible(actor: Actor, note: Note, revision: NoteRevision) -> bool:
    """Tell whether an actor may read one revision of a note that they may see."""
    if revision_is_public(note, revision):
        return True
    if revision.state == State.DISCARDED:
        return False
    if is_own(actor, note):
        return True
    if revision.submitted_at is not None and is_office(actor):
        return True
    return revision.on_behalf and writes_on_behalf(actor)


def visible_revisions(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of `revision_visible` on revisions joined with their notes."""
    revision, own = NoteRevision, sorted(actor.own(Permission.DRAFT_READ))
    return or_(
        and_(Note.published_id.is_not(None), revision.state.in_(sorted(PUBLIC_STATES))),
        and_(
            revision.state != State.DISCARDED,
            or_(
                Note.constituent_id.in_(own) if own else false(),
                revision.submitted_at.is_not(None) if is_office(actor) else false(),
                revision.on_behalf if writes_on_behalf(actor) else false(),
            ),
        ),
    )


def open_revision(actor: Actor, note: Note) -> NoteRevision | None:
    """Return the revision under way, where there is one that the actor may read."""
    revision = note.open
    return revision if revision and revision_visible(actor, note, revision) else None


def require_for(actor: Actor, action: Action, note: Note) -> None:
    """Raise `NotPermitted` unless the actor ever does this to notes of this organisation."""
    rules.WORKFLOW.require_for(actor, action, note.constituent_id)


def wrote(actor: Actor, note: Note, revision: NoteRevision) -> bool:
    """Tell whether the actor counts as the author: who wrote it, and everybody it speaks for."""
    return review.wrote(actor, note.constituent_id, revision)


def may(actor: Actor, action: Action, note: Note, revision: NoteRevision) -> bool:
    """Tell whether the actor is one who may do this to the revision, whatever its state."""
    return rules.WORKFLOW.may(actor, action, note.constituent_id, revision)


def require(actor: Actor, action: Action, note: Note, revision: NoteRevision) -> None:
    """Raise `NotPermitted` unless the actor is one who may do this to the revision."""
    if not may(actor, action, note, revision):
        raise NotPermitted()


def can(
    actor: Actor, action: Action, note: Note, revision: NoteRevision, *, until: datetime | None
) -> bool:
    """Tell whether a page should offer the action now.

    `until` is the moment up to which the note can be written and submitted, None when it is past.
    """
    if (State(revision.state), action) not in rules.STEPS:
        return False
    if action in {Action.SAVE, Action.SUBMIT, Action.REVISE} and until is None:
        return False
    if action is Action.REVISE and note.open_id is not None:
        return False
    return may(actor, action, note, revision)


def require_insider(actor: Actor, note: Note) -> None:
    """Raise `NotPermitted` unless the actor is of the organisation, or of the office."""
    if not is_insider(actor, note):
        raise NotPermitted()


def may_translate(actor: Actor, note: Note, *, officially: bool = False) -> bool:
    """Tell whether the actor may add translations of a note; official ones are the focal point's.

    The secretariat adds both.
    """
    needed = Permission.NOTE_SUBMIT if officially else Permission.NOTE_WRITE
    return actor.may(Permission.NOTE_REVIEW) or note.constituent_id in actor.own(needed)


def require_translatable(actor: Actor, note: Note) -> NoteRevision:
    """Return the published text that the actor may translate, or raise."""
    if not may_translate(actor, note):
        raise NotPermitted()
    if note.published is None:
        raise NotFound()
    return note.published
