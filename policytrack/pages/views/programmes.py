"""Answer requests for programmes."""

from __future__ import annotations

from flask import Response, render_template, url_for

from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.pages.presenters import tables
from policytrack.pages.presenters.meetings import programme_lines
from policytrack.pages.presenters.programmes import period, programme_page, sure_items
from policytrack.pages.views.common import blueprint
from policytrack.pages.views.promised import OF_A_LIST, addresses, hand_over
from policytrack.programmes import queries as programmes


@blueprint.get("/programmes", endpoint="programmes")
@requires(Permission.PUBLISHED_READ)
def programmes_list() -> str:
    """List funded actions on labour migration."""
    return render_template(
        "pages/programmes.html",
        lines=programme_lines(programmes.programmes(session())),
        data=addresses("pages.programmes_data", kinds=OF_A_LIST),
    )


@blueprint.get("/programmes/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def programmes_data(kind: str) -> Response:
    """Hand over the programmes as data, with sources."""
    table = tables.programmes(programmes.programmes(session()))
    address = url_for("pages.programmes", _external=True)
    return hand_over(kind, "programmes", _("Programmes"), address, [table])


@blueprint.get("/programmes/<code>")
@requires(Permission.PUBLISHED_READ)
def programme(code: str) -> str:
    """Say who acts in a programme, where and when, what it achieved and taught."""
    page = programme_page(programmes.programme(session(), code))
    return render_template(
        "pages/programme.html",
        page=page,
        period=period(page),
        data=addresses("pages.programme_data", code=code),
    )


@blueprint.get("/programmes/<code>/data.<any(json, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def programme_data(code: str, kind: str) -> Response:
    """Hand over a programme with its achievements and lessons as data, with sources."""
    found = programmes.programme(session(), code)
    return hand_over(
        kind,
        f"programme-{code}",
        label(found.labels),
        url_for("pages.programme", code=code, _external=True),
        [tables.programmes([found]), tables.programme_items(sure_items(found))],
    )
