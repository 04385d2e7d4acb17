"""Write notes: begin, save, discard, revise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import TRIPARTITE
from policytrack.core import files
from policytrack.core.errors import InvalidInput, NotPermitted, RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission
from policytrack.core.review import Action, State
from policytrack.progress import content as contents
from policytrack.progress import policy, queries, rules
from policytrack.progress.content import Attachment, Content
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.service.keeping import record
from policytrack.progress.service.stepping import in_force, move_on, require_time, under_way
from policytrack.progress.targets import Target


def start(
    session: Session, *, actor: Actor, target: Target, content: Content, now: datetime
) -> Note:
    """Begin a note with its first draft; there is one note for each target.

    Raises `NotPermitted` for an organisation that the actor does not write for, `StaleVersion`
    where a draft has been begun meanwhile, `RuleViolation` where the round is not open or the note
    is past its first draft.
    """
    own = target.constituent.id in actor.own(Permission.NOTE_WRITE)
    if not (own or policy.writes_on_behalf(actor)) or target.constituent.group not in TRIPARTITE:
        raise NotPermitted()
    if not target.round.opens_at <= now < target.round.closes_at:
        raise RuleViolation(_("This round is not open, so no note can be begun in it."))
    note = _place(session, actor, target, now)
    session.flush()
    revision = _new_revision(session, actor, note, on_behalf=not own, now=now)
    _put(session, actor, revision, content, now)
    record(session, actor, "note.start", note, now, details={"on_behalf": not own})
    return note


def _place(session: Session, actor: Actor, target: Target, now: datetime) -> Note:
    # Two tabs may begin the same note at the same moment: the organisation's row is the turnstile.
    session.execute(
        select(Constituent.id)
        .where(Constituent.id == target.constituent.id)
        .with_for_update(key_share=True)
    )
    note = queries.of_key(session, target.key)
    if note is None:
        note = Note(
            key=target.key,
            round_id=target.round.id,
            constituent_id=target.constituent.id,
            commitment_id=target.subject.commitment.id if target.subject.commitment else None,
            country_iso2=target.country_iso2,
            corridor_id=target.subject.corridor.id if target.subject.corridor else None,
            theme_code=target.subject.theme.code if target.subject.theme else None,
            created_at=now,
            demonstration=target.constituent.demonstration,
        )
        session.add(note)
        return note
    queries.lock(session, note)
    if note.open is not None and policy.revision_visible(actor, note, note.open):
        raise StaleVersion(_("A draft of this note has been begun in the meantime."))
    if note.open is not None or note.published is not None:
        # Said alike to an officer who may not see the organisation's own draft.
        raise RuleViolation(_("This organisation has a note on this in the open round already."))
    return note


def save(
    session: Session, *, actor: Actor, note: Note, content: Content, seen: str, now: datetime
) -> NoteRevision:
    """Save a draft, or take a returned text further in a new one, and return that revision.

    `seen` is the stamp of the revision that the form was made from. Raises `StaleVersion` where
    another one is under way by now, `InvalidInput` for what no draft may hold.
    """
    former, revision = take_further(session, actor, note, now, seen=seen)
    if former is not revision:
        # Its evidence has new addresses: what the form removed is named by the old ones.
        content = _renamed(content, former, revision)
    changed = _put(session, actor, revision, content, now)
    record(session, actor, "note.save", note, now, fields=changed)
    return revision


def take_further(
    session: Session, actor: Actor, note: Note, now: datetime, *, seen: str | None = None
) -> tuple[NoteRevision, NoteRevision]:
    """Lock a note, authorise, and return what was under way and the draft to write in.

    They are one, unless a returned text is taken further in a draft of its own. Raises
    `StaleVersion` where `seen` is given and is not the stamp of what is under way.
    """
    queries.lock(session, note)
    former = revision = under_way(actor, note, Action.SAVE)
    step = rules.step(revision.state, Action.SAVE)
    if seen is not None and seen != revision.stamp:
        raise StaleVersion(_("Somebody saved this note after you opened it."))
    require_time(session, note, now)
    if step.new_revision:
        revision = _new_revision(session, actor, note, on_behalf=former.on_behalf, now=now)
        contents.copy(former, revision)
        session.flush()
    if revision.on_behalf and note.constituent_id in actor.own(Permission.NOTE_WRITE):
        # The organisation takes its own word over from those who began it on its behalf.
        revision.on_behalf = False
        revision.author_id = actor.user_id
    return former, revision


def _new_revision(
    session: Session, actor: Actor, note: Note, *, on_behalf: bool, now: datetime
) -> NoteRevision:
    revision = NoteRevision(
        note_id=note.id,
        number=queries.last_number(session, note) + 1,
        state=State.DRAFT,
        version=0,
        language=actor.language or "en",
        on_behalf=on_behalf,
        author_id=actor.user_id,
        created_at=now,
        saved_at=now,
    )
    session.add(revision)
    session.flush()
    note.open = revision
    session.flush()
    return revision


def _renamed(content: Content, former: NoteRevision, revision: NoteRevision) -> Content:
    names = {
        old.public_id: new.public_id
        for old, new in zip(former.evidence, revision.evidence, strict=True)
    }
    return Content(
        language=content.language,
        texts=content.texts,
        claimed_status=content.claimed_status,
        reversed=content.reversed,
        nothing_changed=content.nothing_changed,
        readings=content.readings,
        links=content.links,
        staged=content.staged,
        removed=frozenset(names.get(each, each) for each in content.removed),
    )


def _put(
    session: Session, actor: Actor, revision: NoteRevision, content: Content, now: datetime
) -> list[str]:
    indicators = contents.indicators_of(revision.note.commitment)
    contents.check(content, indicators, now)
    changed = contents.put(
        session, revision, content, indicators, _claimed(session, actor, content.staged)
    )
    revision.version += 1
    revision.saved_at = now
    return changed


def _claimed(session: Session, actor: Actor, staged: Sequence[str]) -> list[Attachment]:
    assert actor.user_id is not None  # noqa: S101 - policy let only signed-in people come here
    taken = [
        files.claim(session, user_id=actor.user_id, public_id=each)
        for each in dict.fromkeys(staged)
    ]
    if None in taken:
        raise InvalidInput(
            _("Something needs to be put right"),
            {"files": _("A file that was waiting is no longer there; please choose it again.")},
        )
    return [Attachment(each.file, each.file_name) for each in taken if each is not None]


def discard(session: Session, *, actor: Actor, note: Note, now: datetime) -> None:
    """Throw a draft away: it leaves every list and stays in the trail."""
    revision = move_on(session, actor, note, Action.DISCARD)
    note.open = None
    record(session, actor, "note.discard", note, now, details={"number": revision.number})


def revise(session: Session, *, actor: Actor, note: Note, now: datetime) -> NoteRevision:
    """Begin a new draft from the published text, which stays in force meanwhile."""
    published = in_force(session, actor, note, Action.REVISE)
    if note.open is not None:
        raise StaleVersion(_("A new version of this note is under way already."))
    require_time(session, note, now)
    own = note.constituent_id in actor.own(Permission.NOTE_WRITE)
    revision = _new_revision(session, actor, note, on_behalf=not own, now=now)
    contents.copy(published, revision)
    if revision.nothing_changed:
        # The new text says what has changed; the claim that was repeated is no claim of it.
        revision.nothing_changed = False
    revision.version = 1
    session.flush()
    record(session, actor, "note.revise", note, now, details={"number": revision.number})
    return revision
