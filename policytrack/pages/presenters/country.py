"""Show the page of a country or territory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language
from policytrack.frameworks.models import Ratification
from policytrack.pages.presenters import heard, listing, reference, standing
from policytrack.pages.presenters.corridors import Directions, directions
from policytrack.pages.presenters.heard import GroupLine
from policytrack.pages.presenters.listing import Share
from policytrack.pages.presenters.maps import FlowMap, country_map
from policytrack.pages.presenters.reference import (
    Agreements,
    People,
    ProcessLine,
    Ratifications,
)
from policytrack.pages.queries import Body, Standing
from policytrack.pages.queries.flows import flow
from policytrack.places.models import Agreement, Corridor, Country


@dataclass(frozen=True, slots=True)
class CountryPage:
    """Hold what the first screen of a country's page says, and the facts below it."""

    iso2: str
    name: str
    language: str
    region: str
    finding: str
    total: int
    shares: Sequence[Share]
    groups: Sequence[GroupLine]
    corridors: Directions
    map: FlowMap | None
    people: People | None
    ratifications: Ratifications
    processes: Sequence[ProcessLine]
    agreements: Agreements


def country_page(
    country: Country,
    *,
    found: Standing,
    bodies: Sequence[Body],
    corridors: Sequence[Corridor],
    named: Mapping[int, int],
    ratified: Sequence[Ratification],
    agreed: Sequence[Agreement],
) -> CountryPage:
    """Return the page of a country; `named` counts the commitments that name each corridor."""
    iso2 = country.iso2
    groups = heard.groups(bodies)
    return CountryPage(
        iso2=iso2,
        name=label(country.labels),
        language=label_language(country.labels),
        region=label(country.region.labels),
        finding=standing.finding(
            found, _("No commitment in force concerns this country or territory yet."), groups
        ),
        total=found.total,
        shares=listing.shares(
            found.counts,
            lambda status: url_for("pages.commitments", country=iso2, status=status),
        ),
        groups=groups,
        corridors=directions(iso2, [flow(each, named.get(each.id, 0)) for each in corridors]),
        map=country_map(country, corridors),
        people=reference.migrants(country),
        ratifications=reference.ratifications(ratified),
        processes=reference.processes(country),
        agreements=reference.agreements(agreed),
    )
