"""Answer requests for countries and territories, and for corridors."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, render_template, url_for
from sqlalchemy import ColumnElement, case

from policytrack.commitments import queries as commitments
from policytrack.constituents.models import Constituent
from policytrack.core import clock, i18n
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.exports.tables import Table
from policytrack.library.queries import Filters as Shelved
from policytrack.pages import presenters, queries
from policytrack.pages.presenters import downloads, flows, tables
from policytrack.pages.presenters.corridor import End, corridor_page, end
from policytrack.pages.presenters.country import country_page
from policytrack.pages.presenters.meetings import dialogue_lines, document_lines, programme_lines
from policytrack.pages.queries import Body
from policytrack.pages.queries import flows as flow_queries
from policytrack.pages.views.common import (
    asked_page,
    beginning,
    blueprint,
    notes_of,
    shelf,
)
from policytrack.pages.views.promised import (
    OF_A_LIST,
    addresses,
    commitments_where,
    dialogues_table,
    hand_over,
)
from policytrack.places import queries as places
from policytrack.places.models import Corridor
from policytrack.progress import queries as progress
from policytrack.rounds import queries as rounds

# In the order of the page's data.
_TABLES = (
    "commitments",
    "progress_notes",
    "corridors",
    "ratifications",
    "agreements",
    "organisations",
    "places",
    "dialogues",
    "programmes",
)
# Both ends stand side by side: a few of each, and the way to all of them.
_AT_AN_END = 5


@blueprint.get("/places", endpoint="places")
@requires(Permission.PUBLISHED_READ)
def places_list() -> str:
    """List countries and territories by region, and corridors."""
    current = session()
    return render_template(
        "pages/places.html",
        regions=presenters.regions(
            places.countries(current), queries.commitments_by_country(current)
        ),
        corridors=presenters.corridor_rows(flow_queries.flows(current)),
        care=flows.care(),
        source=flows.source(),
        data=addresses("pages.places_data", kinds=OF_A_LIST),
    )


@blueprint.get("/places/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def places_data(kind: str) -> Response:
    """Hand over countries and territories as data, with sources."""
    address = url_for("pages.places", _external=True)
    table = downloads.places_table(places.countries(session()))
    return hand_over(kind, "places", _("Countries and territories"), address, [table])


@blueprint.get("/countries/<iso2>")
@requires(Permission.PUBLISHED_READ)
def country(iso2: str) -> str:
    """Say where things stand in a country or territory."""
    current = session()
    place = places.country(current, iso2)
    corridors = places.corridors_of(current, iso2)
    codes = [each.code for each in corridors]
    about = progress.about_country(iso2)
    concerns = commitments.concerns_country(iso2)
    _page, rows = beginning(commitments.Filters(country=iso2))
    return render_template(
        "pages/country.html",
        page=country_page(
            place,
            found=queries.standing(current, concerns, today=clock.now().date()),
            bodies=_bodies([iso2], concerns),
            corridors=corridors,
            named=flow_queries.commitments_by_corridor(current),
            ratified=queries.ratifications(current, iso2),
            agreed=queries.agreements(current, codes),
        ),
        rows=rows,
        notes=notes_of(progress.published(current, about, asked_page())),
        documents=document_lines(queries.documents(current, about, asked_page("documents"))),
        shelf=shelf(Shelved(country=iso2)),
        dialogues=dialogue_lines(queries.dialogues(current, [iso2], codes)),
        programmes=programme_lines(queries.programmes(current, iso2), iso2),
        care=flows.care(),
        estimates=flows.source(),
        data=addresses("pages.country_data", tables=_TABLES, iso2=iso2),
    )


@blueprint.get("/countries/<iso2>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def country_data(iso2: str, kind: str) -> Response:
    """Hand over what the page of a country or territory says as data, with sources."""
    current = session()
    place = places.country(current, iso2)
    concerns = commitments.concerns_country(iso2)
    corridors = places.corridors_of(current, iso2)
    parts = [
        *_told(concerns, progress.about_country(iso2), corridors),
        downloads.ratifications_table(queries.ratifications(current, iso2)),
        downloads.agreements_table(queries.agreements(current, [each.code for each in corridors])),
        downloads.organisations_table(_bodies([iso2], concerns)),
        downloads.places_table([place]),
        dialogues_table(queries.dialogues(current, [iso2], [each.code for each in corridors])),
        tables.programmes(queries.programmes(current, iso2)),
    ]
    address = url_for("pages.country", iso2=iso2, _external=True)
    return hand_over(kind, iso2, label(place.labels), address, parts)


@blueprint.get("/corridors/<code>")
@requires(Permission.PUBLISHED_READ)
def corridor(code: str) -> str:
    """Say where things stand between an origin and a destination."""
    current = session()
    place = places.corridor(current, code)
    both = [place.origin_iso2, place.destination_iso2]
    about, names = progress.about_corridor(place), commitments.names_corridor(code)
    origin, destination, elsewhere = _ends(place, about, _bodies(both, names, about))
    return render_template(
        "pages/corridor.html",
        page=corridor_page(
            place,
            places.mirror(current, place),
            found=queries.standing(current, names, today=clock.now().date()),
            agreed=queries.agreements(current, [code]),
        ),
        ends=[origin, destination],
        elsewhere=elsewhere,
        documents=document_lines(queries.documents(current, about, asked_page("documents"))),
        shelf=shelf(Shelved(corridor=code)),
        dialogues=dialogue_lines(queries.dialogues(current, corridors=[code])),
        programmes=programme_lines(queries.programmes(current, *both)),
        data=addresses("pages.corridor_data", tables=_TABLES, code=code),
    )


@blueprint.get("/corridors/<code>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def corridor_data(code: str, kind: str) -> Response:
    """Hand over what the page of a corridor says as data, with sources."""
    current = session()
    place = places.corridor(current, code)
    both = [place.origin_iso2, place.destination_iso2]
    about, names = progress.about_corridor(place), commitments.names_corridor(code)
    ratified = [row for iso2 in both for row in queries.ratifications(current, iso2)]
    parts = [
        *_told(names, about, [place]),
        downloads.ratifications_table(ratified),
        downloads.agreements_table(queries.agreements(current, [code])),
        downloads.organisations_table(_bodies(both, names, about)),
        downloads.places_table([place.origin, place.destination]),
        dialogues_table(queries.dialogues(current, corridors=[code])),
        tables.programmes(queries.programmes(current, *both)),
    ]
    title = _(
        "From %(origin)s to %(destination)s",
        origin=label(place.origin.labels),
        destination=label(place.destination.labels),
    )
    address = url_for("pages.corridor", code=code, _external=True)
    return hand_over(kind, code, title, address, parts)


def _bodies(
    countries: Sequence[str],
    concerned: ColumnElement[bool],
    about: ColumnElement[bool] | None = None,
) -> Sequence[Body]:
    current = session()
    return queries.bodies(
        current,
        countries,
        concerned=concerned,
        about=about,
        rounds=rounds.every(current),
        now=clock.now(),
    )


def _ends(place: Corridor, about: ColumnElement[bool], bodies: Sequence[Body]) -> list[End]:
    """Return what both ends of a corridor say of it, and who is from neither."""
    current = session()
    part = case(
        (Constituent.country_iso2 == place.origin_iso2, "origin"),
        (Constituent.country_iso2 == place.destination_iso2, "destination"),
        else_="elsewhere",
    )
    led = commitments.beginnings(
        current,
        commitments.names_corridor(place.code),
        part,
        reader=i18n.language().code,
        size=_AT_AN_END,
    )
    claims = queries.claims(current, [row.id for page in led.values() for row in page.items])
    countries = {"origin": place.origin, "destination": place.destination, "elsewhere": None}
    notes = progress.published_by(
        current, about, part, asked={key: asked_page(key) for key in countries}, size=_AT_AN_END
    )
    return [
        end(
            key,
            country,
            bodies=bodies,
            commitments=presenters.listed(led[key], claims, clock.now().date())
            if key in led
            else (),
            notes=notes_of(notes[key]),
        )
        for key, country in countries.items()
    ]


def _told(
    concerns: ColumnElement[bool], about: ColumnElement[bool], corridors: Sequence[Corridor]
) -> list[Table]:
    current = session()
    named = flow_queries.commitments_by_corridor(current)
    figures = [flow_queries.flow(each, named.get(each.id, 0)) for each in corridors]
    return [
        commitments_where(concerns),
        downloads.notes_table(queries.reports(current, about)),
        flows.corridors_table(figures, flow_queries.FlowFilters()),
    ]
