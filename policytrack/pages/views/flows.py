"""Answer requests for corridors as a whole: map, matrix, table, and both as files."""

from __future__ import annotations

from flask import Response, render_template, request

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.exports import responses
from policytrack.pages.presenters import flows as presenters
from policytrack.pages.queries import flows as queries
from policytrack.pages.views.common import asked_page, blueprint
from policytrack.pages.views.promised import OF_A_LIST, addresses


@blueprint.get("/corridors")
@requires(Permission.PUBLISHED_READ)
def flows() -> str:
    """Show corridors as a map, a matrix of origin and destination, and a table."""
    filters = queries.parse(request.args)
    return render_template(
        "pages/flows.html",
        page=presenters.flows_page(queries.flows(session()), filters, asked_page()),
        care=presenters.care(),
        source=presenters.source(),
        data=addresses("pages.flows_data", kinds=OF_A_LIST, **filters.address),
    )


@blueprint.get("/corridors.<any(csv, json, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def flows_data(kind: str) -> Response:
    """Hand over the corridors as data, with their sources."""
    filters = queries.parse(request.args)
    found = presenters.download(queries.flows(session()), filters, clock.now())
    return responses.answer(found, kind)


@blueprint.get("/corridors.svg")
@requires(Permission.PUBLISHED_READ)
def flows_picture() -> Response:
    """Hand over the map as a picture that says what it shows, and its sources."""
    filters = queries.parse(request.args)
    picture = presenters.picture(queries.flows(session()), filters)
    response = Response(
        render_template("pages/flows.svg", picture=picture), mimetype="image/svg+xml"
    )
    response.headers.set("Content-Disposition", "attachment", filename="corridors.svg")
    return response
