"""Hand over the list of the library as data."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.exports import responses
from policytrack.library import queries as library
from policytrack.pages.presenters import documents
from policytrack.pages.views.common import blueprint


@blueprint.get("/library/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def library_data(kind: str) -> Response:
    """Hand over the documents that the reader may read, narrowed by what the address says."""
    actor, now = current_actor(), clock.now()
    filters = library.parse(request.args)
    found = library.everything(session(), actor, filters, now)
    given: dict[str, Any] = dict(filters.active)
    address = url_for("library.list", _external=True, **given)
    return responses.answer(documents.download(actor, found, address, now), kind)
