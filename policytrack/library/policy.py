"""Say which documents and revisions an actor may see, and what they may do to them.

A published document is read by whom its visibility names, from the end of its embargo; before
that, and whatever is under way, by its own organisation and the office.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import aliased

from policytrack.core.errors import NotPermitted
from policytrack.core.permissions import Actor, Permission, Reach
from policytrack.core.review import PUBLIC_STATES, Action, State
from policytrack.library import rules
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.rules import Visibility


def is_office(actor: Actor) -> bool:
    """Tell whether the actor reads what organisations have submitted."""
    return Reach.SUBMITTED in actor.reaches(Permission.DRAFT_READ)


def writes_on_behalf(actor: Actor) -> bool:
    """Tell whether the actor may write for organisations that are not their own."""
    return rules.WORKFLOW.writes_on_behalf(actor)


def is_own(actor: Actor, document: LibraryDocument) -> bool:
    """Tell whether the document is of an organisation whose drafts the actor reads."""
    return document.constituent_id in actor.own(Permission.DRAFT_READ)


def is_insider(actor: Actor, document: LibraryDocument) -> bool:
    """Tell whether the actor reads it before its embargo ends: own people, and the office."""
    return is_own(actor, document) or is_office(actor)


def visibilities(actor: Actor) -> tuple[str, ...]:
    """Return for whom a document may be meant so that the actor reads it."""
    if actor.may(Permission.RESTRICTED_READ):
        return (Visibility.PUBLIC, Visibility.CONSTITUENTS)
    return (Visibility.PUBLIC,)


def open_to(actor: Actor, revision: type[LibraryRevision], now: datetime) -> ColumnElement[bool]:
    """Return the condition under which a published revision is open to an actor."""
    return and_(
        or_(revision.embargo_until.is_(None), revision.embargo_until <= now),
        revision.visibility.in_(visibilities(actor)),
    )


def readable_by(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Return the condition under which an actor reads what is published of a document."""
    # Under another name: the lists that use this join revisions themselves.
    text = aliased(LibraryRevision)
    published = exists().where(text.id == LibraryDocument.published_id)
    if is_office(actor):
        return LibraryDocument.published_id.is_not(None)
    return or_(
        published.where(open_to(actor, text, now)),
        and_(LibraryDocument.published_id.is_not(None), _own(actor)),
    )


def _own(actor: Actor) -> ColumnElement[bool]:
    own = sorted(actor.own(Permission.DRAFT_READ))
    return LibraryDocument.constituent_id.in_(own) if own else false()


