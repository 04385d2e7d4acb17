"""Answer requests for the list of documents, and for the citations of a whole list."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.exports import responses
from policytrack.library import queries
from policytrack.library.presenters import citations, handover, listing
from policytrack.library.queries import Held
from policytrack.library.views.common import blueprint


@blueprint.get("/library", endpoint="list")
@requires(Permission.PUBLISHED_READ)
def documents() -> str:
    """List the documents that the reader may read, narrowed by what the address says."""
    current, actor, now = session(), current_actor(), clock.now()
    filters = queries.parse(request.args)
    page = queries.listing(current, actor, filters, now)
    choices = listing.filters_of(queries.options(current, actor, now), filters)
    return render_template(
        "library/list.html",
        page=page,
        rows=listing.rows(page.items, now),
        filters=filters,
        choices=choices,
        in_use=listing.in_use(choices, filters),
        found=listing.found_sentence(page.total),
        data=_addresses("library.data", filters, ("xlsx", "csv", "json")),
        citations=_addresses("library.citations", filters, citations.KINDS),
    )


def _addresses(endpoint: str, filters: queries.Filters, kinds: Any) -> dict[str, str]:
    given: dict[str, Any] = dict(filters.active)
    return {kind: url_for(endpoint, kind=kind, **given) for kind in kinds}


@blueprint.get("/library/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def data(kind: str) -> Response:
    """Hand over the documents that the reader may read, narrowed by what the address says."""
    current, actor, now = session(), current_actor(), clock.now()
    filters = queries.parse(request.args)
    ties = queries.relations(current, actor, now)
    found = [
        handover.given(
            actor, Held(document, document.published, ties.get(document.published.id, ()))
        )
        for document in queries.everything(current, actor, filters, now)
        if document.published is not None
    ]
    given: dict[str, Any] = dict(filters.active)
    address = url_for("library.list", _external=True, **given)
    return responses.answer(handover.download([handover.table(found)], address, now), kind)


@blueprint.get("/library/citations.<any(bib, ris, json):kind>", endpoint="citations")
@requires(Permission.PUBLISHED_READ)
def cite_all(kind: str) -> Response:
    """Hand over how to cite every document of a list, as a file for reference managers."""
    current, actor, now = session(), current_actor(), clock.now()
    found = queries.everything(current, actor, queries.parse(request.args), now)
    titles = queries.originals(current, actor, None, now)
    return citations.answer(
        [citations.citable(actor, document, titles) for document in found], kind, "library", now
    )
