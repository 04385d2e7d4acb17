"""Answer requests for dialogues."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Response, render_template, request, url_for

from policytrack.core import clock
from policytrack.core.codes import is_code
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.dialogues import queries as dialogues
from policytrack.dialogues.models import Dialogue
from policytrack.library.models import LibraryDocument
from policytrack.pages.presenters import tables
from policytrack.pages.presenters.dialogues import dialogue_page, series_word, years
from policytrack.pages.presenters.shelf import shelf_holding
from policytrack.pages.presenters.terms import country_terms
from policytrack.pages.views.common import asked_page, blueprint
from policytrack.pages.views.promised import OF_A_LIST, addresses, dialogues_table, hand_over

_COUNTRY = re.compile(r"[A-Z]{2}")
_ALL = 10_000


def _asked() -> tuple[str, str]:
    """Return the series and the country that the address asks for; what is neither, left aside."""
    series, country = request.args.get("series", ""), request.args.get("country", "")
    return (
        series if is_code(series) else "",
        country if _COUNTRY.fullmatch(country) else "",
    )


@blueprint.get("/dialogues", endpoint="dialogues")
@requires(Permission.PUBLISHED_READ)
def dialogues_list() -> str:
    """List the meetings on labour migration by year, of a series or a country alone."""
    current = session()
    series, country = _asked()
    page = dialogues.timeline(current, series=series, country=country, page=asked_page())
    return render_template(
        "pages/dialogues.html",
        years=years(page.items),
        page=page,
        series=[(code, series_word(code)) for code in dialogues.series(current)],
        countries=country_terms(dialogues.countries(current)),
        asked={"series": series, "country": country},
        data=addresses("pages.dialogues_data", kinds=OF_A_LIST, series=series, country=country),
    )


@blueprint.get("/dialogues/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def dialogues_data(kind: str) -> Response:
    """Hand over the dialogues that the address asks for as data, with sources."""
    series, country = _asked()
    found = dialogues.timeline(session(), series=series, country=country, size=_ALL)
    address = url_for(
        "pages.dialogues", series=series or None, country=country or None, _external=True
    )
    table = dialogues_table(found.items)
    return hand_over(kind, "dialogues", _("Dialogues"), address, [table])


def _documents(found: Dialogue) -> Sequence[LibraryDocument]:
    """Return the documents that a dialogue names and the reader may read."""
    named = dialogues.documents(session(), current_actor(), [found.id], clock.now())
    return named.get(found.id, ())


@blueprint.get("/dialogues/<public_id>")
@requires(Permission.PUBLISHED_READ)
def dialogue(public_id: str) -> str:
    """Say what a dialogue was about, when and where it met, and who took part."""
    current = session()
    found = dialogues.dialogue(current, public_id)
    return render_template(
        "pages/dialogue.html",
        page=dialogue_page(found, dialogues.of_series(current, found)),
        public_id=public_id,
        documents=shelf_holding(_documents(found), clock.now()),
        office=current_actor().may(Permission.REFERENCE_MANAGE),
        data=addresses(
            "pages.dialogue_data", tables=("dialogues", "documents"), public_id=public_id
        ),
    )


@blueprint.get("/dialogues/<public_id>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def dialogue_data(public_id: str, kind: str) -> Response:
    """Hand over a dialogue as data, with its source."""
    found = dialogues.dialogue(session(), public_id)
    return hand_over(
        kind,
        f"dialogue-{found.code}",
        label(found.labels),
        url_for("pages.dialogue", public_id=public_id, _external=True),
        [dialogues_table([found]), tables.dialogue_documents(_documents(found))],
    )
