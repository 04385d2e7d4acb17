"""Answer requests for the list of documents, and for the citations of a whole list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Response, render_template, request, url_for

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.exports import responses
from policytrack.library import queries
from policytrack.library.exchange.conversion import Names
from policytrack.library.exchange.profiles import PROFILE_NAMES, profiles
from policytrack.library.presenters import citations, handover, listing
from policytrack.library.presenters.theirs import in_columns_of, notes_on
from policytrack.library.rules import Type
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
        theirs=_theirs(filters),
        citations=_addresses("library.citations", filters, citations.KINDS),
    )


def _addresses(endpoint: str, filters: queries.Filters, kinds: Any) -> dict[str, str]:
    given: dict[str, Any] = dict(filters.active)
    return {kind: url_for(endpoint, kind=kind, **given) for kind in kinds}


def _theirs(filters: queries.Filters) -> list[tuple[str, str]]:
    """Return where a list of practices is handed over in other databases' columns."""
    if filters.type != Type.PRACTICE:
        return []
    given: dict[str, Any] = dict(filters.active)
    return [
        (PROFILE_NAMES[code], url_for("library.data", kind="csv", profile=code, **given))
        for code in profiles()
    ]


@blueprint.get("/library/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def data(kind: str) -> Response:
    """Hand over the documents that the reader may read, narrowed by what the address says.

    With `profile`, the practices among them, in the columns of another database.
    """
    filters = queries.parse(request.args)
    profile = profiles().get(request.args.get("profile", ""))
    given: dict[str, Any] = dict(filters.active)
    address = url_for("library.list", _external=True, **given)
    if profile is None:
        table, notes = handover.table(_given(filters)), []
    else:
        found = list(_given(replace(filters, type=Type.PRACTICE)))
        table = in_columns_of(profile, found, Names.of(queries.reference(session())))
        notes = notes_on(profile, found)
    return responses.answer(handover.download([table], address, clock.now(), notes), kind)


def _given(filters: queries.Filters) -> Iterator[handover.Given]:
    actor = current_actor()
    for held in queries.listed(session(), actor, filters, clock.now()):
        yield handover.given(actor, held)


@blueprint.get("/library/citations.<any(bib, ris, json):kind>", endpoint="citations")
@requires(Permission.PUBLISHED_READ)
def cite_all(kind: str) -> Response:
    """Hand over how to cite every document of a list, as a file for reference managers."""
    return cited(queries.parse(request.args), kind, "library")


def cited(filters: queries.Filters, kind: str, name: str) -> Response:
    """Answer with how to cite what the reader may read and filters leave."""
    current, actor, now = session(), current_actor(), clock.now()
    found = queries.everything(current, actor, filters, now)
    titles = queries.originals(current, actor, None, now)
    return citations.answer(
        [citations.citable(actor, document, titles) for document in found], kind, name, now
    )
