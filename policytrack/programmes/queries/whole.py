"""Read programmes: the list, and one with what it achieved and taught."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from policytrack.core.codes import is_code
from policytrack.core.confidence import WEAK
from policytrack.core.errors import NotFound
from policytrack.programmes.models import (
    Programme,
    ProgrammeCountry,
    ProgrammeItem,
    programme_keeper,
    programme_sector,
    programme_target_group,
)

# What is known badly is left out everywhere.
_SURE = Programme.confidence.not_in(WEAK)


def programmes(session: Session, *where: ColumnElement[bool]) -> Sequence[Programme]:
    """Return programmes with their countries, in their order; `where` speaks of `Programme`."""
    return session.scalars(
        select(Programme)
        .where(_SURE, *where)
        .options(selectinload(Programme.countries).joinedload(ProgrammeCountry.country))
        .order_by(Programme.position, Programme.code)
    ).all()


def in_sector(code: str) -> ColumnElement[bool]:
    """Return the clause for programmes in a sector of work."""
    return Programme.code.in_(
        select(programme_sector.c.programme_code).where(programme_sector.c.sector_code == code)
    )


def for_target_group(code: str) -> ColumnElement[bool]:
    """Return the clause for programmes that are meant for a target group."""
    return Programme.code.in_(
        select(programme_target_group.c.programme_code).where(
            programme_target_group.c.target_group_code == code
        )
    )


def kept_by(constituent_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the clause for programmes whose pages the people of these organisations write."""
    return Programme.code.in_(
        select(programme_keeper.c.programme_code).where(
            programme_keeper.c.constituent_id.in_(constituent_ids)
        )
    )


def programme(session: Session, code: str) -> Programme:
    """Return a programme with all that is known of it; raise `NotFound`."""
    found = None
    if is_code(code):
        found = session.scalar(
            select(Programme)
            .where(Programme.code == code, _SURE)
            .options(
                selectinload(Programme.countries).joinedload(ProgrammeCountry.country),
                selectinload(Programme.items).options(
                    joinedload(ProgrammeItem.country), joinedload(ProgrammeItem.stated_by)
                ),
                selectinload(Programme.themes),
                selectinload(Programme.sectors),
                selectinload(Programme.target_groups),
                selectinload(Programme.keepers),
                selectinload(Programme.documents),
                joinedload(Programme.described_by),
            )
        )
    if found is None:
        raise NotFound()
    return found


def lock(session: Session, found: Programme) -> None:
    """Hold a programme's row until the commit, and read afresh what belongs to it."""
    session.execute(select(Programme.code).where(Programme.code == found.code).with_for_update())
    session.expire_all()


def item(found: Programme, code: str) -> ProgrammeItem:
    """Return an achievement, a lesson or a fact of a programme; raise `NotFound`."""
    for each in found.items:
        if each.code == code:
            return each
    raise NotFound()
