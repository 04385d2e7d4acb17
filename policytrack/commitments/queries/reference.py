"""Read everything that a text can be classified by, for the form."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from policytrack.constituents.models import Constituent
from policytrack.core.permissions import Actor, Permission, Reach
from policytrack.frameworks.models import Framework, Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country


@dataclass(frozen=True, slots=True)
class Reference:
    """Hold what can be chosen, in the order of the reference data."""

    frameworks: Sequence[Framework]
    provisions: Sequence[Provision]
    themes: Sequence[Theme]
    sectors: Sequence[Sector]
    target_groups: Sequence[TargetGroup]
    countries: Sequence[Country]
    corridors: Sequence[Corridor]
    organisations: Sequence[Constituent]


def reference(session: Session) -> Reference:
    """Return everything that can be chosen, one query for each kind."""
    return Reference(
        frameworks=session.scalars(select(Framework).order_by(Framework.code)).all(),
        provisions=session.scalars(
            select(Provision).order_by(Provision.framework_code, Provision.position)
        ).all(),
        themes=session.scalars(select(Theme).order_by(Theme.position)).all(),
        sectors=session.scalars(select(Sector).order_by(Sector.position)).all(),
        target_groups=session.scalars(select(TargetGroup).order_by(TargetGroup.position)).all(),
        countries=session.scalars(select(Country).order_by(Country.iso2)).all(),
        corridors=session.scalars(
            select(Corridor)
            .options(joinedload(Corridor.origin), joinedload(Corridor.destination))
            .order_by(Corridor.code)
        ).all(),
        organisations=session.scalars(
            select(Constituent).options(joinedload(Constituent.country)).order_by(Constituent.id)
        ).all(),
    )


def possible_leads(actor: Actor, bodies: Collection[Constituent]) -> list[Constituent]:
    """Return the organisations for which the actor may propose a commitment."""
    own = actor.own(Permission.COMMITMENT_PROPOSE)
    anybody = Reach.ANY in actor.reaches(Permission.COMMITMENT_PROPOSE)
    return [body for body in bodies if anybody or body.id in own]
