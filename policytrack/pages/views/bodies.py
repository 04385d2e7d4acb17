"""Answer requests for organisations."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Response, render_template, request, url_for

from policytrack.commitments.queries import Filters
from policytrack.constituents import queries as constituents
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.forms import clean_line
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.library.queries import Filters as Shelved
from policytrack.pages import queries
from policytrack.pages.presenters import downloads, tables
from policytrack.pages.presenters.bodies import BodyFilters, bodies_page, body_page
from policytrack.pages.presenters.meetings import programme_lines
from policytrack.pages.views.common import (
    asked_page,
    beginning,
    blueprint,
    notes_of,
    shelf,
)
from policytrack.pages.views.promised import (
    OF_A_LIST,
    addresses,
    commitments_table,
    hand_over,
    promised,
)
from policytrack.programmes import queries as programmes
from policytrack.progress import queries as progress
from policytrack.progress.models import Note

_COUNTRY = re.compile(r"[A-Z]{2}|regional")
_LONGEST = 100


def _filters() -> BodyFilters:
    """Read the filters from the address; what makes no sense is left aside."""
    country, group = request.args.get("country", ""), request.args.get("group", "")
    return BodyFilters(
        country=country if _COUNTRY.fullmatch(country) else "",
        group=group if group in set(Group) else "",
        words=clean_line(request.args.get("q", "")[:_LONGEST]),
    )


def _listed() -> list[Constituent]:
    return constituents.listed(session(), current_actor(), language=language().code)


@blueprint.get("/constituents", endpoint="constituents")
@requires(Permission.PUBLISHED_READ)
def constituents_list() -> str:
    """List organisations by country and group."""
    filters = _filters()
    return render_template(
        "pages/constituents.html",
        page=bodies_page(_listed(), filters, asked_page()),
        data=addresses(
            "pages.constituents_data",
            kinds=OF_A_LIST,
            country=filters.country,
            group=filters.group,
            q=filters.words,
        ),
    )


@blueprint.get("/constituents/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def constituents_data(kind: str) -> Response:
    """Hand over the organisations that the filters leave as data."""
    filters = _filters()
    found = [body for body in _listed() if filters.keeps(body)]
    address = url_for(
        "pages.constituents",
        country=filters.country or None,
        group=filters.group or None,
        q=filters.words or None,
        _external=True,
    )
    return hand_over(
        kind, "organisations", _("Organisations"), address, [tables.organisations(found)]
    )


@blueprint.get("/constituents/<public_id>")
@requires(Permission.PUBLISHED_READ)
def constituent(public_id: str) -> str:
    """Say what an organisation promised, what it last said, and what it owes."""
    current, actor = session(), current_actor()
    body = constituents.of_public_id(current, actor, public_id)
    supported, supported_rows = beginning(Filters(supporter=public_id))
    about = Note.constituent_id == body.id
    return render_template(
        "pages/constituent.html",
        page=body_page(
            body,
            progress.silence(current, body, clock.now())
            if actor.may(Permission.SILENCE_READ)
            else None,
            office=actor.may(Permission.REFERENCE_MANAGE),
        ),
        led=promised(Filters(lead=public_id), _("It leads no commitment in force.")),
        supported=supported,
        supported_rows=supported_rows,
        kept=programme_lines(programmes.programmes(current, programmes.kept_by([body.id]))),
        notes=notes_of(progress.published(current, about, asked_page())),
        shelf=shelf(Shelved(organisation=public_id)),
        last=notes_of(progress.published(current, about, size=1)).items,
        data=addresses(
            "pages.constituent_data",
            tables=("organisations", "commitments", "supported", "progress_notes"),
            public_id=public_id,
        ),
    )


@blueprint.get("/constituents/<public_id>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def constituent_data(public_id: str, kind: str) -> Response:
    """Hand over what an organisation promised and reported as data."""
    current = session()
    body = constituents.of_public_id(current, current_actor(), public_id)
    reports = queries.reports(current, Note.constituent_id == body.id)
    return hand_over(
        kind,
        f"organisation-{body.code}",
        label(body.labels),
        url_for("pages.constituent", public_id=public_id, _external=True),
        [
            tables.organisations([body]),
            commitments_table(Filters(lead=public_id)),
            replace(
                commitments_table(Filters(supporter=public_id)),
                name="supported",
                title=_("Supported commitments"),
            ),
            downloads.notes_table(reports),
        ],
    )
