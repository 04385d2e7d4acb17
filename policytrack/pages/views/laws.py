"""Hand over laws compared as data."""

from __future__ import annotations

from flask import Response, request

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.exports import responses
from policytrack.library import lawtable
from policytrack.pages.presenters import laws
from policytrack.pages.views.common import blueprint


@blueprint.get("/library/laws.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def laws_data(kind: str) -> Response:
    """Hand over what the page of laws compared shows, a row for each point."""
    now = clock.now()
    found = lawtable.answer(session(), current_actor(), request.args, now)
    return responses.answer(laws.download(found.asked, found.table, now), kind)
