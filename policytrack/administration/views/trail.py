"""Show the trail, and hand it out as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for

from policytrack.administration import presenters, queries, words
from policytrack.administration.queries import PAGE, TrailFilters
from policytrack.administration.views.common import blueprint, page
from policytrack.constituents import queries as constituents
from policytrack.core import clock, db, paging
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission, Reach
from policytrack.core.requests import current_actor, requires, settings
from policytrack.exports import responses

# A workbook is made as a whole, and the trail has no end.
_KINDS = ("csv", "json")


def _acts(filters: TrailFilters) -> list[str] | None:
    return words.acts_called(filters.q) if filters.q else None


@blueprint.get("/trail")
@requires(Permission.TRAIL_READ)
def trail() -> Response:
    """Show who did what, the newest first, as far as the reader may know."""
    session, actor, filters = db.session(), current_actor(), TrailFilters.parse(request.args)
    found = queries.lines(session, actor, filters, acts=_acts(filters))
    entries = found[:PAGE]
    return page(
        "trail",
        rows=presenters.trail_rows(
            entries, queries.things(session, actor, entries, now=clock.now()), actor
        ),
        filters=filters,
        acts=words.ACTS,
        kinds=words.KINDS,
        organisations=_organisations(filters),
        addresses=actor.may(Permission.ADMINISTER),
        older=paging.here(before=str(entries[-1].id)) if len(found) > PAGE else "",
        newest=paging.here(before="") if filters.before else "",
        data={kind: _at("administration.trail_file", filters, kind=kind) for kind in _KINDS},
        designations=True,
    )


def _at(endpoint: str, filters: TrailFilters, **more: Any) -> str:
    query = urlencode(filters.given)
    address = url_for(endpoint, **more)
    return f"{address}?{query}" if query else address


def _organisations(filters: TrailFilters) -> list[tuple[str, str]]:
    """Return the organisations whose lines the reader may see, where there are several.

    Without those of which there is no line, unless one of them was asked for.
    """
    session, actor = db.session(), current_actor()
    bodies = constituents.listed(session, actor, language=language().code)
    if Reach.ANY not in actor.reaches(Permission.TRAIL_READ):
        bodies = [body for body in bodies if body.id in actor.own(Permission.TRAIL_READ)]
    if len(bodies) < 2:
        return []
    some = queries.spoken_of(session)
    return presenters.organisation_choices(
        body for body in bodies if body.id in some or body.public_id == filters.organisation
    )


@blueprint.get("/trail.<any(csv, json):kind>")
@requires(Permission.TRAIL_READ)
def trail_file(kind: str) -> Response:
    """Hand the same lines out as a table, with those of all pages."""
    session, actor, now = db.session(), current_actor(), clock.now()
    filters = TrailFilters.parse(request.args)
    made = presenters.download(
        (
            (entries, queries.things(session, actor, entries, now=now, with_addresses=False))
            for entries in queries.each_lines(session, actor, filters, acts=_acts(filters))
        ),
        actor,
        site=settings().external_url.rstrip("/"),
        address=_at("administration.trail", filters),
        now=now,
    )
    answer = responses.answer(made, kind)
    answer.headers["Cache-Control"] = "no-store"
    return answer
