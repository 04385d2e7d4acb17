"""Read the trail: by key, never by counting rows, and never more than the actor may see."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from policytrack.accounts.models import NetworkAddress, User
from policytrack.administration import policy
from policytrack.commitments import policy as commitments_policy
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.constituents.models import Constituent
from policytrack.core import ids
from policytrack.core.audit import TrailEntry
from policytrack.core.forms import clean_line, latin_digits
from policytrack.core.permissions import Actor
from policytrack.dialogues.models import Dialogue
from policytrack.library import policy as library_policy
from policytrack.library.models import LibraryDocument
from policytrack.programmes.models import Programme
from policytrack.progress import policy as progress_policy
from policytrack.progress import queries as progress
from policytrack.progress.models import Note
from policytrack.reference.kinds import KINDS as REFERENCE_KINDS
from policytrack.rounds.models import Round

PAGE = 50
# How many lines are held in memory at once where all are read.
_BATCH = 500
_WORDS = 100
# The largest number that the key of a line can have.
_LARGEST = 2_147_483_647
_DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "person": ids.PATTERN,
    "act": re.compile(r"[a-z_.]{1,60}"),
    "kind": re.compile(r"[a-z_]{1,40}"),
    "thing": re.compile(r"[A-Za-z0-9:._-]{1,40}"),
    "organisation": ids.PATTERN,
}


@dataclass(frozen=True, slots=True)
class TrailFilters:
    """Hold what the trail is narrowed by; field names are the parameters' names.

    `since` and `until` are days, the first and the last. `before` is the id from which the page
    goes back, 0 for the newest.
    """

    who: str = ""
    person: str = ""
    act: str = ""
    kind: str = ""
    thing: str = ""
    organisation: str = ""
    q: str = ""
    since: date | None = None
    until: date | None = None
    before: int = 0

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> TrailFilters:
        """Return the filters of an address; what makes no sense is left aside."""
        shaped = {
            name: value
            for name, shape in _SHAPES.items()
            if shape.fullmatch(value := given.get(name, ""))
        }
        before = given.get("before", "")
        return cls(
            **shaped,
            who=clean_line(given.get("who", "")[:_WORDS]),
            q=clean_line(given.get("q", "")[:_WORDS]),
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
            before=min(int(before), _LARGEST)
            if before.isascii() and before.isdecimal() and len(before) < 16
            else 0,
        )  # fmt: skip

    @property
    def given(self) -> dict[str, str]:
        """Return the filters in use as an address carries them."""
        return {
            each.name: str(value)
            for each in fields(self)
            if each.name != "before" and (value := getattr(self, each.name))
        }


def _day(typed: str) -> date | None:
    text = latin_digits(typed)
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _conditions(
    actor: Actor, filters: TrailFilters, acts: Collection[str] | None
) -> list[ColumnElement[bool]]:
    found = [policy.visible_to(actor)]
    if filters.act:
        found.append(TrailEntry.action == filters.act)
    if acts is not None:
        found.append(TrailEntry.action.in_(acts))
    if filters.kind == "redaction":
        found.append(TrailEntry.action.startswith("redaction."))
    elif filters.kind:
        kinds = (*REFERENCE_KINDS,) if filters.kind == "reference" else (filters.kind,)
        found.append(TrailEntry.kind.in_(kinds))
    if filters.thing:
        found.append(TrailEntry.public_id == filters.thing)
    if filters.organisation:
        body = select(Constituent.id).where(Constituent.public_id == filters.organisation)
        found.append(TrailEntry.constituent_id == body.scalar_subquery())
    if filters.since:
        found.append(TrailEntry.at >= _start(filters.since))
    if filters.until:
        found.append(TrailEntry.at < _start(filters.until) + timedelta(days=1))
    return found + _by_whom(filters)


def _by_whom(filters: TrailFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.person:
        one = select(User.id).where(User.public_id == filters.person)
        found.append(TrailEntry.actor_id == one.scalar_subquery())
    if filters.who:
        named = select(User.id).where(User.chosen_name.icontains(filters.who, autoescape=True))
        found.append(TrailEntry.actor_id.in_(named))
    return found


def lines(
    session: Session,
    actor: Actor,
    filters: TrailFilters,
    *,
    acts: Collection[str] | None = None,
    limit: int = PAGE,
) -> Sequence[TrailEntry]:
    """Return lines of the trail, the newest first, up to one more than `limit`.

    `acts` are the actions whose words were asked for; None for any.
    """
    wanted = select(TrailEntry).where(*_conditions(actor, filters, acts))
    if filters.before:
        wanted = wanted.where(TrailEntry.id < filters.before)
    return session.scalars(wanted.order_by(TrailEntry.id.desc()).limit(limit + 1)).all()


def each_lines(
    session: Session,
    actor: Actor,
    filters: TrailFilters,
    *,
    acts: Collection[str] | None = None,
) -> Iterator[Sequence[TrailEntry]]:
    """Yield all lines of the trail, the newest first, so many at a time.

    A line that is written meanwhile is not among them, and shifts nothing.
    """
    while found := lines(session, actor, filters, acts=acts, limit=_BATCH - 1):
        yield found
        if len(found) < _BATCH:
            return
        filters = replace(filters, before=found[-1].id)


def spoken_of(session: Session) -> frozenset[int]:
    """Return the organisations of which the trail says something."""
    # For each a look into the index: reading all lines to tell them apart takes far longer.
    line = select(TrailEntry.id).where(TrailEntry.constituent_id == Constituent.id)
    return frozenset(session.scalars(select(Constituent.id).where(line.exists())))


def lines_of(session: Session, actor: Actor, user: User, limit: int) -> Sequence[TrailEntry]:
    """Return what a person did last."""
    return session.scalars(
        select(TrailEntry)
        .where(TrailEntry.actor_id == user.id, policy.visible_to(actor))
        .order_by(TrailEntry.id.desc())
        .limit(limit)
    ).all()


@dataclass(frozen=True, slots=True)
class Things:
    """Hold what lines speak of, as far as the actor may see it, by public id (people by both)."""

    people: Mapping[str, User]
    actors: Mapping[int, User]
    notes: Mapping[str, Note]
    commitments: Mapping[str, Commitment]
    rounds: Mapping[str, Round]
    documents: Mapping[str, LibraryDocument]
    programmes: Mapping[str, Programme]
    dialogues: Mapping[str, Dialogue]
    organisations: Mapping[int, Constituent]
    addresses: Mapping[tuple[int | None, datetime], str]
    now: datetime


def things(
    session: Session,
    actor: Actor,
    entries: Sequence[TrailEntry],
    *,
    now: datetime,
    with_addresses: bool = True,
) -> Things:
    """Return what these lines speak of, in one query for each kind of thing.

    The network addresses, which expire, only where they are asked for.
    """

    def of(*kinds: str) -> set[str]:
        return {entry.public_id for entry in entries if entry.kind in kinds}

    users = _users(session, {entry.actor_id for entry in entries}, of("account", "membership"))
    bodies = _bodies(session, {entry.constituent_id for entry in entries})
    return Things(
        people={user.public_id: user for user in users},
        actors={user.id: user for user in users},
        notes={note.public_id: note for note in _notes(session, actor, of("note"))},
        commitments={
            each.public_id: each for each in _commitments(session, actor, of("commitment"))
        },
        rounds={
            each.public_id: each
            for each in session.scalars(select(Round).where(Round.public_id.in_(of("round"))))
        },
        documents={
            each.public_id: each for each in _documents(session, actor, of("document"), now)
        },
        programmes={
            each.code: each
            for each in session.scalars(
                select(Programme).where(Programme.code.in_(of("programme")))
            )
        },
        dialogues={
            each.public_id: each
            for each in session.scalars(
                select(Dialogue).where(Dialogue.public_id.in_(of("dialogue")))
            )
        },
        organisations={body.id: body for body in bodies},
        addresses=_addresses(session, entries, now)
        if with_addresses and policy.sees_addresses(actor)
        else {},
        now=now,
    )


def _users(
    session: Session, user_ids: Collection[int | None], public_ids: Collection[str]
) -> Sequence[User]:
    return session.scalars(
        select(User).where(
            or_(
                User.id.in_([each for each in user_ids if each is not None]),
                User.public_id.in_(public_ids),
            )
        )
    ).all()


def _bodies(session: Session, own_ids: Collection[int | None]) -> Sequence[Constituent]:
    return session.scalars(
        select(Constituent)
        .options(joinedload(Constituent.country))
        .where(Constituent.id.in_([each for each in own_ids if each is not None]))
    ).all()


def _notes(session: Session, actor: Actor, public_ids: Collection[str]) -> Sequence[Note]:
    return (
        session.scalars(
            select(Note)
            .options(*progress.NAMED)
            .where(Note.public_id.in_(public_ids), progress_policy.visible_to(actor))
        )
        .unique()
        .all()
    )


def _commitments(
    session: Session, actor: Actor, public_ids: Collection[str]
) -> Sequence[Commitment]:
    return (
        session.scalars(
            select(Commitment)
            .options(
                joinedload(Commitment.in_force).selectinload(CommitmentRevision.translations),
                joinedload(Commitment.open),
            )
            .where(Commitment.public_id.in_(public_ids), commitments_policy.visible_to(actor))
        )
        .unique()
        .all()
    )


def _documents(
    session: Session, actor: Actor, public_ids: Collection[str], now: datetime
) -> Sequence[LibraryDocument]:
    return session.scalars(
        select(LibraryDocument)
        .options(joinedload(LibraryDocument.published), joinedload(LibraryDocument.open))
        .where(LibraryDocument.public_id.in_(public_ids), library_policy.visible_to(actor, now))
    ).all()


def _addresses(
    session: Session, entries: Sequence[TrailEntry], now: datetime
) -> Mapping[tuple[int | None, datetime], str]:
    # An act and the address that it came from are kept apart, with the same person and moment.
    rows = session.execute(
        select(NetworkAddress.user_id, NetworkAddress.at, NetworkAddress.address).where(
            NetworkAddress.user_id.in_({entry.actor_id for entry in entries}),
            NetworkAddress.at.in_({entry.at for entry in entries}),
            NetworkAddress.expires_at > now,
        )
    )
    return {(user_id, at): address for user_id, at, address in rows}
