"""Read redactions, and where a passage or a file stands that one is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from policytrack.core import ids, paging
from policytrack.core.errors import NotFound
from policytrack.core.files.models import StoredFile
from policytrack.core.permissions import Actor
from policytrack.core.redaction import Found, HeldFile, Holding, Passage, Thing, Version, find
from policytrack.library import policy as library_policy
from policytrack.library import queries as library
from policytrack.library import redacting as library_redacting
from policytrack.library.models import LibraryDocument
from policytrack.progress import policy as progress_policy
from policytrack.progress import queries as progress
from policytrack.progress.models import Note
from policytrack.redaction import policy, shelves
from policytrack.redaction.models import Redaction
from policytrack.redaction.rules import State, Target


@dataclass(frozen=True, slots=True)
class Going:
    """Hold a file that goes as a whole: what it is called, and how many rows name or quote it."""

    stored_id: int
    names: tuple[str, ...]
    rows: int
    pages: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """Hold all that a redaction takes away; `unread` are files that nobody could look through."""

    places: Sequence[Found]
    files: Sequence[Going]
    unread: Sequence[str]
    versions: Mapping[int, Version]

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to take away."""
        return not self.places and not self.files

    @property
    def times(self) -> int:
        """Return how often the passage stands in texts."""
        return sum(found.place.times for found in self.places)


def thing(session: Session, actor: Actor, kind: str, public_id: str, now: datetime) -> Thing:
    """Return the note or document that an officer sees; raise `NotFound` for any other."""
    policy.require_officer(actor)
    return shelves.of_kind(kind).thing(session, actor, public_id, now)


def files_of(session: Session, about: Thing) -> list[HeldFile]:
    """Return the files of a thing, each content once, under the name it had last."""
    found = {each.stored_id: each for each in shelves.of_kind(about.kind).files(
        session, about.public_id
    )}  # fmt: skip
    return list(found.values())


def extent(
    session: Session, actor: Actor, about: Thing, *, passage: str, file_id: str, now: datetime
) -> Extent:
    """Return all that a redaction takes away, as things stand now."""
    feature = shelves.of_kind(about.kind)
    held = feature.files(session, about.public_id)
    places: list[Found] = []
    holding: dict[int, Holding] = {}
    unread: set[int] = set()
    if passage:
        wanted = Passage(passage)
        ids_held = sorted({each.stored_id for each in held})
        places = find(session, shelves.everywhere(about.kind), about.public_id, wanted)
        holding = library_redacting.holding(session, ids_held, wanted)
        unread = library_redacting.unread(session, ids_held) - set(holding)
    chosen = {each.stored_id for each in held if file_id and each.public_id == file_id}
    going = sorted({*holding, *chosen})
    return Extent(
        places=places,
        files=_going(session, held, going, holding, chosen),
        unread=_names(held, unread),
        versions=feature.versions(session, actor, about.public_id, now),
    )


def _going(
    session: Session,
    held: Sequence[HeldFile],
    going: Sequence[int],
    holding: Mapping[int, Holding],
    chosen: Iterable[int],
) -> list[Going]:
    rows = [feature.named(session, going) for feature in shelves.FEATURES] if going else []
    return [
        Going(
            stored_id=stored_id,
            names=tuple(_names(held, {stored_id})),
            rows=sum(found.get(stored_id, 0) for found in rows),
            pages=holding[stored_id].pages if stored_id in holding else 0,
            chosen=stored_id in chosen,
        )
        for stored_id in going
    ]


def _names(held: Sequence[HeldFile], stored_ids: Iterable[int]) -> list[str]:
    wanted = set(stored_ids)
    return list(dict.fromkeys(each.name for each in held if each.stored_id in wanted))


def stored(session: Session, stored_ids: Sequence[int]) -> Sequence[StoredFile]:
    """Return contents, held until the commit, in the order of their rows."""
    return session.scalars(
        select(StoredFile)
        .where(StoredFile.id.in_(stored_ids), StoredFile.redacted_at.is_(None))
        .order_by(StoredFile.id)
        .with_for_update()
    ).all()


