"""Write down who did what: the trail of all that was invented, in the order in which it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from policytrack.accounts.models import AccountState, SignInSession, User
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import TextState
from policytrack.constituents.models import Membership
from policytrack.constituents.rules import Group
from policytrack.core import options
from policytrack.core.audit import TrailEntry
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import OFFICE_ROLES, Role
from policytrack.core.review import State
from policytrack.demonstration import people
from policytrack.demonstration.people import Person
from policytrack.demonstration.stage import MARK, Stage
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.rules import PARTS
from policytrack.redaction.models import Redaction
from policytrack.redaction.rules import State as Redacted
from policytrack.search.saving.models import SavedSearch

Lines = Iterator[TrailEntry]
# Who or to whom, what, how many days ago, and what else there is to say.
_Deed = tuple[str, str, int, dict[str, Any]]
_ADMINISTRATOR = people.ADMINISTRATOR
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
# How long before it opens a round is announced.
_NOTICE = timedelta(days=60)
# Of drafts saved this often, one was proposed or submitted too early and taken back.
_OFTEN = 4


def add(stage: Stage, notes: list[Note]) -> None:
    """Add the trail of all that was made, the oldest line first."""
    lines: list[TrailEntry] = []
    for note in notes:
        lines += _of_note(stage, note)
    for text in stage.session.scalars(
        select(CommitmentRevision)
        .options(selectinload(CommitmentRevision.translations))
        .order_by(CommitmentRevision.id)
    ):
        lines += _of_text(text.commitment, text)
    for revision in stage.session.scalars(select(LibraryRevision).order_by(LibraryRevision.id)):
        lines += _of_document(revision.document, revision)
    parts = (
        _of_people,
        _of_accounts,
        _of_visits,
        _of_rounds,
        _of_office,
        _of_redactions,
        _of_searches,
    )
    for part in parts:
        lines += part(stage)
    lines += _taken_out(stage.session)
    past = [line for line in lines if line.at <= stage.calendar.now]
    past.sort(key=lambda line: line.at)
    stage.session.add_all(past)
    stage.session.flush()


def forget(session: Session) -> None:
    """Take the invented trail away again."""
    session.execute(delete(TrailEntry).where(TrailEntry.details[MARK].as_boolean()))


def _taken_out(session: Session) -> Lines:
    """Take out what services wrote while the set was made, to put it in its place in time."""
    session.flush()
    for line in session.scalars(select(TrailEntry).where(TrailEntry.details[MARK].as_boolean())):
        session.delete(line)
        yield TrailEntry(
            at=line.at,
            actor_id=line.actor_id,
            action=line.action,
            kind=line.kind,
            public_id=line.public_id,
            constituent_id=line.constituent_id,
            fields=line.fields,
            details=line.details,
            request_id="",
        )
    session.flush()


def _line(
    action: str,
    kind: str,
    public_id: str,
    at: datetime,
    actor_id: int | None,
    /,
    *,
    body: int | None = None,
    fields: tuple[str, ...] = (),
    **details: Any,
) -> TrailEntry:
    return TrailEntry(
        at=at,
        actor_id=actor_id,
        action=action,
        kind=kind,
        public_id=public_id,
        constituent_id=body,
        fields=list(fields),
        details={MARK: True, **details},
        request_id="",
    )


# Notes and commitments


def _of_note(stage: Stage, note: Note) -> Lines:
    for revision in stage.revisions[note.id]:
        written = tuple(part for part in PARTS if getattr(revision, part))
        yield from _of_revision("note", note, revision, written)
        if revision.nothing_changed and revision.submitted_at is not None:
            act, at, by = "note.publish_unchanged", revision.submitted_at, revision.author_id
            yield _line(act, "note", note.public_id, at, by, body=note.constituent_id)
        for each in revision.translations:
            act, at, by = "note.translate", each.created_at, each.author_id
            language = each.language
            yield _line(
                act, "note", note.public_id, at, by, body=note.constituent_id, language=language
            )


def _of_document(document: LibraryDocument, revision: LibraryRevision) -> Lines:
    if revision.author_id is None:  # brought in on the command line
        body, at = document.constituent_id, revision.created_at
        yield _line("document.import", "document", document.public_id, at, None, body=body)
        return
    yield from _of_revision("document", document, revision, ("title", "summary", "files"))


def _of_revision(
    kind: str,
    thing: Note | LibraryDocument,
    revision: NoteRevision | LibraryRevision,
    written: tuple[str, ...],
) -> Lines:
    """Yield the steps of a revision on its way through review."""
    author = revision.author_id

    def line(act: str, at: datetime, by: int | None = author, **more: Any) -> TrailEntry:
        more = more or {"number": revision.number}
        return _line(
            f"{kind}.{act}", kind, thing.public_id, at, by, body=thing.constituent_id, **more
        )

    begun, saved = revision.created_at, revision.saved_at
    yield line("start" if revision.number == 1 else "revise", begun)
    if written and saved - begun > _HOUR:
        yield line("save", saved - _MINUTE, fields=written)
    if revision.state == State.DRAFT and revision.version > _OFTEN:
        yield line("submit", begun + (saved - begun) / 3)
        yield line("withdraw", begun + (saved - begun) / 2)
    if revision.submitted_at is not None and not getattr(revision, "nothing_changed", False):
        yield line("submit", revision.submitted_at)
    if revision.state == State.DISCARDED:
        yield line("discard", saved)
    for decision in revision.decisions:
        yield line(decision.action, decision.at, decision.officer_id)


def _of_text(commitment: Commitment, text: CommitmentRevision) -> Lines:
    def line(act: str, at: datetime, by: int | None, **more: Any) -> TrailEntry:
        kind, key, lead = "commitment", commitment.public_id, commitment.lead_id
        return _line(f"{kind}.{act}", kind, key, at, by, body=lead, revision=text.number, **more)

    author, begun = text.author_id, text.created_at
    yield line("draft" if text.number == 1 else "revise", begun, author)
    if text.version > 1:
        yield line("save", begun + _DAY, author, fields=("title", "text"))
    if text.state == TextState.DRAFT and text.version >= _OFTEN:
        yield line("propose", begun + 2 * _DAY, author)
        yield line("withdraw", begun + 3 * _DAY, author)
    if text.state == TextState.DISCARDED:
        yield line("discard", begun + 9 * _DAY, author)
    if text.proposed_at is not None:
        yield line("propose", text.proposed_at, author)
    if text.decided_at is not None:
        yield line(_decided(text), text.decided_at, text.decided_by_id)
    for each in text.translations:
        yield line("translate", each.created_at, each.author_id, language=each.language)


def _decided(text: CommitmentRevision) -> str:
    if text.state == TextState.DECLINED:
        return "decline"
    return "file_letter" if text.letter_id is not None else "accept"


# People


def _of_people(stage: Stage) -> Lines:
    """Yield how everybody came, and how those left who are here no more."""
    seats = {seat.user_id: seat for seat in stage.session.scalars(select(Membership))}
    arrivals = _Arrivals(stage)
    for number, person in enumerate(people.everybody()):
        user = stage.users[person.email]
        at = user.created_at + number * _MINUTE
        seat = seats.get(user.id)
        yield from arrivals.of(person, user, seat, at)
        if seat is not None and seat.ended_at is not None:
            yield from _leaving(stage, user, seat, seat.ended_at)
    yield from arrivals.workbook()


class _Arrivals:
    """Say how people came: by command line, by invitation, from a workbook, by themselves."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.administrator = stage.users[_ADMINISTRATOR].id
        self.brought_in: list[datetime] = []

    def of(self, person: Person, user: User, seat: Membership | None, at: datetime) -> Lines:
        if person.role is Role.ADMINISTRATOR:
            yield _account("offices_given", user, at, None, offices=[person.role])
        elif person.role is Role.RESEARCHER:
            yield _account("registration_requested", user, at - _HOUR, None)
            yield _account("registered", user, at, user.id)
            return
        elif person.role in OFFICE_ROLES:
            yield _account("invited", user, at, self.administrator)
            given = [person.role]
            yield _account("offices_changed", user, at, self.administrator, given=given, taken=[])
        elif seat is not None:
            yield from self._seated(person, user, seat, at)
        if person.state is not AccountState.INVITED:
            yield _account("invitation_accepted", user, at + 2 * _DAY, user.id)

    def _seated(self, person: Person, user: User, seat: Membership, at: datetime) -> Lines:
        if seat.constituent.group == Group.WORKERS:
            by = self.administrator
            self.brought_in.append(at)
            yield _account("enrolled", user, at, by)
        else:
            by = self._inviter(person).id
        yield _seat("seat_given", user, seat, at, by)
        yield _account("invited", user, at, by)

    def _inviter(self, person: Person) -> User:
        """Return who invites: a focal point the others of an organisation, an officer the first."""
        focal_point = self.stage.focal_point(person.organisation or "")
        if person.role is Role.CONTRIBUTOR and focal_point is not None:
            return focal_point
        return self.stage.officer(0)

    def workbook(self) -> Lines:
        """Yield that the workbook came in from which people were taken, and later went out."""
        kind, by = "workbook", self.administrator
        at, people_new = max(self.brought_in), {"new": len(self.brought_in)}
        yield _line("workbook.applied", kind, self.stage.new_id(), at, by, people=people_new)
        later = self.stage.calendar.now - 90 * _DAY
        yield _line("workbook.exported", kind, later.strftime("%Y-%m-%d"), later, by)


