"""Hand over laws compared, and the list of practices, as data."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.exports import responses
from policytrack.library import lawtable
from policytrack.library import queries as library
from policytrack.library.presenters import handover
from policytrack.pages.presenters import laws
from policytrack.pages.views.common import blueprint


@blueprint.get("/library/laws.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def laws_data(kind: str) -> Response:
    """Hand over what the page of laws compared shows, a row for each point."""
    now = clock.now()
    found = lawtable.answer(session(), current_actor(), request.args, now)
    return responses.answer(laws.download(found.asked, found.table, now), kind)


@blueprint.get("/library/practices.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def practices_data(kind: str) -> Response:
    """Hand over the practices that the reader may read, narrowed by what the address says."""
    actor, now = current_actor(), clock.now()
    filters = library.parse_practices(request.args)
    found = (handover.given(actor, held) for held in library.listed(session(), actor, filters, now))
    given: dict[str, Any] = dict(filters.active)
    address = url_for("library.practices", _external=True, **given)
    return responses.answer(handover.download([handover.table(found)], address, now), kind)
