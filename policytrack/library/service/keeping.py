"""Keep what follows from an act: what is in force, the trail, the end of an embargo, the mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.accounts import service as accounts
from policytrack.accounts.models import User
from policytrack.core import audit, changes, outbox
from policytrack.core.files.models import StoredFile
from policytrack.core.permissions import Actor
from policytrack.core.review import Action, State
from policytrack.library import queries
from policytrack.library.models import (
    FileText,
    LibraryDecision,
    LibraryDocument,
    LibraryRevision,
)

KIND = "document"
# What has the search index look again when an embargo has ended.
FOLLOW = "follow"
# What has the worker read a file.
READ = "read"
# What has the worker read pages by machine that are pictures.
RECOGNISE = "recognise"


def record(
    session: Session,
    actor: Actor,
    action: str,
    document: LibraryDocument,
    now: datetime,
    *,
    fields: Sequence[str] = (),
    details: dict[str, object] | None = None,
) -> None:
    """Keep an act in the trail and in the change log."""
    session.flush()
    audit.record(
        session,
        actor=actor,
        action=action,
        kind=KIND,
        public_id=document.public_id,
        now=now,
        constituent_id=document.constituent_id,
        fields=fields,
        details=details,
    )
    changes.append(session, KIND, document.public_id)


def put_in_force(
    session: Session, document: LibraryDocument, revision: LibraryRevision, now: datetime
) -> None:
    """Publish a revision in the place of the one before; no tombstone remains."""
    former = document.published
    if former is not None:
        former.state = State.SUPERSEDED
        # The two must never be in force at once, not even for a statement.
        document.published = None
        session.flush()
    revision.state = State.PUBLISHED
    revision.published_at = now
    session.flush()
    document.published = revision
    document.open = None
    document.retracted_at = None
    document.retraction_reason = document.retraction_language = document.retracted_for = ""
    session.flush()
    if revision.embargo_until is not None and revision.embargo_until > now:
        outbox.enqueue(
            session,
            FOLLOW,
            {"kind": KIND, "public_id": document.public_id},
            key=f"embargo:{revision.public_id}",
            now=now,
            due=revision.embargo_until,
        )


def decide(
    session: Session,
    actor: Actor,
    revision: LibraryRevision,
    action: Action,
    now: datetime,
    *,
    reason: str = "",
    language: str = "",
    internal_comment: str = "",
) -> None:
    """Keep what an officer decided."""
    session.add(
        LibraryDecision(
            revision_id=revision.id,
            action=action,
            officer_id=actor.user_id,
            at=now,
            reason=reason,
            language=language,
            internal_comment=internal_comment,
        )
    )


def have_read(session: Session, stored: StoredFile, now: datetime) -> None:
    """Have the worker read a file's text, unless that was done already."""
    if stored.redacted_at is None and session.get(FileText, stored.id) is None:
        key = f"{READ}:{stored.sha256}"
        outbox.enqueue(session, READ, {"sha256": stored.sha256}, key=key, now=now)


def write_to_people(
    session: Session,
    actor: Actor,
    document: LibraryDocument,
    revision: LibraryRevision,
    template: str,
    now: datetime,
) -> None:
    """Queue a mail to who wrote a revision and to its organisation's focal points."""
    people = queries.people_of(session, document, revision)
    write_to(session, actor, people, document, revision, template, now)


def write_to(
    session: Session,
    actor: Actor,
    people: Sequence[User],
    document: LibraryDocument,
    revision: LibraryRevision,
    template: str,
    now: datetime,
) -> None:
    """Queue a mail to each of these people but the one who acted; it names, it does not quote."""
    body = document.constituent
    for user in people:
        if user.id == actor.user_id:
            continue
        accounts.write_to(
            session,
            user=user,
            template=template,
            values={
                "name": user.name,
                "path": f"/library/{document.public_id}",
                "title": revision.title,
                "organisation": body.labels if body else {},
            },
            # A document that was withdrawn may be submitted again: the time tells the two apart.
            key=f"{template}:{revision.stamp}:{now.timestamp():.0f}:{user.public_id}",
            now=now,
        )
