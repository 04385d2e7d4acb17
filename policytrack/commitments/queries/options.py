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
    exists,
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


def _used(link: Any, on: ColumnElement[bool]) -> ColumnElement[bool]:
    # One look into an index for each thing, however many commitments there are.
    return exists().where(on, Commitment.in_force_id == link.c.revision_id)


def options(session: Session) -> Mapping[str, Sequence[Option]]:
    """Return, by filter, the values that commitments in force use, in one query.

    Everybody may see these, so nothing that is not public can show through. Labels are to be
    sorted by the reader's collation; themes and provisions stand in their own order.
    """

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
    provisions = ~Provision.retired & _used(
        revision_provision, revision_provision.c.provision_id == Provision.id
    )
    # What is retired is offered no more; its area is, for what else belongs to it.
    sub = aliased(Theme)
    themes = or_(
        ~Theme.retired & _used(revision_theme, revision_theme.c.theme_code == Theme.code),
        exists().where(
            sub.parent_code == Theme.code,
            ~sub.retired,
            _used(revision_theme, revision_theme.c.theme_code == sub.code),
        ),
    )
    leads = exists().where(
        Commitment.lead_id == Constituent.id, Commitment.in_force_id.is_not(None)
    )
    touched = _used(revision_corridor, revision_corridor.c.corridor_id == Corridor.id)
    countries = or_(
        _used(revision_country, revision_country.c.country_iso2 == Country.iso2),
        exists().where(Corridor.origin_iso2 == Country.iso2, touched),
        exists().where(Corridor.destination_iso2 == Country.iso2, touched),
        exists().where(Constituent.country_iso2 == Country.iso2, leads),
    )
    origin, destination = aliased(Country), aliased(Country)
    query: CompoundSelect[Any] = union_all(
        values(
            "framework",
            Framework.code,
            Framework,
            exists().where(Provision.framework_code == Framework.code, provisions),
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
            ~Sector.retired & _used(revision_sector, revision_sector.c.sector_code == Sector.code),
            nothing,
            Sector.position,
        ),
        values(
            "target",
            TargetGroup.code,
            TargetGroup,
            ~TargetGroup.retired
            & _used(
                revision_target_group, revision_target_group.c.target_group_code == TargetGroup.code
            ),
            nothing,
            TargetGroup.position,
        ),
        values("country", Country.iso2, Country, countries, nothing, nought),
        values("lead", Constituent.public_id, Constituent, leads, nothing, nought),
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
        .where(touched),
    )
    found: dict[str, list[Option]] = {}
    for facet, *values_of in session.execute(query):
        found.setdefault(facet, []).append(Option(*values_of))
    return {
        facet: sorted(each, key=lambda option: (option.parent, option.position, option.value))
        for facet, each in found.items()
    }
