"""Read published notes by what they report on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from policytrack.commitments.models import (
    Commitment,
    revision_corridor,
    revision_country,
)
from policytrack.constituents.models import Constituent
from policytrack.core import paging
from policytrack.places.models import Corridor
from policytrack.progress.models import (
    Note,
    NoteRevision,
)
from policytrack.progress.queries.single import NAMED


def about_country(iso2: str) -> ColumnElement[bool]:
    """Return the clause on `Note` for those that report on a country.

    They do so by their own word, or by what their commitment names.
    """
    corridors = select(Corridor.id).where(
        or_(Corridor.origin_iso2 == iso2, Corridor.destination_iso2 == iso2)
    )
    named = select(revision_country.c.revision_id).where(revision_country.c.country_iso2 == iso2)
    crossing = select(revision_corridor.c.revision_id).where(
        revision_corridor.c.corridor_id.in_(corridors)
    )
    note = aliased(Note)
    return _among(
        select(note.id).where(note.country_iso2 == iso2),
        select(note.id).where(note.corridor_id.in_(corridors)),
        _on_texts(named),
        _on_texts(crossing),
    )


def about_corridor(corridor: Corridor) -> ColumnElement[bool]:
    """Return the clause on `Note` for those that report on a corridor."""
    note = aliased(Note)
    linked = select(revision_corridor.c.revision_id).where(
        revision_corridor.c.corridor_id == corridor.id
    )
    return _among(select(note.id).where(note.corridor_id == corridor.id), _on_texts(linked))


def _on_texts(texts: Select[int]) -> Select[int]:
    """Return the ids of the notes on commitments whose text in force is one of these."""
    note, of = aliased(Note), aliased(Commitment)
    return select(note.id).join(of, of.id == note.commitment_id).where(of.in_force_id.in_(texts))


def _among(*ids: Select[int]) -> ColumnElement[bool]:
    # A union of what the indexes find: with OR all notes would be read through.
    return Note.id.in_(union_all(*ids))


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


def published_by(
    session: Session,
    about: ColumnElement[bool],
    part: ColumnElement[str],
    *,
    asked: Mapping[str, int],
    size: int,
) -> Mapping[str, paging.Page[Note]]:
    """Return a page of the published notes of each part, in a fixed number of queries.

    `part` names the part that a note's organisation (`Constituent`) puts it into; `asked` holds
    the number of the page of each, and the address holds it under the part's name.
    """
    said = (
        select(Note.id, part.label("part"), NoteRevision.published_at)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .join(Constituent, Constituent.id == Note.constituent_id)
        .where(about)
        .subquery()
    )
    counted = select(said.c.part, func.count()).group_by(said.c.part)
    totals = {name: total for name, total in session.execute(counted)}  # noqa: C416 - rows, not pairs
    places = {name: paging.offset(asked[name], totals.get(name, 0), size) for name in asked}
    order = (said.c.published_at.desc(), said.c.id.desc())
    place = func.row_number().over(partition_by=said.c.part, order_by=order)
    ranked = select(said.c.id, said.c.part, place.label("place")).subquery()
    shown = or_(
        *(
            and_(ranked.c.part == name, ranked.c.place > before, ranked.c.place <= before + size)
            for name, (_number, before) in places.items()
        )
    )
    rows = session.execute(
        select(Note, ranked.c.part)
        .join(ranked, ranked.c.id == Note.id)
        .where(shown)
        .order_by(ranked.c.place)
        .options(*NAMED, joinedload(Note.published).selectinload(NoteRevision.translations))
    ).all()
    return {
        name: paging.Page(
            items=[note for note, of in rows if of == name],
            number=number,
            total=totals.get(name, 0),
            size=size,
            url=paging.part(name),
        )
        for name, (number, _before) in places.items()
    }


def published(
    session: Session,
    about: ColumnElement[bool],
    page: int = 1,
    *,
    size: int = SIZE,
    parameter: str = "page",
) -> paging.Page[Note]:
    """Return the published notes that a clause on `Note` picks.

    `parameter` is the name under which the address holds the number of the page.
    """
    chosen = select(Note.id).join(NoteRevision, NoteRevision.id == Note.published_id).where(about)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number, offset = paging.offset(page, total, size)
    # Ids are put in order first: whole rows of all that was published would be sorted otherwise.
    order = (NoteRevision.published_at.desc(), Note.id.desc())
    shown = chosen.order_by(*order).limit(size).offset(offset).subquery()
    items = session.scalars(
        select(Note)
        .join(shown, shown.c.id == Note.id)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .order_by(*order)
        .options(*NAMED, joinedload(Note.published).selectinload(NoteRevision.translations))
    ).all()
    return paging.Page(
        items=items,
        number=number,
        total=total,
        size=size,
        url=paging.part(parameter),
    )
