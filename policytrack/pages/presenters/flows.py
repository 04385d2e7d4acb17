"""Show corridors as a matrix, as a table and as data; the map is in `maps`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from textwrap import wrap

from flask import url_for

from policytrack.core import paging
from policytrack.core.i18n import (
    collated,
    designations,
    format_number,
    label,
    language,
    ngettext,
)
from policytrack.core.i18n import gettext as _
from policytrack.core.paging import Page
from policytrack.exports.tables import Cell as TableCell
from policytrack.exports.tables import Download, Field, Table, table_of
from policytrack.pages.presenters.maps import WIDE, FlowMap, draw, finding
from policytrack.pages.presenters.places import national_figure
from policytrack.pages.queries.flows import Flow, FlowFilters, Measure, narrowed
from policytrack.places.models import Country
from policytrack.places.rules import Basis, own_split
from policytrack.reference import queries as reference

# From how many on a cell is one step darker; its number always stands in it.
_STEPS: Mapping[Measure, Sequence[int]] = {
    Measure.PEOPLE: (1, 10_000, 100_000, 500_000, 1_000_000),
    Measure.COMMITMENTS: (1, 2, 3, 5, 8),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold a value that the corridors can be narrowed by."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold a corridor in the matrix; `notes` are words under its number."""

    url: str
    number: str
    notes: Sequence[str]
    step: int
    destination: str


