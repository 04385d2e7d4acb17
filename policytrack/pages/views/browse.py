"""Answer requests for the way into everything, and for what the words for statuses mean."""

from __future__ import annotations

from flask import Response, render_template, url_for

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.frameworks import queries as frameworks
from policytrack.library import queries as library
from policytrack.pages.presenters import tables
from policytrack.pages.presenters.statuses import SYSTEMS, gender_lines, word_lines
from policytrack.pages.presenters.themes import areas
from policytrack.pages.queries import classified
from policytrack.pages.views.common import blueprint
from policytrack.pages.views.promised import OF_A_LIST, addresses, hand_over


@blueprint.get("/browse")
@requires(Permission.PUBLISHED_READ)
def browse() -> str:
    """Lead to everything that is not searched for."""
    current = session()
    return render_template(
        "pages/browse.html",
        totals={
            **classified.totals(current),
            "documents": library.count(current, current_actor(), clock.now()),
        },
        areas=areas(frameworks.themes(current), classified.by_theme(current)),
    )


@blueprint.get("/statuses")
@requires(Permission.PUBLISHED_READ)
def statuses() -> str:
    """Say what each status and flag means, which evidence it asks for, what others call it."""
    return render_template(
        "pages/statuses.html",
        lines=word_lines(frameworks.status_words(session())),
        systems=[str(word) for word in SYSTEMS.values()],
        gender=gender_lines(),
        data=addresses("pages.statuses_data", kinds=OF_A_LIST),
    )


@blueprint.get("/statuses/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def statuses_data(kind: str) -> Response:
    """Hand over what the words for statuses mean as data."""
    table = tables.status_words(frameworks.status_words(session()))
    address = url_for("pages.statuses", _external=True)
    return hand_over(kind, "statuses", _("What the statuses mean"), address, [table])
