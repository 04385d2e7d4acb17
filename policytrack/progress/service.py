"""Move notes through their life: each verb authorises, decides, changes and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts import service as accounts
from policytrack.accounts.models import User
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import TRIPARTITE
from policytrack.core import audit, changes, files, languages
from policytrack.core.errors import InvalidInput, NotPermitted, RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission
from policytrack.core.translations import Kind
from policytrack.progress import content as contents
from policytrack.progress import policy, queries, rules
from policytrack.progress.content import Attachment, Content
from policytrack.progress.models import (
    Decision,
    LatestWord,
    Note,
    NoteRevision,
    NoteTranslation,
)
from policytrack.progress.rules import Action, State
from policytrack.progress.targets import Target


@dataclass(frozen=True, slots=True)
class TranslationCommand:
    """Hold a translation of one revision: `kind` is a `core.translations.Kind`."""

    language: str
    kind: str
    texts: Mapping[str, str]


# Writing


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
    _record(session, actor, "note.start", note, now, details={"on_behalf": not own})
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
    queries.lock(session, note)
    revision = _under_way(actor, note, Action.SAVE)
    step = rules.step(revision.state, Action.SAVE)
    if seen != revision.stamp:
        raise StaleVersion(_("Somebody saved this note after you opened it."))
    _require_time(session, note, now)
    if step.new_revision:
        former, revision = (
            revision,
            _new_revision(session, actor, note, on_behalf=revision.on_behalf, now=now),
        )
        contents.copy(former, revision)
        session.flush()
        # Its evidence has new addresses: what the form removed is named by the old ones.
        content = _renamed(content, former, revision)
    if revision.on_behalf and note.constituent_id in actor.own(Permission.NOTE_WRITE):
        # The organisation takes its own word over from those who began it on its behalf.
        revision.on_behalf = False
        revision.author_id = actor.user_id
    changed = _put(session, actor, revision, content, now)
    _record(session, actor, "note.save", note, now, fields=changed)
    return revision


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
    revision = _step(session, actor, note, Action.DISCARD)
    note.open = None
    _record(session, actor, "note.discard", note, now, details={"number": revision.number})


def revise(session: Session, *, actor: Actor, note: Note, now: datetime) -> NoteRevision:
    """Begin a new draft from the published text, which stays in force meanwhile."""
    published = _in_force(session, actor, note, Action.REVISE)
    if note.open is not None:
        raise StaleVersion(_("A new version of this note is under way already."))
    _require_time(session, note, now)
    own = note.constituent_id in actor.own(Permission.NOTE_WRITE)
    revision = _new_revision(session, actor, note, on_behalf=not own, now=now)
    contents.copy(published, revision)
    if revision.nothing_changed:
        # The new text says what has changed; the claim that was repeated is no claim of it.
        revision.nothing_changed = False
    revision.version = 1
    session.flush()
    _record(session, actor, "note.revise", note, now, details={"number": revision.number})
    return revision


# Submitting


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
    revision = _under_way(actor, note, Action.SUBMIT)
    rules.step(revision.state, Action.SUBMIT)
    if seen and seen != revision.stamp:
        raise StaleVersion(_("Somebody saved this note after you opened it."))
    _require_time(session, note, now)
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
        _put_in_force(session, note, revision, now)
        _record(session, actor, "note.publish_unchanged", note, now)
        _write_to_people(session, actor, note, revision, "note_published", now)
        return to
    revision.state = to
    _record(session, actor, "note.submit", note, now, details={"number": revision.number})
    _write(session, actor, queries.officers(session), note, revision, "note_submitted", now)
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
    revision = _step(session, actor, note, Action.WITHDRAW)
    revision.submitted_at = None
    revision.people_protected = False
    _record(session, actor, "note.withdraw", note, now, details={"number": revision.number})


# Deciding


def take_up(session: Session, *, actor: Actor, note: Note, now: datetime) -> None:
    """Become the one officer who decides on a submitted text.

    Raises `StaleVersion` where another officer was faster or it was withdrawn.
    """
    revision = _step(session, actor, note, Action.TAKE_UP)
    revision.reviewer_id = actor.user_id
    _decide(session, actor, revision, Action.TAKE_UP, now)
    _record(session, actor, "note.take_up", note, now, details={"number": revision.number})


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
    revision = _step(session, actor, note, Action.RETURN)
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
    _record(session, actor, "note.return", note, now, details={"number": revision.number})
    _write_to_people(session, actor, note, revision, "note_returned", now)


def publish(
    session: Session, *, actor: Actor, note: Note, now: datetime, internal_comment: str = ""
) -> None:
    """Put a text in force; it replaces the one that was."""
    queries.lock(session, note)
    revision = _under_way(actor, note, Action.PUBLISH)
    rules.step(revision.state, Action.PUBLISH)
    if len(internal_comment) > rules.REASON_LENGTH:
        raise InvalidInput(fields={"internal_comment": _("Please shorten this.")})
    revision.decided_at = now
    _decide(session, actor, revision, Action.PUBLISH, now, internal_comment=internal_comment)
    _put_in_force(session, note, revision, now)
    _record(session, actor, "note.publish", note, now, details={"number": revision.number})
    _write_to_people(session, actor, note, revision, "note_published", now)


def retract(
    session: Session, *, actor: Actor, note: Note, reason: str, language: str, now: datetime
) -> None:
    """Take a published note out of the public's sight; a tombstone says when and why.

    What it replaced goes with it, since the reason may hold for that too.
    """
    _require_reason(reason)
    published = _in_force(session, actor, note, Action.RETRACT)
    for revision in (published, *queries.superseded(session, note)):
        revision.state = State.RETRACTED
    note.published = None
    note.retracted_at = now
    note.retraction_reason = reason
    note.retraction_language = language
    _decide(session, actor, published, Action.RETRACT, now, reason=reason, language=language)
    session.flush()
    _keep_latest_word(session, note)
    _record(session, actor, "note.retract", note, now, details={"number": published.number})
    _write_to_people(session, actor, note, published, "note_retracted", now)


# Translating


def translate(
    session: Session, *, actor: Actor, note: Note, command: TranslationCommand, now: datetime
) -> NoteTranslation:
    """Add or replace a translation of the published text; the original prevails.

    Official ones come from the organisation's focal point or the secretariat; its contributors
    may add others.
    """
    queries.lock(session, note)
    revision = note.published
    if revision is None:
        raise StaleVersion(_("This note has moved on in the meantime; that step is closed."))
    if not policy.may_translate(actor, note, officially=command.kind == Kind.OFFICIAL):
        raise NotPermitted()
    _check_translation(revision, command)
    known = {each.language: each for each in revision.translations}
    translation = known.get(command.language)
    if translation is None:
        translation = NoteTranslation(language=command.language)
        revision.translations.append(translation)
    for part in rules.PARTS:
        setattr(translation, part, command.texts.get(part, ""))
    translation.kind = command.kind
    translation.author_id = actor.user_id
    translation.created_at = now
    session.flush()
    _record(session, actor, "note.translate", note, now, details={"language": command.language})
    return translation


def _check_translation(revision: NoteRevision, command: TranslationCommand) -> None:
    problems: dict[str, object] = {}
    if command.language not in languages.CONTENT or command.language == revision.language:
        problems["language"] = _("Choose a language other than that of the text.")
    if command.kind not in list(Kind):
        problems["kind"] = _("Choose the kind of translation.")
    for part in rules.PARTS:
        text = command.texts.get(part, "")
        if len(text) > rules.PART_LENGTH:
            problems[part] = _(
                "This is longer than %(max)d characters; please shorten it.", max=rules.PART_LENGTH
            )
        elif bool(text.strip()) != bool(revision.texts[part].strip()):
            problems[part] = _("Translate each part that the text has, and no other.")
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)


# Within


def _under_way(actor: Actor, note: Note, action: Action) -> NoteRevision:
    """Authorise, and return the open revision that the action is for."""
    revision = policy.open_revision(actor, note)
    if revision is None:
        # Said alike whether there is none, or one that the actor may not know of.
        policy.require_for(actor, action, note)
        raise StaleVersion(_("This note has moved on in the meantime; that step is closed."))
    policy.require(actor, action, note, revision)
    return revision


def _in_force(session: Session, actor: Actor, note: Note, action: Action) -> NoteRevision:
    """Lock a note, authorise, and return the published revision that the action is for."""
    queries.lock(session, note)
    revision = note.published or _under_way(actor, note, action)
    policy.require(actor, action, note, revision)
    rules.step(revision.state, action)
    return revision


def _step(session: Session, actor: Actor, note: Note, action: Action) -> NoteRevision:
    """Lock a note, authorise, and move its open revision one step on."""
    queries.lock(session, note)
    revision = _under_way(actor, note, action)
    revision.state = rules.step(revision.state, action).to
    return revision


def _require_time(session: Session, note: Note, now: datetime) -> None:
    if queries.until(session, note, now) is None:
        raise RuleViolation(
            _("The round has closed, so this note can no longer be written or submitted in it.")
        )


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


def _put_in_force(session: Session, note: Note, revision: NoteRevision, now: datetime) -> None:
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
    _keep_latest_word(session, note)


def _keep_latest_word(session: Session, note: Note) -> None:
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


def _record(
    session: Session,
    actor: Actor,
    action: str,
    note: Note,
    now: datetime,
    *,
    fields: Sequence[str] = (),
    details: dict[str, object] | None = None,
) -> None:
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


def _write_to_people(
    session: Session,
    actor: Actor,
    note: Note,
    revision: NoteRevision,
    template: str,
    now: datetime,
) -> None:
    _write(session, actor, queries.people_of(session, revision), note, revision, template, now)


def _write(
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
