"""Read what texts are classified by: all kinds of it in one query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from policytrack.commitments.models import (
    revision_corridor,
    revision_country,
    revision_provision,
    revision_sector,
    revision_supporter,
    revision_target_group,
    revision_theme,
)
from policytrack.constituents.models import Constituent
from policytrack.frameworks.models import Framework, Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country


@dataclass(frozen=True, slots=True)
class Tag:
    """Hold one thing that a text is classified by.

    `end_labels` are those of a corridor's destination (`labels` are its origin's), or of a
    provision's framework; `note` says how a provision's label came about.
    """

    value: str
    labels: Mapping[str, str]
    end_labels: Mapping[str, str] | None = None
    note: str = ""


Classification = Mapping[tuple[int, str], Sequence[Tag]]


def classification(session: Session, revision_ids: Sequence[int]) -> Classification:
    """Return, by (revision id, kind), the things in their order.

    Kinds: provision, theme, sector, target_group, country, corridor, supporter.
    """
    if not revision_ids:
        return {}
    arms = [arm(kind, revision_ids) for kind, arm in _ARMS.items()]
    found: dict[tuple[int, str], list[tuple[int, str, Tag]]] = {}
    for revision_id, kind, value, labels, end_labels, note, place in session.execute(
        union_all(*arms)
    ):
        tag = Tag(value, labels, end_labels, note)
        found.setdefault((revision_id, kind), []).append((place, value, tag))
    return {
        key: [tag for *_, tag in sorted(each, key=lambda item: item[:2])]
        for key, each in found.items()
    }


def _columns(
    kind: str, link: Any, value: Any, labels: Any, end_labels: Any, note: Any, place: Any
) -> Select[Any]:
    return select(
        link.c.revision_id,
        literal(kind).label("kind"),
        cast(value, String).label("value"),
        labels.label("labels"),
        end_labels.label("end_labels"),
        note.label("note"),
        place.label("place"),
    )


def _plain(
    link: Any, thing: type[Any], own: Any, on: ColumnElement[bool], place: Any
) -> Callable[[str, Sequence[int]], Select[Any]]:
    def arm(kind: str, revision_ids: Sequence[int]) -> Select[Any]:
        nothing = cast(null(), JSON)
        return (
            _columns(kind, link, own, thing.labels, nothing, literal(""), place)
            .join(thing, on)
            .where(link.c.revision_id.in_(revision_ids))
        )

    return arm


def _provisions(kind: str, revision_ids: Sequence[int]) -> Select[Any]:
    link = revision_provision
    name = Provision.framework_code + ":" + Provision.code
    return (
        _columns(
            kind,
            link,
            name,
            Provision.labels,
            Framework.labels,
            Provision.wording,
            Provision.position,
        )
        .join(Provision, Provision.id == link.c.provision_id)
        .join(Framework, Framework.code == Provision.framework_code)
        .where(link.c.revision_id.in_(revision_ids))
    )


def _corridors(kind: str, revision_ids: Sequence[int]) -> Select[Any]:
    link = revision_corridor
    origin, destination = aliased(Country), aliased(Country)
    return (
        _columns(
            kind,
            link,
            Corridor.code,
            origin.labels,
            destination.labels,
            literal(""),
            literal(0),
        )
        .join(Corridor, Corridor.id == link.c.corridor_id)
        .join(origin, origin.iso2 == Corridor.origin_iso2)
        .join(destination, destination.iso2 == Corridor.destination_iso2)
        .where(link.c.revision_id.in_(revision_ids))
    )


_ARMS: Mapping[str, Callable[[str, Sequence[int]], Select[Any]]] = {
    "provision": _provisions,
    "theme": _plain(
        revision_theme,
        Theme,
        Theme.code,
        Theme.code == revision_theme.c.theme_code,
        Theme.position,
    ),
    "sector": _plain(
        revision_sector,
        Sector,
        Sector.code,
        Sector.code == revision_sector.c.sector_code,
        Sector.position,
    ),
    "target_group": _plain(
        revision_target_group,
        TargetGroup,
        TargetGroup.code,
        TargetGroup.code == revision_target_group.c.target_group_code,
        TargetGroup.position,
    ),
    "country": _plain(
        revision_country,
        Country,
        Country.iso2,
        Country.iso2 == revision_country.c.country_iso2,
        literal(0),
    ),
    "corridor": _corridors,
    "supporter": _plain(
        revision_supporter,
        Constituent,
        Constituent.public_id,
        Constituent.id == revision_supporter.c.constituent_id,
        literal(0),
    ),
}
