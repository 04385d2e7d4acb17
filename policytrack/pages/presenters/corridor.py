"""Show the page of a corridor: the pair, and what each of its ends says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.core.i18n import format_number, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.paging import Page
from policytrack.pages.presenters import heard, listing, reference, standing
from policytrack.pages.presenters.corridors import figure_source
from policytrack.pages.presenters.heard import GroupLine
from policytrack.pages.presenters.listing import ListedCommitment, Share
from policytrack.pages.presenters.maps import FlowMap, corridor_map
from policytrack.pages.presenters.notes import NoteLine
from policytrack.pages.presenters.places import national_figure
from policytrack.pages.presenters.reference import Agreements
from policytrack.pages.presenters.sources import Source, source
from policytrack.pages.queries import Body, Standing
from policytrack.places.models import Agreement, Corridor, Country
from policytrack.places.rules import Basis, own_split

_DOMESTIC_WORK: Mapping[str, Any] = {
    "low": _l("low"),
    "medium": _l("medium"),
    "high": _l("high"),
    "very-high": _l("very high"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold a number of people: who was counted, how many of them are women where known."""

    head: str
    people: str
    women: str
    beside: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class End:
    """Hold one end of a corridor: who is there, what they promised and what they report."""

    key: str
    role: str
    name: str
    language: str
    url: str
    groups: Sequence[GroupLine]
    commitments: Sequence[ListedCommitment]
    notes: Page[NoteLine]


@dataclass(frozen=True, slots=True)
class CorridorPage:
    """Hold what the page of a corridor shows."""

    code: str
    origin: str
    destination: str
    mirror: str
    demonstration: bool
    finding: str
    total: int
    shares: Sequence[Share]
    figures: Sequence[Figure]
    domestic_work: str
    domestic_work_source: Source
    map: FlowMap | None
    agreements: Agreements


def corridor_page(
    corridor: Corridor,
    mirror: Corridor | None,
    *,
    found: Standing,
    agreed: Sequence[Agreement],
) -> CorridorPage:
    """Return the page of a corridor; `mirror` leads the other way."""
    code = corridor.code
    # How much of a corridor is domestic work is said where a source of its own says so.
    evidenced = corridor.domestic_work if corridor.domestic_work_source else ""
    return CorridorPage(
        code=code,
        origin=label(corridor.origin.labels),
        destination=label(corridor.destination.labels),
        mirror=url_for("pages.corridor", code=mirror.code) if mirror else "",
        demonstration=corridor.demonstration,
        finding=standing.finding(found, _("No commitment in force names this corridor yet.")),
        total=found.total,
        shares=listing.shares(
            found.counts,
            lambda status: url_for("pages.commitments", corridor=code, status=status),
        ),
        figures=_figures(corridor),
        domestic_work=str(_DOMESTIC_WORK.get(evidenced, "")),
        domestic_work_source=source(corridor.domestic_work_source, ""),
        map=corridor_map(corridor),
        agreements=reference.agreements(agreed),
    )


def _figures(corridor: Corridor) -> list[Figure]:
    """Return the estimate, and the national figure beside it where there is one."""
    split = own_split(corridor.women_2020, corridor.sex_split_quality)
    found = []
    if corridor.alt_figure:
        found.append(
            Figure(
                head=national_figure(corridor),
                people=format_number(corridor.alt_figure),
                women=_of_these(corridor.alt_women),
                beside="",
                source=figure_source(corridor, Basis.NATIONAL),
            )
        )
    if corridor.stock_2020:
        found.insert(
            0,
            Figure(
                head=_("Born in the one, living in the other, mid-2020, UN estimate"),
                people=format_number(corridor.stock_2020),
                women=_of_these(split),
                beside=""
                if split
                else _("The share of women was not estimated for this corridor."),
                source=figure_source(corridor, Basis.ESTIMATE),
            ),
        )
    return found


def _of_these(women: int | None) -> str:
    return _("of these %(count)s women", count=format_number(women)) if women else ""


def end(
    key: str,
    country: Country | None,
    *,
    bodies: Sequence[Body],
    commitments: Sequence[ListedCommitment],
    notes: Page[NoteLine],
) -> End:
    """Return one end of a corridor; without a country, whoever speaks from neither end."""
    roles = {"origin": _("Origin"), "destination": _("Destination")}
    return End(
        key=key,
        role=roles.get(key, ""),
        name=label(country.labels) if country else _("From elsewhere, and regional"),
        language=label_language(country.labels) if country else "",
        url=url_for("pages.country", iso2=country.iso2) if country else "",
        groups=heard.groups([b for b in bodies if b.constituent.country_iso2 == country.iso2])
        if country
        else (),
        commitments=commitments,
        notes=notes,
    )