def stored_by_hash(session: Session, hashes: Sequence[str]) -> Sequence[StoredFile]:
    """Return the contents of these hashes that are still there, held until the commit."""
    return session.scalars(
        select(StoredFile)
        .where(StoredFile.sha256.in_(hashes), StoredFile.redacted_at.is_(None))
        .order_by(StoredFile.id)
        .with_for_update()
    ).all()


def get(session: Session, actor: Actor, public_id: str) -> Redaction:
    """Return a redaction that the actor may see; raise `NotFound` for any other."""
    policy.require_officer(actor)
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(Redaction)
            .where(Redaction.public_id == public_id)
            .options(joinedload(Redaction.asked_by), joinedload(Redaction.decided_by))
        )
    if found is None:
        raise NotFound()
    return found


def lock(session: Session, redaction: Redaction) -> None:
    """Hold a redaction's row until the commit, and read it afresh."""
    session.execute(select(Redaction.id).where(Redaction.id == redaction.id).with_for_update())
    session.refresh(redaction)


def waiting(session: Session, actor: Actor) -> int:
    """Return how many redactions wait for a second officer who may be this one."""
    policy.require_officer(actor)
    return (
        session.scalar(
            select(func.count())
            .select_from(Redaction)
            .where(
                Redaction.state == State.WAITING,
                Redaction.asked_by_id.is_distinct_from(actor.user_id),
            )
        )
        or 0
    )


def same_waiting(session: Session, about: Thing, passage: str, file_id: str) -> Redaction | None:
    """Return a redaction of the same that waits already."""
    wanted = Passage(passage).words
    found = session.scalars(
        select(Redaction).where(
            Redaction.state == State.WAITING,
            Redaction.kind == about.kind,
            Redaction.thing_id == about.public_id,
            Redaction.target == (Target.FILE if file_id else Target.PASSAGE),
        )
    )
    return next(
        (
            each
            for each in found
            if each.file_id == file_id and Passage(each.passage).words == wanted
        ),
        None,
    )


def register(session: Session, actor: Actor, state: str, asked: int) -> paging.Page[Redaction]:
    """Return redactions in a state: those that wait the oldest first, others the newest first."""
    policy.require_officer(actor)
    total = counts(session).get(state, 0)
    number, start = paging.offset(asked, total)
    order = Redaction.asked_at if state == State.WAITING else Redaction.decided_at.desc()
    found = session.scalars(
        select(Redaction)
        .where(Redaction.state == state)
        .order_by(order, Redaction.id)
        .options(joinedload(Redaction.asked_by), joinedload(Redaction.decided_by))
        .limit(paging.SIZE)
        .offset(start)
    )
    return paging.Page(found.all(), number, total)


def counts(session: Session) -> Mapping[str, int]:
    """Return how many redactions stand in each state."""
    rows = session.execute(select(Redaction.state, func.count()).group_by(Redaction.state))
    found: dict[str, int] = dict(rows.all())
    return found


def carried_out(session: Session) -> Sequence[Redaction]:
    """Return what was carried out, in that order: for the register that leaves the machine."""
    return session.scalars(
        select(Redaction)
        .where(Redaction.state == State.DONE)
        .order_by(Redaction.decided_at, Redaction.id)
        .options(joinedload(Redaction.asked_by), joinedload(Redaction.decided_by))
    ).all()


@dataclass(frozen=True, slots=True)
class Things:
    """Hold what redactions are about, as far as the actor may see it, by public id."""

    notes: Mapping[str, Note]
    documents: Mapping[str, LibraryDocument]


def things(
    session: Session, actor: Actor, redactions: Sequence[Redaction], now: datetime
) -> Things:
    """Return what these redactions are about, in one query for each kind of thing."""

    def of(kind: str) -> set[str]:
        return {each.thing_id for each in redactions if each.kind == kind}

    notes = session.scalars(
        select(Note)
        .where(Note.public_id.in_(of("note")), progress_policy.visible_to(actor))
        .options(*progress.NAMED)
    ).unique()
    documents = session.scalars(
        select(LibraryDocument)
        .where(LibraryDocument.public_id.in_(of("document")), library_policy.visible_to(actor, now))
        .options(*library.NAMED, joinedload(LibraryDocument.open))
    ).unique()
    return Things(
        notes={each.public_id: each for each in notes},
        documents={each.public_id: each for each in documents},
    )