def _leaving(stage: Stage, user: User, seat: Membership, at: datetime) -> Lines:
    by = stage.officer(0).id
    yield _seat("seat_ended", user, seat, at, by)
    if user.state == AccountState.INVITED:
        yield _account("invitation_withdrawn", user, at, by)


def _account(action: str, user: User, at: datetime, by: int | None, **more: Any) -> TrailEntry:
    return _line(action, "account", user.public_id, at, by, **more)


def _seat(action: str, user: User, seat: Membership, at: datetime, by: int) -> TrailEntry:
    body, role = seat.constituent_id, seat.role
    return _line(action, "membership", user.public_id, at, by, body=body, role=role)


def _of_accounts(stage: Stage) -> Lines:
    """Yield what a few people did with their accounts, and what was done to them."""
    now, users = stage.calendar.now, stage.users
    administrator = users[_ADMINISTRATOR].id
    of = _named(users)
    own: tuple[_Deed, ...] = (
        ("contributor.np", "account_changed", 210, {"fields": ("language",)}),
        ("focal.np", "password_reset_requested", 96, {}),
        ("focal.np", "password_reset", 96, {}),
        ("officer.two", "password_changed", 61, {}),
        ("officer.two", "browsers_signed_out", 61, {}),
        ("focal.qa", "browser_signed_out", 44, {}),
    )
    for step, (name, act, days, more) in enumerate(own):
        yield _account(act, of(name), now - days * _DAY + step * _MINUTE, of(name).id, **more)
    done: tuple[_Deed, ...] = (
        ("contributor.bd", "suspended", 200, {}),
        ("contributor.bd", "reinstated", 193, {}),
        ("suspended", "sessions_ended", 30, {"count": 2}),
        ("suspended", "suspended", 30, {}),
    )
    for step, (name, act, days, more) in enumerate(done):
        at = now - days * _DAY + step * _MINUTE
        yield _account(act, of(name), at, administrator, **more)
    for user in users.values():
        if user.closed_at is not None:
            yield _account("closed", user, user.closed_at, user.id)


