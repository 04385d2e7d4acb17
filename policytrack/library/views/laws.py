"""Answer requests that set laws beside each other."""

from __future__ import annotations

from flask import render_template, request, url_for

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.library import lawtable
from policytrack.library.presenters.laws import MOST_COUNTRIES, chooser
from policytrack.library.views.common import blueprint


@blueprint.get("/library/laws")
@requires(Permission.PUBLISHED_READ)
def laws() -> str:
    """Set what laws say on a theme beside each other: of some countries, or along a corridor."""
    found = lawtable.answer(session(), current_actor(), request.args, clock.now())
    return render_template(
        "library/laws.html",
        asked=found.asked,
        table=found.table,
        chooser=chooser(found.known, found.asked),
        most=MOST_COUNTRIES,
        data={
            kind: url_for("pages.laws_data", kind=kind, **found.asked.asked)
            for kind in ("xlsx", "csv", "json")
        },
    )
