"""Read what a programme can be about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.places.models import Country


@dataclass(frozen=True, slots=True)
class Reference:
    """Hold the terms and places, in the order of the reference data."""

    themes: Sequence[Theme]
    sectors: Sequence[Sector]
    target_groups: Sequence[TargetGroup]
    countries: Sequence[Country]


def reference(session: Session) -> Reference:
    """Return everything that can be chosen, one query for each kind."""
    return Reference(
        themes=session.scalars(select(Theme).order_by(Theme.position)).all(),
        sectors=session.scalars(select(Sector).order_by(Sector.position)).all(),
        target_groups=session.scalars(select(TargetGroup).order_by(TargetGroup.position)).all(),
        countries=session.scalars(select(Country).order_by(Country.iso2)).all(),
    )
