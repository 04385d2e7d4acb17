"""Show the corridors of a country by direction, each figure with what it counts and its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from policytrack.core.i18n import format_number, label
from policytrack.core.i18n import gettext as _
from policytrack.pages.presenters.places import national_figure
from policytrack.pages.presenters.sources import Source, source
from policytrack.pages.queries.flows import Flow, Measure
from policytrack.places.models import Corridor
from policytrack.places.rules import Basis


@dataclass(frozen=True, slots=True)
class EndLine:
    """Hold a corridor seen from one of its ends; `people` and `women` are empty where unknown."""

    code: str
    place: str
    url: str
    people: str
    women: str
    counted: str
    national: bool
    commitments: int
    weak: bool
    demonstration: bool
    source: Source | None


@dataclass(frozen=True, slots=True)
class Directions:
    """Hold where people go from a country, and from where they come; the largest first."""

    out: Sequence[EndLine]
    into: Sequence[EndLine]

    @property
    def total(self) -> int:
        """Return how many corridors there are."""
        return len(self.out) + len(self.into)


def directions(iso2: str, flows: Sequence[Flow]) -> Directions:
    """Return the corridors of a country by direction."""
    found = sorted(flows, key=lambda each: (-each.size(Measure.PEOPLE), each.corridor.code))
    return Directions(
        out=[_end(each, out=True) for each in found if each.corridor.origin_iso2 == iso2],
        into=[_end(each, out=False) for each in found if each.corridor.destination_iso2 == iso2],
    )


def _end(each: Flow, *, out: bool) -> EndLine:
    corridor, figure = each.corridor, each.figure
    end = corridor.destination if out else corridor.origin
    return EndLine(
        code=corridor.code,
        place=label(end.labels),
        url=url_for("pages.corridor", code=corridor.code),
        people=format_number(figure.people),
        women=format_number(figure.women),
        counted=counted(corridor, figure.basis),
        national=figure.basis is Basis.NATIONAL,
        commitments=each.commitments,
        weak=figure.weak,
        demonstration=corridor.demonstration,
        source=figure_source(corridor, figure.basis),
    )


def counted(corridor: Corridor, basis: Basis) -> str:
    """Return who was counted, when and by whom: what belongs beside a corridor's number."""
    if basis is Basis.NATIONAL:
        return national_figure(corridor)
    return _("Born in the one, living in the other") if basis is Basis.ESTIMATE else ""


def figure_source(corridor: Corridor, basis: Basis) -> Source | None:
    """Return where a corridor's number comes from, None where there is none."""
    if basis is Basis.NONE:
        return None
    if basis is Basis.NATIONAL:
        return source(corridor.alt_source, corridor.confidence)
    # One source for all estimates: named in full once, under the table.
    return source(_("UN DESA, 2020"), corridor.confidence)
