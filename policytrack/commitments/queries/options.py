"""Read what the list can be narrowed by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from policytrack.commitments.models import (
    Commitment,
    revision_corridor,
    revision_country,
    revision_provision,
    revision_sector,
    revision_target_group,
    revision_theme,
)
from policytrack.constituents.models import Constituent
from policytrack.frameworks.models import Framework, Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country


@dataclass(frozen=True, slots=True)
class Option:
    """Hold a value in use; `parent` is the theme's area or the provision's framework."""

    value: str
    labels: Mapping[str, str]
    end_labels: Mapping[str, str] | None
    parent: str
    position: int


def options(session: Session) -> Mapping[str, Sequence[Option]]:
    """Return, by filter, the values that commitments in force use, in one query.

    Everybody may see these, so nothing that is not public can show through. Labels are to be
    sorted by the reader's collation; themes and provisions stand in their own order.
    """
    used = {
        table: select(table.c[column])
        .join(Commitment, Commitment.in_force_id == table.c.revision_id)
        .scalar_subquery()
        for table, column in (
            (revision_provision, "provision_id"),
            (revision_theme, "theme_code"),
            (revision_sector, "sector_code"),
            (revision_target_group, "target_group_code"),
            (revision_country, "country_iso2"),
            (revision_corridor, "corridor_id"),
        )
    }
    leads = select(Commitment.lead_id).where(Commitment.in_force_id.is_not(None))

    def values(
        name: str, value: Any, thing: Any, where: ColumnElement[bool], parent: Any, position: Any
    ) -> Select[Any]:
        return select(
            literal(name).label("facet"),
            cast(value, String).label("value"),
            thing.labels.label("labels"),
            cast(null(), JSON).label("end_labels"),
            cast(parent, String).label("parent"),
            position.label("place"),
        ).where(where)

    nothing, nought = literal(""), literal(0)
    provisions = Provision.id.in_(used[revision_provision])
    areas = select(Theme.parent_code).where(Theme.code.in_(used[revision_theme]))
    themes = or_(Theme.code.in_(used[revision_theme]), Theme.code.in_(areas))
    ends = [
        select(end).where(Corridor.id.in_(used[revision_corridor]))
        for end in (Corridor.origin_iso2, Corridor.destination_iso2)
    ]
    homes = select(Constituent.country_iso2).where(Constituent.id.in_(leads))
    countries = or_(
        Country.iso2.in_(used[revision_country]), *(Country.iso2.in_(s) for s in (*ends, homes))
    )
    origin, destination = aliased(Country), aliased(Country)
    query: CompoundSelect[Any] = union_all(
        values(
            "framework",
            Framework.code,
            Framework,
            Framework.code.in_(select(Provision.framework_code).where(provisions)),
            nothing,
            nought,
        ),
        values(
            "provision",
            Provision.framework_code + ":" + Provision.code,
            Provision,
            provisions,
            Provision.framework_code,
            Provision.position,
        ),
        values(
            "theme",
            Theme.code,
            Theme,
            themes,
            func.coalesce(Theme.parent_code, ""),
            Theme.position,
        ),
        values(
            "sector",
            Sector.code,
            Sector,
            Sector.code.in_(used[revision_sector]),
            nothing,
            Sector.position,
        ),
        values(
            "target",
            TargetGroup.code,
            TargetGroup,
            TargetGroup.code.in_(used[revision_target_group]),
            nothing,
            TargetGroup.position,
        ),
        values("country", Country.iso2, Country, countries, nothing, nought),
        values(
            "lead", Constituent.public_id, Constituent, Constituent.id.in_(leads), nothing, nought
        ),
        select(
            literal("corridor"),
            cast(Corridor.code, String),
            origin.labels,
            destination.labels,
            nothing,
            nought,
        )
        .join(origin, origin.iso2 == Corridor.origin_iso2)
        .join(destination, destination.iso2 == Corridor.destination_iso2)
        .where(Corridor.id.in_(used[revision_corridor])),
    )
    found: dict[str, list[Option]] = {}
    for facet, *values_of in session.execute(query):
        found.setdefault(facet, []).append(Option(*values_of))
    return {
        facet: sorted(each, key=lambda option: (option.parent, option.position, option.value))
        for facet, each in found.items()
    }
