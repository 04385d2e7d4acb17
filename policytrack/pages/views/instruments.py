"""Answer requests for instruments and their ratifications."""

from __future__ import annotations

from flask import Response, render_template, url_for

from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.frameworks import queries as frameworks
from policytrack.pages.presenters import downloads, tables
from policytrack.pages.presenters.instruments import instrument_lines, instrument_page
from policytrack.pages.views.common import blueprint
from policytrack.pages.views.promised import OF_A_LIST, addresses, hand_over


@blueprint.get("/instruments", endpoint="instruments")
@requires(Permission.PUBLISHED_READ)
def instruments_list() -> str:
    """List conventions, treaties and other instruments, with how many ratified each."""
    current = session()
    return render_template(
        "pages/instruments.html",
        lines=instrument_lines(frameworks.instruments(current), frameworks.ratified(current)),
        data=addresses(
            "pages.instruments_data", kinds=OF_A_LIST, tables=("instruments", "ratifications")
        ),
    )


@blueprint.get("/instruments/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def instruments_data(kind: str) -> Response:
    """Hand over the instruments and all ratifications as data, with sources."""
    current = session()
    return hand_over(
        kind,
        "instruments",
        _("Instruments"),
        url_for("pages.instruments", _external=True),
        [
            tables.instruments(frameworks.instruments(current), frameworks.ratified(current)),
            downloads.ratifications_table(frameworks.every_ratification(current)),
        ],
    )


@blueprint.get("/instruments/<code>")
@requires(Permission.PUBLISHED_READ)
def instrument(code: str) -> str:
    """Say who ratified an instrument and when, and who had not when the lists were made."""
    current = session()
    found = frameworks.instrument(current, code)
    return render_template(
        "pages/instrument.html",
        page=instrument_page(found, frameworks.ratifications(current, code)),
        data=addresses("pages.instrument_data", kinds=OF_A_LIST, code=code),
    )


@blueprint.get("/instruments/<code>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def instrument_data(code: str, kind: str) -> Response:
    """Hand over the ratifications of an instrument as data, with sources."""
    current = session()
    found = frameworks.instrument(current, code)
    return hand_over(
        kind,
        f"instrument-{code}",
        label(found.labels),
        url_for("pages.instrument", code=code, _external=True),
        [downloads.ratifications_table(frameworks.ratifications(current, code))],
    )
