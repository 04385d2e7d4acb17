"""Show where the whole stands: by status, by key area, and how the last round went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from policytrack.constituents.presenters import group_words
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language
from policytrack.frameworks.models import Theme
from policytrack.pages.presenters.listing import ListedCommitment, Share, shares
from policytrack.pages.presenters.maps import SMALL, FlowMap, draw, finding
from policytrack.pages.presenters.meetings import DialogueLine
from policytrack.pages.presenters.standing import finding as standing_finding
from policytrack.pages.queries import Standing, Turnout
from policytrack.pages.queries.flows import Flow, FlowFilters, Measure, narrowed
from policytrack.places.models import Region
from policytrack.rounds.models import Round

# More arrows than this hide each other on a small map; the page of corridors draws all.
_DRAWN = 20


@dataclass(frozen=True, slots=True)
class Area:
    """Hold a key area with how many of its commitments have each status."""

    name: str
    language: str
    url: str
    total: int
    shares: Sequence[Share]


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold how many organisations were asked, and how many of them reported."""

    asked: int
    reported: int


@dataclass(frozen=True, slots=True)
class TurnoutTable:
    """Hold how a round went: by group, and by region; None in a cell where nobody was asked."""

    round: str
    open: bool
    groups: Sequence[tuple[str, Turn]]
    regions: Sequence[tuple[str, Sequence[Turn | None]]]

    @property
    def asked(self) -> int:
        """Return how many organisations were asked."""
        return sum(turn.asked for _word, turn in self.groups)

    @property
    def reported(self) -> int:
        """Return how many organisations reported."""
        return sum(turn.reported for _word, turn in self.groups)


@dataclass(frozen=True, slots=True)
class Whole:
    """Hold the state of the whole."""

    finding: str
    total: int
    shares: Sequence[Share]


@dataclass(frozen=True, slots=True)
class Wide:
    """Hold what else there is to know of the whole: key areas, the round, corridors, what is new.

    Of `corridors` the map draws the `drawn` largest.
    """

    areas: Sequence[Area]
    turnout: TurnoutTable | None
    map: FlowMap | None
    corridors: int
    drawn: int
    accepted: Sequence[ListedCommitment]
    dialogues: Sequence[DialogueLine]


def whole(standing: Standing) -> Whole:
    """Return where all commitments in force stand."""
    return Whole(
        finding=standing_finding(standing, _("No commitment is in force yet.")),
        total=standing.total,
        shares=shares(standing.counts, lambda status: url_for("pages.commitments", status=status)),
    )


def wide(
    themes: Sequence[Theme],
    by_area: Mapping[str, Standing],
    flows: Sequence[Flow],
    *,
    turnout: TurnoutTable | None,
    accepted: Sequence[ListedCommitment],
    dialogues: Sequence[DialogueLine],
) -> Wide:
    """Return the wide view; `themes` are the key areas."""
    return Wide(
        areas=[_area(theme, by_area.get(theme.code, Standing({}))) for theme in themes],
        turnout=turnout,
        map=_map(flows),
        corridors=len(flows),
        drawn=min(_DRAWN, len(flows)),
        accepted=accepted,
        dialogues=dialogues,
    )


def _area(theme: Theme, standing: Standing) -> Area:
    code = theme.code
    return Area(
        name=label(theme.labels),
        language=label_language(theme.labels),
        url=url_for("pages.theme", code=code),
        total=standing.total,
        shares=shares(
            standing.counts, lambda status: url_for("pages.commitments", theme=code, status=status)
        ),
    )


def _map(flows: Sequence[Flow]) -> FlowMap | None:
    found = narrowed(flows, FlowFilters())
    if not found:
        return None
    title = finding(found, Measure.PEOPLE)
    return draw(found[:_DRAWN], Measure.PEOPLE, SMALL, key="map", title=title)


def turnout_table(
    found: Sequence[Turnout], regions: Mapping[str, Region], reporting_round: Round, *, opened: bool
) -> TurnoutTable:
    """Return how a round went, groups in their order, regions in theirs, regional bodies last."""
    words = group_words()
    cells = {(each.region, each.group): Turn(each.asked, each.reported) for each in found}
    keys = [*(code for code in regions if any(key == code for key, _group in cells)), None]
    rows = [
        (
            label(regions[key].labels) if key else _("Regional organisations"),
            [cells.get((key, group)) for group in words],
        )
        for key in keys
        if key or any(region is None for region, _group in cells)
    ]
    return TurnoutTable(
        round=reporting_round.name,
        open=opened,
        groups=[(word, _sum(cells, group)) for group, word in words.items()],
        regions=rows,
    )


def _sum(cells: Mapping[tuple[str | None, str], Turn], group: str) -> Turn:
    found = [turn for (_region, of), turn in cells.items() if of == group]
    return Turn(sum(turn.asked for turn in found), sum(turn.reported for turn in found))
