"""Read corridors with their figures and with how many commitments name them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments.models import Commitment, revision_corridor
from policytrack.commitments.queries.filters import Given
from policytrack.places import rules
from policytrack.places.models import Corridor, Country


class Measure(StrEnum):
    """Name what a corridor is measured by."""

    PEOPLE = "people"
    COMMITMENTS = "commitments"


@dataclass(frozen=True, slots=True)
class Flow:
    """Hold a corridor, the figure to show of it, and how many commitments in force name it."""

    corridor: Corridor
    figure: rules.Figure
    commitments: int

    def size(self, measure: Measure) -> int:
        """Return how much the corridor measures; 0 where nothing is known."""
        return self.commitments if measure is Measure.COMMITMENTS else self.figure.people or 0


_SHAPES: Mapping[str, re.Pattern[str]] = {
    "cluster": re.compile(r"[a-z-]{1,40}"),
    "country": re.compile(r"[A-Z]{2}"),
    "corridor": re.compile(r"[A-Z]{2}-[A-Z]{2}"),
    "committed": re.compile("1"),
    "measure": re.compile("|".join(Measure)),
}


@dataclass(frozen=True, slots=True)
class FlowFilters:
    """Hold what the corridors are narrowed by; field names are the names of the parameters."""

    cluster: str = ""
    country: str = ""  # one of both ends
    corridor: str = ""
    committed: str = ""
    measure: Measure = Measure.PEOPLE

    @property
    def address(self) -> Mapping[str, str]:
        """Return the parameters that lead here again."""
        given = {item.name: str(getattr(self, item.name)) for item in fields(self)}
        return {
            name: value for name, value in given.items() if value and value != Measure.PEOPLE.value
        }

    @property
    def narrowed(self) -> bool:
        """Return whether some corridors are left out."""
        return replace(self, measure=Measure.PEOPLE) != FlowFilters()


def parse(given: Given) -> FlowFilters:
    """Return the filters of an address; what makes no sense is left aside."""
    shaped = {
        name: value
        for name, shape in _SHAPES.items()
        if (value := given.get(name) or "") and shape.fullmatch(value)
    }
    measure = Measure(shaped.pop("measure", Measure.PEOPLE))
    return FlowFilters(**shaped, measure=measure)


def flows(session: Session) -> Sequence[Flow]:
    """Return all corridors, in two queries however many there are."""
    named = commitments_by_corridor(session)
    rows = session.scalars(
        select(Corridor)
        .options(
            joinedload(Corridor.origin).joinedload(Country.region),
            joinedload(Corridor.destination).joinedload(Country.region),
        )
        .order_by(Corridor.code)
    )
    return [flow(row, named.get(row.id, 0)) for row in rows]


def flow(corridor: Corridor, commitments: int = 0) -> Flow:
    """Return a corridor with the figure to show of it."""
    return Flow(
        corridor=corridor,
        figure=rules.figure(
            stock=corridor.stock_2020,
            women=corridor.women_2020,
            split=corridor.sex_split_quality,
            national=corridor.alt_figure,
            national_women=corridor.alt_women,
            population=corridor.alt_population,
            confidence=corridor.confidence,
        ),
        commitments=commitments,
    )


def narrowed(flows: Sequence[Flow], filters: FlowFilters) -> list[Flow]:
    """Return the flows that the filters leave, the largest first."""
    kept = [
        each
        for each in flows
        if filters.cluster in ("", each.corridor.cluster)
        and filters.corridor in ("", each.corridor.code)
        and filters.country in ("", each.corridor.origin_iso2, each.corridor.destination_iso2)
        and (not filters.committed or each.commitments)
    ]
    return sorted(kept, key=lambda each: (-each.size(filters.measure), each.corridor.code))


def commitments_by_corridor(session: Session) -> Mapping[int, int]:
    """Return how many commitments in force name each corridor, by its id."""
    rows = session.execute(
        select(revision_corridor.c.corridor_id, func.count())
        .join(Commitment, Commitment.in_force_id == revision_corridor.c.revision_id)
        .group_by(revision_corridor.c.corridor_id)
    )
    return {row[0]: row[1] for row in rows}