def _named(users: dict[str, User]) -> Callable[[str], User]:
    return lambda name: users[f"{name}@{people.DOMAIN}"]


def _of_visits(stage: Stage) -> Lines:
    rows = stage.session.execute(
        select(SignInSession, User).join(User, SignInSession.user_id == User.id)
    )
    for visit, user in rows:
        yield _account("signed_in", user, visit.created_at, user.id)
        if visit.revoked_at is not None:
            yield _account("signed_out", user, visit.revoked_at, user.id)


# The secretariat and the administration


def _of_rounds(stage: Stage) -> Lines:
    officer = stage.officer(0).id
    for each in stage.rounds.values():
        at = each.opens_at - _NOTICE
        yield _line("round.create", "round", each.public_id, at, officer)
        changed = ("closes_on",)
        yield _line("round.edit", "round", each.public_id, at + 9 * _DAY, officer, fields=changed)


def _refused(stage: Stage) -> TrailEntry:
    """Return that somebody sent what the malware scanner knows as its makers' harmless test."""
    sender = next(user for name, user in stage.users.items() if name.startswith("contributor"))
    at = stage.calendar.now - 33 * _DAY
    test = "Demonstration.Test.Signature"
    return _line("file.refuse", "file", "d" * 12, at, sender.id, signature=test, bytes=68)