def visible_to(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Return the condition under which a document exists for an actor.

    Beside what they read: the page that says why a document was withdrawn, for those who could
    read it; what is under way, for its own people, and for the office once it was submitted.
    """
    text = aliased(LibraryRevision)
    revised = exists().where(text.document_id == LibraryDocument.id)
    ways: list[ColumnElement[bool]] = [_own(actor)]
    if is_office(actor):
        ways.append(revised.where(text.submitted_at.is_not(None)))
    if writes_on_behalf(actor):
        ways.append(revised.where(text.id == LibraryDocument.open_id, text.on_behalf))
    withdrawn = LibraryDocument.retracted_at.is_not(None)
    insider = true() if is_office(actor) else _own(actor)
    return or_(
        readable_by(actor, now),
        and_(withdrawn, or_(LibraryDocument.retracted_for.in_(visibilities(actor)), insider)),
        and_(LibraryDocument.open_id.is_not(None), or_(*ways)),
    )


def is_open(actor: Actor, revision: LibraryRevision, now: datetime) -> bool:
    """Tell whether a published revision's embargo has ended and it is meant for the actor."""
    embargoed = revision.embargo_until is not None and revision.embargo_until > now
    return not embargoed and revision.visibility in visibilities(actor)


def revision_visible(
    actor: Actor, document: LibraryDocument, revision: LibraryRevision, now: datetime
) -> bool:
    """Tell whether an actor may read one revision of a document that they may see."""
    if revision.state == State.DISCARDED:
        return False
    if is_own(actor, document):
        return True
    if revision.submitted_at is not None and is_office(actor):
        return True
    if document.published is not None and State(revision.state) in PUBLIC_STATES:
        # What was replaced is as open as what replaced it.
        return is_open(actor, revision, now) and is_open(actor, document.published, now)
    return revision.on_behalf and writes_on_behalf(actor)


def visible_revisions(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Return the condition of `revision_visible` on revisions joined with their documents."""
    revision, text = LibraryRevision, aliased(LibraryRevision)
    submitted = revision.submitted_at.is_not(None)
    is_public = and_(
        LibraryDocument.published_id.is_not(None), revision.state.in_(sorted(PUBLIC_STATES))
    )
    published = exists().where(text.id == LibraryDocument.published_id, open_to(actor, text, now))
    return and_(
        revision.state != State.DISCARDED,
        or_(
            _own(actor),
            submitted if is_office(actor) else false(),
            and_(is_public, open_to(actor, revision, now), published),
            and_(~is_public, revision.on_behalf) if writes_on_behalf(actor) else false(),
        ),
    )


def quotation_visible(
    actor: Actor, document: LibraryDocument, revision: LibraryRevision, now: datetime
) -> bool:
    """Tell whether an actor may read what others have quoted from a revision.

    Who may read it may read what is quoted from it. A quotation outlives the withdrawal of its
    document, for those who could read that, so that what rests on it can still be judged.
    """
    if revision_visible(actor, document, revision, now):
        return True
    was_public = State(revision.state) in {*PUBLIC_STATES, State.RETRACTED}
    if not was_public or not is_open(actor, revision, now):
        return False
    if document.published is not None:
        return is_open(actor, document.published, now)
    return document.retracted_for in visibilities(actor)


def may_have_files(actor: Actor, document: LibraryDocument, revision: LibraryRevision) -> bool:
    """Tell whether an actor who may read a revision may have its files, and their text.

    Where no copies may be handed out, everybody else gets the link to the source.
    """
    return revision.rights == rules.Rights.COPY or is_insider(actor, document)


def published_revision(
    actor: Actor, document: LibraryDocument, now: datetime
) -> LibraryRevision | None:
    """Return the revision in force, where the actor may read it."""
    found = document.published
    return found if found and revision_visible(actor, document, found, now) else None


def open_revision(actor: Actor, document: LibraryDocument, now: datetime) -> LibraryRevision | None:
    """Return the revision under way, where there is one that the actor may read."""
    found = document.open
    return found if found and revision_visible(actor, document, found, now) else None


def require_for(actor: Actor, action: Action, document: LibraryDocument) -> None:
    """Raise `NotPermitted` unless the actor ever does this to documents of this organisation."""
    rules.WORKFLOW.require_for(actor, action, document.constituent_id)


def may(actor: Actor, action: Action, document: LibraryDocument, revision: LibraryRevision) -> bool:
    """Tell whether the actor is one who may do this to the revision, whatever its state."""
    return rules.WORKFLOW.may(actor, action, document.constituent_id, revision)


def require(
    actor: Actor, action: Action, document: LibraryDocument, revision: LibraryRevision
) -> None:
    """Raise `NotPermitted` unless the actor is one who may do this to the revision."""
    if not may(actor, action, document, revision):
        raise NotPermitted()


def can(actor: Actor, action: Action, document: LibraryDocument, revision: LibraryRevision) -> bool:
    """Tell whether a page should offer the action now."""
    if (State(revision.state), action) not in rules.WORKFLOW.steps:
        return False
    if action is Action.REVISE and document.open_id is not None:
        return False
    return may(actor, action, document, revision)


def may_write(actor: Actor) -> bool:
    """Tell whether the actor writes documents at all."""
    return actor.may(Permission.LIBRARY_WRITE)
