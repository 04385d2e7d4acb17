"""Read what people at work on documents need: what waits, what is theirs, what is known already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core import paging
from policytrack.core.permissions import Actor, Permission
from policytrack.core.review import OPEN_STATES, QUEUED_STATES, State
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.library import policy
from policytrack.library.models import LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.rules import Type
from policytrack.places.models import Corridor, Country

_GCM = "GCM"
# Where the texts of one's own organisation stand, as they ask for attention.
STANDING = (State.RETURNED, State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.PUBLISHED)
_OLDEST_FIRST = (LibraryRevision.submitted_at, LibraryRevision.id)
# How many are held in memory at once where a whole queue is read.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Reference:
    """Hold what a document can be about, in the order of the reference data."""

    themes: Sequence[Theme]
    sectors: Sequence[Sector]
    target_groups: Sequence[TargetGroup]
    countries: Sequence[Country]
    corridors: Sequence[Corridor]
    objectives: Sequence[Provision]


def reference(session: Session) -> Reference:
    """Return everything that can be chosen, one query for each kind."""
    return Reference(
        themes=session.scalars(select(Theme).order_by(Theme.position)).all(),
        sectors=session.scalars(select(Sector).order_by(Sector.position)).all(),
        target_groups=session.scalars(select(TargetGroup).order_by(TargetGroup.position)).all(),
        countries=session.scalars(select(Country).order_by(Country.iso2)).all(),
        corridors=session.scalars(
            select(Corridor)
            .options(joinedload(Corridor.origin), joinedload(Corridor.destination))
            .order_by(Corridor.code)
        ).all(),
        objectives=session.scalars(
            select(Provision).where(Provision.framework_code == _GCM).order_by(Provision.position)
        ).all(),
    )


def by_public_ids(
    session: Session, actor: Actor, public_ids: Collection[str], now: datetime
) -> Mapping[str, LibraryDocument]:
    """Return the documents among these that the actor may see, by public id."""
    if not public_ids:
        return {}
    rows = session.scalars(
        select(LibraryDocument)
        .where(LibraryDocument.public_id.in_(public_ids), policy.visible_to(actor, now))
        .options(joinedload(LibraryDocument.published), joinedload(LibraryDocument.open))
    )
    return {row.public_id: row for row in rows}


def same_files(
    session: Session,
    actor: Actor,
    hashes: Collection[str],
    now: datetime,
    *,
    apart_from: LibraryDocument | None = None,
) -> Mapping[str, Sequence[LibraryRevision]]:
    """Return, by hash of what was handed in, texts that the actor may read and that have the file.

    Of each document one, and never one that the actor may not read: nothing is hinted at.
    """
    if not hashes:
        return {}
    conditions = [LibraryFile.source_sha256.in_(hashes), policy.visible_to(actor, now)]
    if apart_from is not None:
        conditions.append(LibraryDocument.id != apart_from.id)
    rows = session.execute(
        select(LibraryFile.source_sha256, LibraryRevision)
        .join(LibraryFile.revision)
        .join(LibraryDocument, LibraryDocument.id == LibraryRevision.document_id)
        .where(*conditions)
        .options(
            joinedload(LibraryRevision.document).options(
                joinedload(LibraryDocument.published), joinedload(LibraryDocument.open)
            )
        )
        .order_by(LibraryRevision.document_id, LibraryRevision.number.desc())
    )
    found: dict[str, dict[int, LibraryRevision]] = {}
    for sha256, revision in rows:
        if policy.revision_visible(actor, revision.document, revision, now):
            found.setdefault(sha256, {}).setdefault(revision.document_id, revision)
    return {sha256: list(by_document.values()) for sha256, by_document in found.items()}


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Hold what the queue is narrowed by."""

    state: str = ""
    type: str = ""
    group: str = ""
    mine: bool = False
    page: int = 1


def queue(session: Session, actor: Actor, filters: QueueFilters) -> paging.Page[LibraryRevision]:
    """Return what was submitted and what is in review, oldest first; for the office alone."""
    return _page(session, _queue(actor, filters), filters.page, _OLDEST_FIRST)


def queued(session: Session, actor: Actor, filters: QueueFilters) -> Iterator[LibraryRevision]:
    """Yield the whole queue in its order, a few at a time."""
    ids = session.scalars(_queue(actor, filters)).all()
    for start in range(0, len(ids), _BATCH):
        batch = select(LibraryRevision.id).where(
            LibraryRevision.id.in_(ids[start : start + _BATCH])
        )
        yield from _whole(session, batch, _OLDEST_FIRST)


