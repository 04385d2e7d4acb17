"""Answer requests for countries and territories, and for corridors."""

from __future__ import annotations

from flask import render_template, url_for

from policytrack.commitments import queries as commitments
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.pages import presenters, queries
from policytrack.pages.views.common import asked_page, beginning, blueprint, notes_of
from policytrack.places import queries as places
from policytrack.progress import queries as progress


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
        corridors=presenters.corridor_rows(places.corridors(current)),
    )


@blueprint.get("/countries/<iso2>")
@requires(Permission.PUBLISHED_READ)
def country(iso2: str) -> str:
    """Say where things stand in a country or territory."""
    current = session()
    place = places.country(current, iso2)
    clause = commitments.concerns_country(iso2)
    page, rows = beginning(commitments.Filters(country=iso2))
    return render_template(
        "pages/country.html",
        country=place,
        page=page,
        rows=rows,
        shares=presenters.shares(
            queries.standing(current, clause).counts,
            lambda status: url_for("pages.commitments", country=iso2, status=status),
        ),
        heard=presenters.heard(queries.last_heard(current, iso2)),
        corridors=presenters.corridor_rows(places.corridors_of(current, iso2)),
        notes=notes_of(progress.published_for_country(current, iso2, asked_page())),
    )


@blueprint.get("/corridors/<code>")
@requires(Permission.PUBLISHED_READ)
def corridor(code: str) -> str:
    """Say where things stand between an origin and a destination."""
    current = session()
    place = places.corridor(current, code)
    page, rows = beginning(commitments.Filters(corridor=code))
    return render_template(
        "pages/corridor.html",
        corridor=place,
        line=presenters.corridor_rows([place])[0],
        alt_words=presenters.national_figure(place),
        mirror=places.mirror(current, place),
        page=page,
        rows=rows,
        notes=notes_of(progress.published_for_corridor(current, place, asked_page())),
    )
