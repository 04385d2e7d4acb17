"""Hand drafts in, and take them back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.accounts import queries as accounts
from policytrack.core.errors import InvalidInput, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Role
from policytrack.core.review import Action, State
from policytrack.progress import queries, rules
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.service.keeping import put_in_force, record, write_to, write_to_people
from policytrack.progress.service.stepping import move_on, require_time, under_way


def submit(
    session: Session,
    *,
    actor: Actor,
    note: Note,
    people_protected: bool,
    now: datetime,
    seen: str = "",
) -> State:
    """Hand a draft in and return its state: submitted, or published when nothing has changed.

    `seen` is the stamp of what the focal point read, where it was read before. Raises
    `InvalidInput` with what is still missing, by field, `StaleVersion` where the draft is newer.
    """
    queries.lock(session, note)
    revision = under_way(actor, note, Action.SUBMIT)
    rules.step(revision.state, Action.SUBMIT)
    if seen and seen != revision.stamp:
        raise StaleVersion(_("Somebody saved this note after you opened it."))
    require_time(session, note, now)
    former = queries.precedent(session, note) if note.published_id is None else None
    problems = lacking(revision, former, people_protected=people_protected)
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)
    revision.people_protected = True
    revision.submitted_at = now
    if revision.nothing_changed and former is not None:
        revision.claimed_status = former.claimed_status
        revision.reversed = former.reversed
    to = rules.state_after_submission(
        nothing_changed=revision.nothing_changed, on_behalf=revision.on_behalf
    )
    if to is State.PUBLISHED:
        put_in_force(session, note, revision, now)
        record(session, actor, "note.publish_unchanged", note, now)
        write_to_people(session, actor, note, revision, "note_published", now)
        return to
    revision.state = to
    record(session, actor, "note.submit", note, now, details={"number": revision.number})
    write_to(
        session,
        actor,
        accounts.officers(session, Role.SECRETARIAT),
        note,
        revision,
        "note_submitted",
        now,
    )
    return to


def lacking(
    revision: NoteRevision, former: NoteRevision | None, *, people_protected: bool
) -> dict[str, object]:
    """Return what a revision lacks to be submitted, by field; `former` is what it could repeat."""
    return rules.missing(
        rules.Submission(
            texts=revision.texts,
            claimed_status=revision.claimed_status,
            nothing_changed=revision.nothing_changed,
            carries=bool(revision.readings or revision.evidence),
            has_precedent=former is not None,
            people_protected=people_protected,
        )
    )


def withdraw(session: Session, *, actor: Actor, note: Note, now: datetime) -> None:
    """Take a submitted text back before anybody has taken it up."""
    revision = move_on(session, actor, note, Action.WITHDRAW)
    revision.submitted_at = None
    revision.people_protected = False
    record(session, actor, "note.withdraw", note, now, details={"number": revision.number})
