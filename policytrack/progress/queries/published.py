"""Read published notes by what they report on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments.models import (
    Commitment,
    revision_corridor,
    revision_country,
)
from policytrack.core import paging
from policytrack.places.models import Corridor
from policytrack.progress.models import (
    Note,
    NoteRevision,
)
from policytrack.progress.queries.single import NAMED


def published_for_country(session: Session, iso2: str, page: int = 1) -> paging.Page[Note]:
    """Return the notes that report on a country: by their own word, or by their commitment's."""
    named = select(revision_country.c.revision_id).where(revision_country.c.country_iso2 == iso2)
    ends = or_(Corridor.origin_iso2 == iso2, Corridor.destination_iso2 == iso2)
    crossing = (
        select(revision_corridor.c.revision_id)
        .join(Corridor, Corridor.id == revision_corridor.c.corridor_id)
        .where(ends)
    )
    return _published(
        session,
        or_(
            Note.country_iso2 == iso2,
            Note.corridor_id.in_(select(Corridor.id).where(ends)),
            Commitment.in_force_id.in_(named),
            Commitment.in_force_id.in_(crossing),
        ),
        page,
    )


def published_for_corridor(
    session: Session, corridor: Corridor, page: int = 1
) -> paging.Page[Note]:
    """Return the notes that report on a corridor: by their own word, or by their commitment's."""
    linked = select(revision_corridor.c.revision_id).where(
        revision_corridor.c.corridor_id == corridor.id
    )
    return _published(
        session, or_(Note.corridor_id == corridor.id, Commitment.in_force_id.in_(linked)), page
    )


def recent(session: Session, limit: int = 5) -> Sequence[Note]:
    """Return the notes published last."""
    return session.scalars(
        select(Note)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .order_by(NoteRevision.published_at.desc(), Note.id.desc())
        .limit(limit)
        .options(*NAMED, joinedload(Note.published).selectinload(NoteRevision.translations))
    ).all()


# A note takes half a screen of a telephone: ten are a page.
SIZE = 10


def _published(session: Session, clause: object, page: int) -> paging.Page[Note]:
    chosen = (
        select(Note.id)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .outerjoin(Commitment, Commitment.id == Note.commitment_id)
        .where(clause)  # type: ignore[arg-type]  # any clause on notes and their commitments
    )
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number, offset = paging.offset(page, total, SIZE)
    # Ids are put in order first: whole rows of all that was published would be sorted otherwise.
    order = (NoteRevision.published_at.desc(), Note.id.desc())
    shown = chosen.order_by(*order).limit(SIZE).offset(offset).subquery()
    items = session.scalars(
        select(Note)
        .join(shown, shown.c.id == Note.id)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .order_by(*order)
        .options(*NAMED, joinedload(Note.published).selectinload(NoteRevision.translations))
    ).all()
    return paging.Page(items=items, number=number, total=total, size=SIZE)
