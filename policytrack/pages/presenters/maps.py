"""Draw corridors: the land, a band or thread for each, and names beside the points they join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from policytrack.core.i18n import format_number, label, language, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.text import isolated
from policytrack.pages import geometry, lettering
from policytrack.pages.geometry import Frame, Point
from policytrack.pages.lettering import Label
from policytrack.pages.queries.flows import Flow, Measure, flow
from policytrack.places import atlas
from policytrack.places.models import Corridor, Country
from policytrack.places.rules import Basis


@dataclass(frozen=True, slots=True)
class Style:
    """Hold how large a map is drawn, in units of its canvas, and how much is written on it."""

    width: int
    ratios: tuple[float, float]
    least: float  # degrees of longitude
    widest: float
    letters: float
    names: int
    dot: float
    # On a phone the same drawing is a third as wide: larger letters, fewer names. 0: no such set.
    phone_letters: float = 0
    phone_names: int = 0


WIDE = Style(1000, (1.5, 2.2), 40, 22, 13, 60, 3.5, phone_letters=36, phone_names=9)
# As wide as the column beside a page's text, and never drawn much smaller.
SMALL = Style(300, (1.1, 1.6), 24, 11, 12, 9, 3)
_NARROWEST = 1.2


@dataclass(frozen=True, slots=True)
class Band:
    """Hold a corridor as drawn; kind is `known`, `weak` (hollow) or `none` (dashed)."""

    path: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class FlowMap:
    """Hold what the map component draws; the same numbers stand in a table of the page."""

    id: str
    title: str
    summary: str
    frame: Frame
    coast: str
    bands: Sequence[Band]
    dots: Sequence[Point]
    dot: float
    labels: Sequence[Label]
    letters: float
    phone_labels: Sequence[Label]
    phone_letters: float
    legend: Sequence[tuple[str, str]]


def country_map(country: Country, corridors: Sequence[Corridor]) -> FlowMap | None:
    """Return the small map of the corridors that begin or end in a country or territory."""
    found = sorted(map(flow, corridors), key=lambda each: -each.size(Measure.PEOPLE))
    if not found:
        return None
    title = finding(found, Measure.PEOPLE)
    return draw(found, Measure.PEOPLE, SMALL, key=f"map-{country.iso2}", title=title)


def corridor_map(corridor: Corridor) -> FlowMap | None:
    """Return the small map of one corridor."""
    found = [flow(corridor)]
    title = finding(found, Measure.PEOPLE)
    return draw(found, Measure.PEOPLE, SMALL, key=f"map-{corridor.code}", title=title)


def draw(
    flows: Sequence[Flow], measure: Measure, style: Style, *, key: str, title: str
) -> FlowMap | None:
    """Return the map of flows, the largest first; None where no end has a position."""
    drawn = [each for each in flows if all(end in atlas.positions() for end in _ends(each))]
    if not drawn:
        return None
    places = _places(drawn)
    frame = geometry.fit(
        [atlas.positions()[code] for code in places],
        width=style.width,
        ratios=style.ratios,
        least=style.least,
        room=0.08,
    )
    points = {code: frame.at(*atlas.positions()[code]) for code in places}
    spots = [lettering.Spot(points[code], name) for code, name in places.items()]
    ways = [geometry.way(*_between(each, points), frame) for each in drawn]
    phone = style.phone_letters
    lines = [step for each in ways for step in each.steps(9)]
    return FlowMap(
        id=key,
        title=title,
        summary=_summary(flows, measure),
        frame=frame,
        coast=_coast(frame),
        bands=_bands(drawn, ways, measure, style),
        dots=[(round(x, 1), round(y, 1)) for x, y in points.values()],
        dot=style.dot,
        labels=lettering.place(
            spots,
            frame,
            size=style.letters,
            most=style.names,
            dot=style.dot,
            lines=lines,
        ),
        letters=style.letters,
        phone_labels=lettering.place(
            spots, frame, size=phone, most=style.phone_names, dot=style.dot, leaders=False
        )
        if phone
        else (),
        phone_letters=phone,
        legend=_legend(drawn, measure),
    )


# Frames follow from which corridors are shown: a few hundred at most.
@lru_cache(maxsize=256)
def _coast(frame: Frame) -> str:
    return geometry.coast(atlas.land(), frame)


def _ends(each: Flow) -> tuple[str, str]:
    return each.corridor.origin_iso2, each.corridor.destination_iso2


def _between(each: Flow, points: Mapping[str, Point]) -> tuple[Point, Point]:
    origin, destination = _ends(each)
    return points[origin], points[destination]


def _places(flows: Sequence[Flow]) -> dict[str, str]:
    """Return the names of both ends by code; ends of larger flows first."""
    return {
        country.iso2: label(country.labels)
        for each in flows
        for country in (each.corridor.destination, each.corridor.origin)
    }


def _bands(
    flows: Sequence[Flow], ways: Sequence[geometry.Way], measure: Measure, style: Style
) -> list[Band]:
    """Return threads first, then bands from the largest down, so that none hides a smaller one."""
    top = max(each.size(measure) for each in flows) or 1
    # A handful of commitments is no crowd: a band of one is three units wide.
    widest = style.widest if measure is Measure.PEOPLE else min(style.widest, 3 * top)
    found = []
    for each, along in zip(flows, ways, strict=True):
        size = each.size(measure)
        width = max(size / top * widest, _NARROWEST)
        weak = each.figure.weak and measure is Measure.PEOPLE
        found.append(
            Band(
                path=geometry.band(along, width, gap=style.dot)
                if size
                else geometry.thread(along, gap=style.dot),
                kind=("weak" if weak else "known") if size else "none",
                words=_(
                    "%(corridor)s: %(amount)s", corridor=name(each), amount=dated(each, measure)
                ),
            )
        )
    return sorted(found, key=lambda band: band.kind != "none")


def name(each: Flow) -> str:
    """Return both ends of a corridor as words inside a sentence."""
    corridor = each.corridor
    return _(
        "%(origin)s to %(destination)s",
        origin=isolated(label(corridor.origin.labels)),
        destination=isolated(label(corridor.destination.labels)),
    )


def amount(each: Flow, measure: Measure) -> str:
    """Return how much a corridor measures, in words."""
    size = each.size(measure)
    if measure is Measure.COMMITMENTS:
        return ngettext(
            "%(count)s commitment", "%(count)s commitments", size, count=format_number(size)
        )
    if not size:
        return _("no estimate")
    people = ngettext("%(count)s person", "%(count)s people", size, count=format_number(size))
    if each.figure.basis is not Basis.NATIONAL:
        return people
    qualified = {
        "about": _("about %(number)s", number=people),
        "over": _("over %(number)s", number=people),
        "up-to": _("up to %(number)s", number=people),
    }
    return qualified.get(each.corridor.alt_qualifier, people)


def dated(each: Flow, measure: Measure) -> str:
    """Return how much a corridor measures, who says so, and how far it can be trusted."""
    words = amount(each, measure)
    if measure is Measure.COMMITMENTS or each.figure.basis is Basis.NONE:
        return words
    year = each.corridor.alt_year
    basis = (
        _("UN estimate, 2020")
        if each.figure.basis is Basis.ESTIMATE
        else _("national figure, %(year)s", year=year)
        if year
        else _("national figure")
    )
    weak = each.figure.weak
    return (
        _("%(amount)s (%(basis)s, weak)", amount=words, basis=basis)
        if weak
        else _("%(amount)s (%(basis)s)", amount=words, basis=basis)
    )


def finding(flows: Sequence[Flow], measure: Measure) -> str:
    """Return the sentence that says what the map of these flows shows, the largest first."""
    first = flows[0]
    values = {"corridor": name(first), "amount": dated(first, measure)}
    if not first.size(measure):
        if measure is Measure.COMMITMENTS:
            return _("No commitment in force names one of these corridors yet")
        return ngettext(
            "There is no estimate for this corridor",
            "There is no estimate for any of these %(count)s corridors",
            len(flows),
            count=format_number(len(flows)),
        )
    if len(flows) == 1:
        return _("%(corridor)s: %(amount)s", **values)
    if measure is Measure.COMMITMENTS:
        return _("No corridor is named more often than %(corridor)s: %(amount)s", **values)
    return ngettext(
        "%(corridor)s is the largest of %(count)s corridor: %(amount)s",
        "%(corridor)s is the largest of %(count)s corridors: %(amount)s",
        len(flows),
        count=format_number(len(flows)),
        **values,
    )


def _summary(flows: Sequence[Flow], measure: Measure) -> str:
    sentences = [_("Arrows lead from origin to destination over a map of coastlines.")]
    known = [each for each in flows if each.size(measure)]
    if known:
        comma = "؛ " if language().code == "ar" else "; "
        largest = comma.join(f"{name(each)}, {amount(each, measure)}" for each in known[:5])
        sentences.append(_("The largest: %(corridors)s.", corridors=largest))
    if (unknown := len(flows) - len(known)) and measure is Measure.PEOPLE:
        sentences.append(_unknown(unknown))
    return " ".join(sentences)


def _unknown(count: int) -> str:
    return ngettext(
        "For %(count)s corridor there is no estimate.",
        "For %(count)s corridors there is no estimate.",
        count,
        count=format_number(count),
    )


def _legend(flows: Sequence[Flow], measure: Measure) -> list[tuple[str, str]]:
    """Return what the kinds of bands mean, of those that are drawn."""
    entries = []
    known = [each for each in flows if each.size(measure)]
    if len(known) > 1:
        entries.append(
            (
                "known",
                _("The wider, the more; the widest: %(amount)s", amount=amount(known[0], measure)),
            )
        )
    if measure is Measure.PEOPLE and any(each.figure.weak for each in known):
        entries.append(("weak", _("Hollow: a weak figure, not to be relied on")))
    if unknown := len(flows) - len(known):
        entries.append(
            (
                "none",
                _unknown(unknown)
                if measure is Measure.PEOPLE
                else _("Dashed: no commitment in force names it"),
            )
        )
    return entries
