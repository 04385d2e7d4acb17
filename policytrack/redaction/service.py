"""Ask for a redaction, confirm or refuse it, and carry it out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from policytrack.accounts import queries as people
from policytrack.accounts import service as accounts
from policytrack.core import audit, changes, files, outbox
from policytrack.core.errors import InvalidInput, RuleViolation
from policytrack.core.files.models import StoredFile
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import ANONYMOUS, Actor, Role
from policytrack.core.redaction import (
    LONGEST,
    SHORTEST,
    Passage,
    Place,
    Thing,
    blacken,
    without,
)
from policytrack.redaction import policy, queries, rules, shelves
from policytrack.redaction.models import Redaction
from policytrack.redaction.rules import Action, State, Target

# What has the worker bring the last traces out of the database's files, and out of the folder.
ERASE = "erase"


def require_sense(passage: str, file_id: str) -> None:
    """Raise `InvalidInput` for a passage that cannot be looked for, or for neither and both."""
    problem = None
    if bool(passage.strip()) == bool(file_id):
        problem = _("Give the passage, or choose a file.")
    elif passage and len(Passage(passage)) < SHORTEST:
        problem = _("Give at least four letters: fewer would eat into other words.")
    elif len(passage) > LONGEST:
        problem = _("This is longer than %(max)d characters; please shorten it.", max=LONGEST)
    if problem is not None:
        raise InvalidInput(_("Something needs to be put right"), {"passage": problem})


def require_found(extent: queries.Extent) -> None:
    """Raise `InvalidInput` where there is nothing to take away."""
    if extent.empty:
        raise InvalidInput(
            _("Something needs to be put right"),
            {
                "passage": _(
                    "This stands nowhere here, in no version and in no file. Copy the words as they"
                    " are written; upper and lower case letters count."
                )
            },
        )


def ask(
    session: Session,
    *,
    actor: Actor,
    about: Thing,
    passage: str,
    file_id: str,
    reason: str,
    sentence: str,
    language: str,
    now: datetime,
) -> Redaction:
    """Ask for a redaction, which another officer confirms; nothing is taken out until then.

    Raises `InvalidInput`, also for a passage that is nowhere, `RuleViolation` for what somebody
    has asked for already.
    """
    policy.require_officer(actor)
    require_sense(passage, file_id)
    _require_words(passage, reason, sentence)
    require_found(queries.extent(session, actor, about, passage=passage, file_id=file_id, now=now))
    if queries.same_waiting(session, about, passage, file_id) is not None:
        raise RuleViolation(_("This redaction was asked for already and waits for an officer."))
    redaction = Redaction(
        state=State.WAITING,
        kind=about.kind,
        thing_id=about.public_id,
        target=Target.FILE if file_id else Target.PASSAGE,
        passage=passage,
        file_id=file_id,
        reason=reason,
        sentence=sentence,
        language=language if sentence else "",
        asked_by_id=actor.user_id,
        asked_at=now,
        demonstration=about.demonstration,
    )
    session.add(redaction)
    session.flush()
    _record(session, actor, "redaction.ask", about, redaction, now)
    _write_to_officers(session, actor, redaction, now)
    return redaction


def _require_words(passage: str, reason: str, sentence: str) -> None:
    problems: dict[str, object] = {}
    for name, text, most in (
        ("reason", reason, rules.REASON_LENGTH),
        ("sentence", sentence, rules.SENTENCE_LENGTH),
    ):
        if len(text) > most:
            problems[name] = _(
                "This is longer than %(max)d characters; please shorten it.", max=most
            )
        elif passage and Passage(passage).stands_in(text):
            problems[name] = _("Do not repeat here what is to be taken out.")
    if not reason.strip():
        problems["reason"] = _("Give the reason.")
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)


def _record(
    session: Session,
    actor: Actor,
    action: str,
    about: Thing,
    redaction: Redaction,
    now: datetime,
    **counts: int,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        kind=about.kind,
        public_id=about.public_id,
        constituent_id=about.constituent_id,
        now=now,
        details={"redaction": redaction.public_id, **counts},
    )


def _write_to_officers(session: Session, actor: Actor, redaction: Redaction, now: datetime) -> None:
    for user in people.officers(session, Role.SECRETARIAT):
        if user.id != actor.user_id:
            accounts.write_to(
                session,
                user=user,
                template="redaction_asked",
                values={"name": user.name, "path": f"/redactions/{redaction.public_id}"},
                key=f"redaction_asked:{redaction.public_id}:{user.public_id}",
                now=now,
            )


def confirm(session: Session, *, actor: Actor, redaction: Redaction, now: datetime) -> None:
    """Carry a redaction out: every place is looked for again, as things stand now.

    Raises `NotPermitted` for the one who asked, `StaleVersion` where it was decided already,
    `RuleViolation` where there is nothing left to take away.
    """
    policy.require_officer(actor)
    queries.lock(session, redaction)
    is_asker = policy.is_asker(actor, redaction)
    step = rules.step(redaction.state, Action.CONFIRM, is_asker=is_asker)
    _hold_still(session)
    about = queries.thing(session, actor, redaction.kind, redaction.thing_id, now)
    passage, file_id = redaction.passage, redaction.file_id
    extent = queries.extent(session, actor, about, passage=passage, file_id=file_id, now=now)
    if extent.empty:
        raise RuleViolation(_("There is nothing left of this to take out. Refuse the request."))
    redaction.state = step.to
    redaction.passage = ""
    redaction.decided_by_id = actor.user_id
    redaction.decided_at = now
    redaction.places = [found.place.data() for found in extent.places]
    session.flush()
    stored = queries.stored(session, [each.stored_id for each in extent.files])
    places = [found.place for found in extent.places]
    redaction.files = take_out(session, redaction, places, stored, now)
    if passage:
        wanted = Passage(passage)
        outbox.reword(session, redaction.thing_id, lambda text: without(text, wanted.spans(text)))
    counts = {"places": extent.times, "files": len(stored)}
    _record(session, actor, "redaction.confirm", about, redaction, now, **counts)


def _hold_still(session: Session) -> None:
    """Let nobody save a note or a document until the commit: no copy may slip through."""
    if session.get_bind().dialect.name == "postgresql":
        # Whoever writes locks its note or document first, and waits there.
        session.execute(sql("LOCK TABLE note, library_document IN EXCLUSIVE MODE"))


def take_out(
    session: Session,
    redaction: Redaction,
    places: Sequence[Place],
    stored: Sequence[StoredFile],
    now: datetime,
) -> list[dict[str, Any]]:
    """Blacken places, withhold files, and leave the tombstone; return the files as data."""
    kind, public_id = redaction.kind, redaction.thing_id
    at = redaction.decided_at or now
    sentence, language = redaction.sentence, redaction.language
    blacken(session, shelves.everywhere(kind), public_id, places)
    withheld = [_withhold(session, each, now) for each in stored]
    shelves.of_kind(kind).say(session, public_id, at=at, sentence=sentence, language=language)
    session.expire_all()
    changes.append(session, changes.REDACTION, redaction.public_id)
    erase_soon(session, redaction, [each["sha256"] for each in withheld], now)
    return withheld


def _withhold(session: Session, stored: StoredFile, now: datetime) -> dict[str, Any]:
    sources = {sha256 for each in shelves.FEATURES for sha256 in each.sources(session, stored.id)}
    for each in shelves.FEATURES:
        each.empty(session, stored)
    files.withhold(session, stored, sources=sources, now=now)
    return {"sha256": stored.sha256, "sources": sorted(sources - {stored.sha256})}


def erase_soon(
    session: Session, redaction: Redaction, hashes: Sequence[str], now: datetime
) -> None:
    """Have the worker bring the last traces out, after the commit."""
    payload = {"files": list(hashes)}
    outbox.enqueue(session, ERASE, payload, key=f"{ERASE}:{redaction.public_id}", now=now)


def refuse(
    session: Session, *, actor: Actor, redaction: Redaction, reason: str, now: datetime
) -> None:
    """Leave everything as it is, and forget the passage; whoever asked takes it back so.

    Raises `StaleVersion` where it was decided already.
    """
    policy.require_officer(actor)
    queries.lock(session, redaction)
    is_asker = policy.is_asker(actor, redaction)
    step = rules.step(redaction.state, Action.REFUSE, is_asker=is_asker)
    problem = None
    if not reason.strip() and not is_asker:
        problem = _("Give the reason.")
    elif len(reason) > rules.REASON_LENGTH:
        problem = _(
            "This is longer than %(max)d characters; please shorten it.", max=rules.REASON_LENGTH
        )
    elif redaction.passage and Passage(redaction.passage).stands_in(reason):
        problem = _("Do not repeat here what is to be taken out.")
    if problem is not None:
        raise InvalidInput(_("Something needs to be put right"), {"refusal": problem})
    about = queries.thing(session, actor, redaction.kind, redaction.thing_id, now)
    redaction.state = step.to
    redaction.passage = ""
    redaction.refusal = reason
    redaction.decided_by_id = actor.user_id
    redaction.decided_at = now
    session.flush()
    erase_soon(session, redaction, [], now)
    _record(session, actor, "redaction.refuse", about, redaction, now)


def apply(session: Session, *, redaction: Redaction, now: datetime) -> None:
    """Carry a redaction of the register out again, on what an older backup brought back.

    It is on the trail without a person: whoever may run the command may do this.
    """
    _hold_still(session)
    hashes = [str(each["sha256"]) for each in redaction.files]
    places = [Place.parse(each) for each in redaction.places]
    stored = queries.stored_by_hash(session, hashes)
    take_out(session, redaction, places, stored, now)
    refused = {sha256 for each in redaction.files for sha256 in (each["sha256"], *each["sources"])}
    files.refuse(session, refused, now=now)
    # What a mail of then says of it cannot be looked through: the passage is not known any more.
    outbox.forget(session, redaction.thing_id, "mail")
    audit.record(
        session,
        actor=ANONYMOUS,
        action="redaction.apply",
        kind=redaction.kind,
        public_id=redaction.thing_id,
        now=now,
        details={"redaction": redaction.public_id, "files": len(stored)},
    )
