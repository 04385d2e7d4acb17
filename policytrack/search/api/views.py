"""Answer programs."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for

from policytrack.core import problems
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, settings
from policytrack.search import engine
from policytrack.search.api import answers, openapi, parameters, telling
from policytrack.search.index.generations import Unusable
from policytrack.search.index.snapshot import search_of

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.after_request
def _for_any_site(response: Response) -> Response:
    # What a signed-in person may read is for this site's own pages alone.
    return response if current_actor().signed_in else problems.open_to_all(response)


def _json(said: dict[str, Any]) -> Response:
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"
    response = Response(body, content_type="application/json")
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@blueprint.get("/v1/search")
@requires(Permission.PUBLISHED_READ)
def search() -> Response:
    """Search, for programs."""
    wanted, faults = parameters.read(request.args, search_of(current_app).sources)
    if faults:
        kind = url_for("api.about", _external=True, _anchor="parameters")
        return problems.answer(
            400, _("Some parameters cannot be understood."), kind=kind, faults=faults
        )
    try:
        found = engine.search(current_app, wanted, actor=current_actor(), language=language().code)
    except Unusable:
        return problems.answer(
            503, _("The search index is being rebuilt. Ask again in a moment."), retry_after=5
        )
    return _json(answers.answer(found, wanted, request.args.to_dict(flat=False)))


@blueprint.get("/v1/openapi.json")
@requires(Permission.PUBLISHED_READ)
def description() -> Response:
    """Describe the interface, for programs."""
    return _json(openapi.document(settings().external_url, search_of(current_app).sources))


@blueprint.get("/v1")
@blueprint.get("")
@requires(Permission.PUBLISHED_READ)
def about() -> str:
    """Describe the interface, for people."""
    return render_template(
        "search/api.html",
        largest=parameters.LARGEST_PAGE,
        deepest=engine.LAST_PAGE,
        parameters=telling.PARAMETERS,
    )
