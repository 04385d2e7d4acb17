"""Read documents as they are handed over: what each says, where it stands, what it is tied to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from policytrack.constituents.models import Constituent
from policytrack.core.permissions import Actor
from policytrack.core.review import QUEUED_STATES, State
from policytrack.library import policy
from policytrack.library.models import (
    LibraryDocument,
    LibraryFile,
    LibraryRelation,
    LibraryRevision,
)
from policytrack.library.queries.filters import Filters, conditions
from policytrack.library.queries.lists import everything

Ties = Sequence[tuple[str, str]]
# How many documents are held in memory at once.
_BATCH = 200


class Held(NamedTuple):
    """Hold a document, the revision that speaks for it, and (kind, public id) of its relations."""

    document: LibraryDocument
    text: LibraryRevision
    ties: Ties


def holdings(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    *,
    organisation: str = "",
    whole: bool = False,
) -> Iterator[Held]:
    """Yield the documents that an actor may read, by public id, a few at a time.

    With `whole`, for whom they are there, also what was withdrawn and what waits for review.
    """
    text_id = _speaking() if whole else LibraryDocument.published_id
    clauses = [policy.readable_by(actor, now), *conditions(filters)]
    if whole and policy.is_office(actor):
        clauses = conditions(filters)
    if organisation:
        ids = select(Constituent.id).where(Constituent.code == organisation)
        clauses.append(LibraryDocument.constituent_id.in_(ids))
    chosen = session.execute(
        select(LibraryRevision.id)
        .select_from(LibraryDocument)
        .join(LibraryRevision, LibraryRevision.id == text_id)
        .where(*clauses)
        .order_by(LibraryDocument.public_id)
    )
    numbers = [row[0] for row in chosen]
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        ties = relations(session, actor, now, batch, whole=whole)
        found = {each.id: each for each in _revisions(session, batch)}
        for number in batch:
            yield Held(found[number].document, found[number], ties.get(number, ()))


def listed(session: Session, actor: Actor, filters: Filters, now: datetime) -> Iterator[Held]:
    """Yield the published documents of a list, in its order."""
    ties = relations(session, actor, now)
    for document in everything(session, actor, filters, now):
        if (text := document.published) is not None:
            yield Held(document, text, ties.get(text.id, ()))


def _speaking() -> ColumnElement[int | None]:
    """Return what speaks for a document: what is in force, was withdrawn, or waits for review."""
    withdrawn = (
        select(func.max(LibraryRevision.id))
        .where(
            LibraryRevision.document_id == LibraryDocument.id,
            LibraryRevision.state == State.RETRACTED,
            LibraryDocument.retracted_at.is_not(None),
        )
        .correlate(LibraryDocument)
        .scalar_subquery()
    )
    waiting = (
        select(LibraryRevision.id)
        .where(
            LibraryRevision.id == LibraryDocument.open_id,
            LibraryRevision.state.in_(QUEUED_STATES),
        )
        .correlate(LibraryDocument)
        .scalar_subquery()
    )
    return func.coalesce(LibraryDocument.published_id, withdrawn, waiting)


def _revisions(session: Session, numbers: Sequence[int]) -> Sequence[LibraryRevision]:
    return session.scalars(
        select(LibraryRevision)
        .where(LibraryRevision.id.in_(numbers))
        .options(
            joinedload(LibraryRevision.document).joinedload(LibraryDocument.constituent),
            selectinload(LibraryRevision.files).joinedload(LibraryFile.file),
            selectinload(LibraryRevision.terms),
            selectinload(LibraryRevision.themes),
            selectinload(LibraryRevision.sectors),
            selectinload(LibraryRevision.target_groups),
            selectinload(LibraryRevision.countries),
            selectinload(LibraryRevision.corridors),
        )
    ).all()


def relations(
    session: Session,
    actor: Actor,
    now: datetime,
    revisions: Collection[int] | None = None,
    *,
    whole: bool = False,
) -> Mapping[int, Ties]:
    """Return how revisions stand to documents that the actor may read, by the revision's id.

    Without revisions, of all. With `whole`, also to what is not published.
    """
    query = (
        select(LibraryRelation.revision_id, LibraryRelation.kind, LibraryDocument.public_id)
        .join(LibraryDocument, LibraryDocument.id == LibraryRelation.target_id)
        .order_by(LibraryDocument.public_id)
    )
    if not (whole and policy.is_office(actor)):
        query = query.where(policy.readable_by(actor, now))
    if revisions is not None:
        query = query.where(LibraryRelation.revision_id.in_(revisions))
    found: dict[int, list[tuple[str, str]]] = {}
    for revision_id, kind, public_id in session.execute(query):
        found.setdefault(revision_id, []).append((kind, public_id))
    return found
