"""Read countries and corridors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from policytrack.core.errors import NotFound
from policytrack.places.models import Corridor, Country

_COUNTRY = re.compile(r"[A-Z]{2}")
_CORRIDOR = re.compile(r"[A-Z]{2}-[A-Z]{2}")


def country(session: Session, iso2: str) -> Country:
    """Return a country or territory by its code; raise `NotFound`."""
    found = None
    if _COUNTRY.fullmatch(iso2):
        found = session.scalar(
            select(Country).where(Country.iso2 == iso2).options(joinedload(Country.region))
        )
    if found is None:
        raise NotFound()
    return found


def corridor(session: Session, code: str) -> Corridor:
    """Return a corridor by its code, such as `NP-QA`; raise `NotFound`."""
    found = None
    if _CORRIDOR.fullmatch(code):
        found = session.scalar(
            select(Corridor)
            .where(Corridor.code == code)
            .options(joinedload(Corridor.origin), joinedload(Corridor.destination))
        )
    if found is None:
        raise NotFound()
    return found


def mirror(session: Session, of: Corridor) -> Corridor | None:
    """Return the corridor that leads the other way, if there is one."""
    return session.scalar(
        select(Corridor).where(
            Corridor.origin_iso2 == of.destination_iso2,
            Corridor.destination_iso2 == of.origin_iso2,
        )
    )


def countries(session: Session) -> Sequence[Country]:
    """Return all countries and territories with their regions."""
    return session.scalars(
        select(Country).options(joinedload(Country.region)).order_by(Country.iso2)
    ).all()


def corridors_of(session: Session, iso2: str) -> Sequence[Corridor]:
    """Return the corridors that begin or end in a country."""
    return session.scalars(
        select(Corridor)
        .where(or_(Corridor.origin_iso2 == iso2, Corridor.destination_iso2 == iso2))
        .options(joinedload(Corridor.origin), joinedload(Corridor.destination))
        .order_by(Corridor.code)
    ).all()
