"""Read dialogues: the timeline, what it can be narrowed by, and one of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from policytrack.core import ids, paging
from policytrack.core.confidence import WEAK
from policytrack.core.errors import NotFound
from policytrack.dialogues.models import Dialogue, dialogue_corridor, dialogue_country
from policytrack.places.models import Corridor, Country

# What is known badly is left out everywhere.
_SURE = Dialogue.confidence.not_in(WEAK)


def timeline(
    session: Session,
    *,
    series: str = "",
    country: str = "",
    page: int = 1,
    size: int = paging.SIZE,
) -> paging.Page[Dialogue]:
    """Return one page of the dialogues, the latest first, of a series or a country alone."""
    where = [
        _SURE,
        *([Dialogue.series == series] if series else []),
        *([_in_country(country)] if country else []),
    ]
    total = session.scalar(select(func.count()).select_from(Dialogue).where(*where)) or 0
    number, offset = paging.offset(page, total, size)
    items = session.scalars(
        select(Dialogue)
        .where(*where)
        .options(joinedload(Dialogue.host))
        .order_by(Dialogue.starts.desc(), Dialogue.id.desc())
        .limit(size)
        .offset(offset)
    ).all()
    return paging.Page(items=items, number=number, total=total, size=size)


def _in_country(iso2: str) -> ColumnElement[bool]:
    """Return the clause for dialogues held in a country, naming it, or about a corridor of it."""
    named = select(dialogue_country.c.dialogue_id).where(dialogue_country.c.country_iso2 == iso2)
    crossing = (
        select(dialogue_corridor.c.dialogue_id)
        .join(Corridor, Corridor.code == dialogue_corridor.c.corridor_code)
        .where(or_(Corridor.origin_iso2 == iso2, Corridor.destination_iso2 == iso2))
    )
    return or_(Dialogue.host_iso2 == iso2, Dialogue.id.in_(named), Dialogue.id.in_(crossing))


def series(session: Session) -> Sequence[str]:
    """Return the series in use."""
    return session.scalars(
        select(Dialogue.series)
        .where(Dialogue.series != "", _SURE)
        .distinct()
        .order_by(Dialogue.series)
    ).all()


def countries(session: Session) -> Sequence[Country]:
    """Return the countries and territories that host a dialogue or are named by one."""
    named = select(dialogue_country.c.country_iso2)
    hosts = select(Dialogue.host_iso2).where(Dialogue.host_iso2.is_not(None))
    return session.scalars(
        select(Country).where(or_(Country.iso2.in_(named), Country.iso2.in_(hosts)))
    ).all()


def dialogue(session: Session, public_id: str) -> Dialogue:
    """Return a dialogue with its themes, countries and corridors; raise `NotFound`."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(Dialogue)
            .where(Dialogue.public_id == public_id, _SURE)
            .options(
                joinedload(Dialogue.host),
                selectinload(Dialogue.themes),
                selectinload(Dialogue.countries),
                selectinload(Dialogue.corridors).options(
                    joinedload(Corridor.origin), joinedload(Corridor.destination)
                ),
            )
        )
    if found is None:
        raise NotFound()
    return found


def of_series(session: Session, other_than: Dialogue) -> Sequence[Dialogue]:
    """Return the other dialogues of one's series, the latest first."""
    if not other_than.series:
        return ()
    return session.scalars(
        select(Dialogue)
        .where(Dialogue.series == other_than.series, Dialogue.id != other_than.id, _SURE)
        .order_by(Dialogue.starts.desc(), Dialogue.id.desc())
    ).all()