def _queue(actor: Actor, filters: QueueFilters) -> Select[int]:
    """Return the ids of what waits and filters leave, in the order of the queue."""
    clauses: list[ColumnElement[bool]] = [LibraryRevision.state.in_(QUEUED_STATES)]
    if not policy.is_office(actor):
        clauses.append(false())
    if filters.state in QUEUED_STATES:
        clauses.append(LibraryRevision.state == filters.state)
    if filters.type in list(Type):
        clauses.append(LibraryRevision.type == filters.type)
    if filters.group in list(Group):
        of_group = select(Constituent.id).where(Constituent.group == filters.group)
        clauses.append(LibraryDocument.constituent_id.in_(of_group))
    if filters.mine:
        clauses.append(LibraryRevision.reviewer_id == actor.user_id)
    return (
        select(LibraryRevision.id)
        .join(LibraryDocument, LibraryDocument.open_id == LibraryRevision.id)
        .where(*clauses)
        .order_by(*_OLDEST_FIRST)
    )


def waiting(session: Session, actor: Actor) -> tuple[int, datetime | None]:
    """Return how many documents wait for a decision, and since when the oldest does."""
    if not policy.is_office(actor):
        return 0, None
    count, oldest = session.execute(
        select(func.count(), func.min(LibraryRevision.submitted_at))
        .join(LibraryDocument, LibraryDocument.open_id == LibraryRevision.id)
        .where(LibraryRevision.state.in_(QUEUED_STATES))
    ).one()
    return count, oldest


def standing(session: Session, actor: Actor) -> Mapping[State, int]:
    """Return how many of the actor's documents stand where; none where there are none."""
    rows = session.execute(
        _mine(actor, LibraryRevision.state, func.count()).group_by(LibraryRevision.state)
    ).all()
    return {State(state): count for state, count in rows}


def mine(session: Session, actor: Actor, state: State, page: int) -> paging.Page[LibraryRevision]:
    """Return the actor's documents that stand in a state, those changed last first."""
    order = (LibraryRevision.saved_at.desc(), LibraryRevision.id.desc())
    chosen = _mine(actor, LibraryRevision.id).where(LibraryRevision.state == state)
    return _page(session, chosen.order_by(*order), page, order)


def _mine(actor: Actor, *columns: Any) -> Any:
    """Return a selection among what the actor's organisations have under way or published.

    Who writes on behalf has as their own what is written so, and of that what they published.
    """
    own = actor.own(Permission.LIBRARY_WRITE)
    whose: ColumnElement[bool] = LibraryDocument.constituent_id.in_(own) if own else false()
    is_open = and_(
        LibraryDocument.open_id == LibraryRevision.id, LibraryRevision.state.in_(OPEN_STATES)
    )
    if policy.writes_on_behalf(actor):
        theirs = or_(is_open, LibraryRevision.author_id == actor.user_id)
        whose = or_(whose, and_(LibraryRevision.on_behalf, theirs))
    current = or_(is_open, LibraryDocument.published_id == LibraryRevision.id)
    return (
        select(*columns)
        .select_from(LibraryRevision)
        .join(LibraryDocument, LibraryDocument.id == LibraryRevision.document_id)
        .where(whose, current)
    )


def _page(
    session: Session, chosen: Any, asked: int, order: tuple[Any, ...]
) -> paging.Page[LibraryRevision]:
    """Return a page of revisions with what rows of such lists show."""
    total = session.scalar(select(func.count()).select_from(chosen.order_by(None).subquery())) or 0
    number, offset = paging.offset(asked, total)
    items = _whole(session, chosen.limit(paging.SIZE).offset(offset), order)
    return paging.Page(items=items, number=number, total=total)


def _whole(session: Session, ids: Any, order: tuple[Any, ...]) -> Sequence[LibraryRevision]:
    shown = ids.subquery()
    return session.scalars(
        select(LibraryRevision)
        .join(shown, shown.c.id == LibraryRevision.id)
        .order_by(*order)
        .options(
            joinedload(LibraryRevision.reviewer),
            joinedload(LibraryRevision.author),
            joinedload(LibraryRevision.document)
            .joinedload(LibraryDocument.constituent)
            .joinedload(Constituent.country),
            selectinload(LibraryRevision.files),
            selectinload(LibraryRevision.countries),
            selectinload(LibraryRevision.decisions),
        )
    ).all()
