"""Keep what follows from an act: what is in force, the trail, the mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.accounts import service as accounts
from policytrack.accounts.models import User
from policytrack.core import audit, changes
from policytrack.core.permissions import Actor
from policytrack.core.review import State
from policytrack.progress import queries
from policytrack.progress.models import LatestWord, Note, NoteRevision


def put_in_force(session: Session, note: Note, revision: NoteRevision, now: datetime) -> None:
    """Publish a revision in the place of the one before; no tombstone remains."""
    former = note.published
    if former is not None:
        former.state = State.SUPERSEDED
        # The two must never be in force at once, not even for a statement.
        note.published = None
        session.flush()
    revision.state = State.PUBLISHED
    revision.published_at = now
    session.flush()
    note.published = revision
    note.open = None
    note.retracted_at = None
    note.retraction_reason = ""
    note.retraction_language = ""
    session.flush()
    keep_latest_word(session, note)


def keep_latest_word(session: Session, note: Note) -> None:
    """Note what an organisation last said of a commitment, or that it says nothing."""
    if note.commitment_id is None:
        return
    key = (note.commitment_id, note.constituent_id)
    latest = queries.latest_published(session, *key)
    word = session.get(LatestWord, key)
    if latest is None:
        if word is not None:
            session.delete(word)
        return
    if word is None:
        word = LatestWord(commitment_id=key[0], constituent_id=key[1])
        session.add(word)
    word.revision_id = latest.id
    word.status = latest.claimed_status
    word.heard_at = latest.published_at or latest.saved_at


def record(
    session: Session,
    actor: Actor,
    action: str,
    note: Note,
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
        kind="note",
        public_id=note.public_id,
        now=now,
        constituent_id=note.constituent_id,
        fields=fields,
        details=details,
    )
    changes.append(session, "note", note.public_id)


def write_to_people(
    session: Session,
    actor: Actor,
    note: Note,
    revision: NoteRevision,
    template: str,
    now: datetime,
) -> None:
    """Queue a mail to who wrote a revision and to its organisation's focal points."""
    write_to(session, actor, queries.people_of(session, revision), note, revision, template, now)


def write_to(
    session: Session,
    actor: Actor,
    people: Sequence[User],
    note: Note,
    revision: NoteRevision,
    template: str,
    now: datetime,
) -> None:
    """Queue a mail to each of these people but the one who acted; it names, it does not quote."""
    for user in people:
        if user.id == actor.user_id:
            continue
        accounts.write_to(
            session,
            user=user,
            template=template,
            values={
                "name": user.name,
                "note_id": note.public_id,
                "path": f"/notes/{note.public_id}",
                "code": note.commitment.address if note.commitment else "",
                "round": note.round.name,
                "organisation": note.constituent.labels,
            },
            # A text that was withdrawn may be submitted again: the version tells the times apart.
            key=f"{template}:{revision.stamp}:{now.timestamp():.0f}:{user.public_id}",
            now=now,
        )
