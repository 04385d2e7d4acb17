"""Show places: regions with their countries, corridors, and who was last heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from policytrack.core.i18n import collated, format_number, label, label_language, language
from policytrack.core.i18n import gettext as _
from policytrack.pages.queries.flows import Flow
from policytrack.places.models import Corridor, Country
from policytrack.places.rules import Basis


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Hold a country or territory in a list."""

    name: str
    language: str
    url: str
    commitments: int


@dataclass(frozen=True, slots=True)
class RegionList:
    """Hold a region with its countries and territories in the reader's order."""

    name: str
    places: Sequence[PlaceLine]


def regions(countries: Sequence[Country], led: Mapping[str, int]) -> list[RegionList]:
    """Return countries and territories by region; `led` counts the commitments led from each."""
    by_region: dict[str, list[Country]] = {}
    for country in countries:
        by_region.setdefault(country.region_code, []).append(country)
    ordered = sorted(by_region.values(), key=lambda group: group[0].region.position)
    return [
        RegionList(
            name=label(group[0].region.labels),
            places=[
                PlaceLine(
                    name=label(country.labels),
                    language=label_language(country.labels),
                    url=url_for("pages.country", iso2=country.iso2),
                    commitments=led.get(country.iso2, 0),
                )
                for country in collated(
                    group, [label(each.labels) for each in group], language().code
                )
            ],
        )
        for group in ordered
    ]


@dataclass(frozen=True, slots=True)
class CorridorLine:
    """Hold a corridor in a list; `people` and `women` are empty where unknown.

    `counted` says what a national figure counts; an estimate is the UN's.
    """

    code: str
    origin: str
    destination: str
    url: str
    people: str
    counted: str
    women: str
    weak: bool


def corridor_rows(flows: Sequence[Flow]) -> list[CorridorLine]:
    """Return corridors by the names of both ends, in the reader's order, each with its figure."""
    lines = [_corridor_line(each) for each in flows]
    return collated(
        lines, [f"{line.origin}\u0001{line.destination}" for line in lines], language().code
    )


def _corridor_line(each: Flow) -> CorridorLine:
    corridor, figure = each.corridor, each.figure
    return CorridorLine(
        code=corridor.code,
        origin=label(corridor.origin.labels),
        destination=label(corridor.destination.labels),
        url=url_for("pages.corridor", code=corridor.code),
        people=format_number(figure.people),
        counted=national_figure(corridor) if figure.basis is Basis.NATIONAL else "",
        women=format_number(figure.women),
        weak=figure.weak,
    )


def national_figure(corridor: Corridor) -> str:
    """Return what a corridor's national figure counts, and when: the head of its number."""
    people = {
        "workers": _("Workers"),
        "domestic-workers": _("Domestic workers"),
        "valid-visas": _("Holders of valid visas"),
    }.get(corridor.alt_population, _("Migrants of all ages"))
    qualifier = {"about": _("about"), "over": _("over"), "up-to": _("up to")}
    words = qualifier.get(corridor.alt_qualifier)
    head = _("%(people)s, %(year)s, national figure", people=people, year=corridor.alt_year or "")
    return f"{head} ({words})" if words else head