def _of_office(stage: Stage) -> Lines:
    """Yield that a setting was tried and set back, and what was done about mail that failed."""
    administrator, now = stage.users[_ADMINISTRATOR].id, stage.calendar.now
    option = options.INVITATION_DAYS
    for days, value in ((75, option.usual * 2), (68, option.usual)):
        at, name = now - days * _DAY, option.name
        yield _line("option.change", "option", name, at, administrator, fields=(name,), value=value)
    failed = stage.session.scalars(
        select(OutboxItem).where(OutboxItem.failed_at.is_not(None)).order_by(OutboxItem.id)
    ).all()
    for item in failed:
        # It was given up once more since.
        at = item.created_at + _HOUR
        yield _line("outbox.retry", "outbox", str(item.id), at, administrator, count=1)
    yield _refused(stage)
    # Of what was dropped nothing is left but its line.
    yield _line("outbox.drop", "outbox", "0", now - 52 * _DAY, administrator, kind="mail")


def _of_searches(stage: Stage) -> Lines:
    """Yield how people came by their searches, and that one was deleted again."""

    def line(act: str, key: str, at: datetime, by: int | None, **more: Any) -> TrailEntry:
        return _line(f"search.{act}", "saved_search", key, at, by, **more)

    found = stage.session.scalars(select(SavedSearch).order_by(SavedSearch.id)).all()
    for each in found:
        at, key, by = each.created_at, each.public_id, each.user_id
        yield line("save", key, at, by, alert=each.alert)
        if each.alerts:
            yield line("change", key, at + _DAY, by, fields=("name",))
        if each.shared:
            yield line("share", key, at + _HOUR, by)
        if each.feed_made_at is not None:
            yield line("feed", key, each.feed_made_at, by)
    key, by, at = stage.new_id(), found[-1].user_id, found[0].created_at - 9 * _DAY
    for number, act in enumerate(("save", "share", "feed", "unshare", "feed_end", "delete")):
        yield line(act, key, at + number * _DAY, by)


def _of_redactions(stage: Stage) -> Lines:
    """Yield what was asked for and decided, and that a backup was brought back once."""
    bodies = dict(stage.session.execute(select(Note.public_id, Note.constituent_id)).all())

    def line(act: str, each: Redaction, at: datetime, by: int | None) -> TrailEntry:
        kind, key, body = each.kind, each.thing_id, bodies.get(each.thing_id)
        own = each.public_id
        return _line(f"redaction.{act}", kind, key, at, by, body=body, redaction=own)

    for each in stage.session.scalars(select(Redaction).order_by(Redaction.id)):
        yield line("ask", each, each.asked_at, each.asked_by_id)
        if each.decided_at is not None:
            done = each.state == Redacted.DONE
            yield line("confirm" if done else "refuse", each, each.decided_at, each.decided_by_id)
            if done:
                yield line("apply", each, each.decided_at + 5 * _DAY, None)