@dataclass(frozen=True, slots=True)
class Head:
    """Hold a country or territory that heads a row or a column."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """Hold an origin with a cell for each destination; None where there is no corridor."""

    head: Head
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Hold destinations as columns, and origins as rows in groups by region."""

    columns: Sequence[Head]
    groups: Sequence[tuple[str, Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class Line:
    """Hold a corridor in the table, in words; empty where nothing is known.

    `counted` says what a national figure counts, `source` who gave it; an estimate is the UN's.
    """

    origin: str
    destination: str
    url: str
    people: str
    counted: str
    women: str
    beside: str
    weak: bool
    demonstration: bool
    commitments: int
    source: str


@dataclass(frozen=True, slots=True)
class FlowsPage:
    """Hold the page of corridors."""

    filters: FlowFilters
    clusters: Sequence[Choice]
    countries: Sequence[Choice]
    tags: Sequence[str]
    found: str
    title: str
    map: FlowMap | None
    matrix: Matrix
    lines: Page[Line]


def flows_page(flows: Sequence[Flow], filters: FlowFilters, asked: int = 1) -> FlowsPage:
    """Return the page of the corridors that the filters leave; `asked` is the page of the table."""
    kept = narrowed(flows, filters)
    title = finding(kept, filters.measure) if kept else ""
    clusters = _clusters(flows, filters)
    countries = _countries(flows, filters)
    chosen = [choice.label for choice in (*clusters, *countries) if choice.chosen]
    return FlowsPage(
        filters=filters,
        clusters=clusters,
        countries=countries,
        tags=[
            *chosen,
            *([filters.corridor] if filters.corridor else []),
            *([_("Named by commitments only")] if filters.committed else []),
        ],
        found=ngettext(
            "%(count)s corridor", "%(count)s corridors", len(kept), count=format_number(len(kept))
        ),
        title=title,
        map=draw(kept, filters.measure, WIDE, key="map", title=title),
        matrix=_matrix(kept, filters.measure),
        lines=_lines(kept, asked),
    )


@lru_cache(maxsize=1)
def _cluster_rows() -> Mapping[str, Mapping[str, str]]:
    rows = sorted(reference.packaged("clusters"), key=lambda row: int(row["position"]))
    return {row["code"]: reference.labels(row) for row in rows}


def cluster_name(code: str) -> str:
    """Return the name of a group of corridors in the reader's language."""
    return label(_cluster_rows().get(code, {})) or code


def _clusters(flows: Sequence[Flow], filters: FlowFilters) -> list[Choice]:
    used = {each.corridor.cluster for each in flows} - {""}
    order = [
        *(code for code in _cluster_rows() if code in used),
        *sorted(used - {*_cluster_rows()}),
    ]
    return [Choice(code, cluster_name(code), code == filters.cluster) for code in order]


def _countries(flows: Sequence[Flow], filters: FlowFilters) -> list[Choice]:
    ends = {
        country.iso2: label(country.labels)
        for each in flows
        for country in (each.corridor.origin, each.corridor.destination)
    }
    choices = [Choice(code, name, code == filters.country) for code, name in ends.items()]
    return collated(choices, [choice.label for choice in choices], language().code)


def _matrix(flows: Sequence[Flow], measure: Measure) -> Matrix:
    by_ends = {(each.corridor.origin_iso2, each.corridor.destination_iso2): each for each in flows}
    columns = _ordered([each.corridor.destination for each in flows])
    groups: dict[str, list[Row]] = {}
    for origin in _ordered([each.corridor.origin for each in flows]):
        found = [by_ends.get((origin.iso2, destination.iso2)) for destination in columns]
        row = Row(_head(origin), [_cell(each, measure) if each else None for each in found])
        groups.setdefault(label(origin.region.labels), []).append(row)
    return Matrix([_head(country) for country in columns], list(groups.items()))


def _ordered(countries: Sequence[Country]) -> list[Country]:
    """Return each country once: by region, in it by name."""
    unique = list({country.iso2: country for country in countries}.values())
    named = collated(unique, [label(country.labels) for country in unique], language().code)
    return sorted(named, key=lambda country: country.region.position)


def _head(country: Country) -> Head:
    return Head(label(country.labels), url_for("pages.country", iso2=country.iso2))


def _cell(each: Flow, measure: Measure) -> Cell:
    size = each.size(measure)
    notes = [_("Demonstration")] if each.corridor.demonstration else []
    if measure is Measure.PEOPLE:
        if each.figure.basis is Basis.NATIONAL:
            notes.append(_("national %(year)s", year=each.corridor.alt_year or ""))
        if each.figure.weak:
            notes.append(_("weak"))
    unknown = _("no estimate") if measure is Measure.PEOPLE else "0"
    return Cell(
        url=url_for("pages.corridor", code=each.corridor.code),
        number=format_number(size) if size else unknown,
        notes=notes,
        step=sum(size >= step for step in _STEPS[measure]),
        destination=label(each.corridor.destination.labels),
    )


def _lines(flows: Sequence[Flow], asked: int) -> Page[Line]:
    number, first = paging.offset(asked, len(flows))
    return Page(
        items=[_line(each) for each in flows[first : first + paging.SIZE]],
        number=number,
        total=len(flows),
        url=lambda number: f"{paging.here(page=str(number))}#table",
    )


def _line(each: Flow) -> Line:
    corridor, figure = each.corridor, each.figure
    national = national_figure(corridor) if corridor.alt_figure else ""
    beside = ""
    if figure.basis is Basis.NATIONAL and corridor.stock_2020:
        beside = _beside(corridor.stock_2020, _("UN estimate, 2020"))
    elif figure.basis is Basis.ESTIMATE and national:
        beside = _beside(corridor.alt_figure, national)
    return Line(
        origin=label(corridor.origin.labels),
        destination=label(corridor.destination.labels),
        url=url_for("pages.corridor", code=corridor.code),
        people=format_number(figure.people),
        counted=national if figure.basis is Basis.NATIONAL else "",
        women=format_number(figure.women),
        beside=beside,
        weak=figure.weak,
        demonstration=corridor.demonstration,
        commitments=each.commitments,
        source=corridor.alt_source if national else "",
    )


def _beside(number: int | None, words: str) -> str:
    return _("%(number)s: %(what)s", number=format_number(number), what=words)


def corridors_table(flows: Sequence[Flow], filters: FlowFilters) -> Table:
    """Return the corridors that the filters leave, with both their figures."""

    def corridor(column: str) -> Callable[[Flow], TableCell]:
        return lambda each: getattr(each.corridor, column)

    fields: list[Field[Flow]] = [
        ("code", _("Code"), corridor("code")),
        ("origin", _("Origin"), lambda each: label(each.corridor.origin.labels)),
        ("destination", _("Destination"), lambda each: label(each.corridor.destination.labels)),
        ("group", _("Group"), lambda each: cluster_name(each.corridor.cluster)),
        ("people", _("People"), lambda each: each.figure.people),
        ("basis", _("Basis"), lambda each: each.figure.basis.value),
        ("women", _("Of these women"), lambda each: each.figure.women),
        ("un_estimate_2020", _("UN estimate, 2020"), corridor("stock_2020")),
        (
            "un_women_2020",
            _("Of these women, UN estimate"),
            lambda each: own_split(each.corridor.women_2020, each.corridor.sex_split_quality),
        ),
        ("national_figure", _("National figure"), corridor("alt_figure")),
        ("national_qualifier", _("About, over or up to"), corridor("alt_qualifier")),
        ("national_population", _("Who was counted"), corridor("alt_population")),
        ("national_year", _("Year of the national figure"), corridor("alt_year")),
        ("national_women", _("Of these women, national"), corridor("alt_women")),
        ("national_source", _("Source of the national figure"), corridor("alt_source")),
        ("confidence", _("Confidence"), corridor("confidence")),
        ("source", _("Source"), corridor("source")),
        ("note", _("Note"), corridor("note")),
        ("demonstration", _("Demonstration"), corridor("demonstration")),
        ("commitments", _("Commitments in force"), lambda each: each.commitments),
        (
            "address",
            _("Address"),
            lambda each: url_for("pages.corridor", code=each.corridor.code, _external=True),
        ),
    ]
    return table_of("corridors", _("Corridors"), fields, narrowed(flows, filters))


def source() -> str:
    """Return who is to be named beside the estimates."""
    return _(
        "Source of the estimates: United Nations, Department of Economic and Social Affairs,"
        " International Migrant Stock 2020. Sources of national figures stand beside them."
    )


def care() -> str:
    """Return the sentences that a reader of these figures needs."""
    return _(
        "An estimate counts people of all ages born in the one place and living in the other in"
        " mid-2020; many corridors of temporary work are undercounted. A national figure stands in"
        " its place, except one that counts only a part of the people and is not larger. Women are"
        " given only where they were counted for the corridor itself. Where nothing is given there"
        " is no estimate; that does not mean nobody."
    )


def download(flows: Sequence[Flow], filters: FlowFilters, now: datetime) -> Download:
    """Return the corridors that the filters leave as data, with sources and the disclaimer."""
    return Download(
        name="corridors",
        title=_("Corridors"),
        address=url_for("pages.flows", **filters.address, _external=True),
        made_at=now,
        notes=[source(), care(), designations()],
        tables=[corridors_table(flows, filters)],
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold the map as a file of its own: lines of words above and below, in canvas units."""

    map: FlowMap | None
    title: Sequence[str]
    notes: Sequence[str]


def picture(flows: Sequence[Flow], filters: FlowFilters) -> Picture:
    """Return the map of the corridors that the filters leave, with what must be said under it."""
    page = flows_page(flows, filters)
    said = [
        *([words for _kind, words in page.map.legend] if page.map else []),
        source(),
        designations(),
        url_for("pages.flows", **filters.address, _external=True),
    ]
    return Picture(
        map=page.map,
        title=wrap(page.title or _("No corridor matches these filters."), 80),
        notes=[line for words in said for line in wrap(words, 140)],
    )
