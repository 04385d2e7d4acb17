"""Answer requests for good practices: their list, and some beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, render_template, request, url_for

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.library import queries
from policytrack.library.presenters import citations, listing
from policytrack.library.presenters import practices as presented
from policytrack.library.rules import Type
from policytrack.library.views.common import blueprint
from policytrack.library.views.listing import cited

# No page of the site asks for more at once.
_MOST_ASKED = 20


@blueprint.get("/library/practices")
@requires(Permission.PUBLISHED_READ)
def practices() -> str:
    """List the practices that the reader may read; those ticked can be compared."""
    current, actor, now = session(), current_actor(), clock.now()
    filters = queries.parse_practices(request.args)
    page = queries.listing(current, actor, filters, now)
    names = queries.practice_names(current)
    options = queries.options(current, actor, now, kind=Type.PRACTICE)
    choices = presented.filters_of(options, queries.marks(current, actor, now), names, filters)
    # What was ticked on another page of the list stays ticked.
    asked = request.args.getlist("practice")[:_MOST_ASKED]
    ticked = queries.practices(current, actor, asked, now)[: presented.MOST_COMPARED]
    rows = presented.rows(page.items, names, [each.public_id for each in ticked], now)
    shown = {row.public_id for row in rows}
    elsewhere = [each for each in ticked if each.public_id not in shown]
    return render_template(
        "library/practices.html",
        page=page,
        rows=rows,
        kept=[each.public_id for each in ticked],
        elsewhere=presented.rows(elsewhere, names, [each.public_id for each in elsewhere], now),
        filters=filters,
        choices=choices,
        in_use=listing.in_use(choices, filters),
        found=listing.found_practices(page.total),
        most=presented.MOST_COMPARED,
        data=_addresses("pages.practices_data", filters, ("xlsx", "csv", "json")),
        citations=_addresses("library.practices_citations", filters, citations.KINDS),
    )


def _addresses(
    endpoint: str, filters: queries.PracticeFilters, kinds: Iterable[str]
) -> dict[str, str]:
    given: dict[str, Any] = dict(filters.active)
    return {kind: url_for(endpoint, kind=kind, **given) for kind in kinds}


@blueprint.get(
    "/library/practices/citations.<any(bib, ris, json):kind>", endpoint="practices_citations"
)
@requires(Permission.PUBLISHED_READ)
def cite_practices(kind: str) -> Response:
    """Hand over how to cite every practice of the list, as a file for reference managers."""
    return cited(queries.parse_practices(request.args), kind, "practices")


@blueprint.get("/library/practices/compare")
@requires(Permission.PUBLISHED_READ)
def compare_practices() -> str:
    """Set practices beside each other, field by field."""
    current, actor, now = session(), current_actor(), clock.now()
    asked = list(dict.fromkeys(request.args.getlist("practice")))[:_MOST_ASKED]
    found = queries.practices(current, actor, asked, now)
    compared = found[: presented.MOST_COMPARED]
    return render_template(
        "library/compare_practices.html",
        table=presented.comparison(actor, compared, queries.practice_names(current)),
        # Said alike of what there is not, and of what the reader may not read.
        missing=len(found) < len(asked),
        beyond=presented.titles(found[presented.MOST_COMPARED :]),
        most=presented.MOST_COMPARED,
    )
