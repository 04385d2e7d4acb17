"""Answer requests for themes."""

from __future__ import annotations

from flask import Response, render_template, url_for

from policytrack.commitments.queries import Filters
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.frameworks import queries as frameworks
from policytrack.library import queries as library
from policytrack.library.queries import Filters as Shelved
from policytrack.pages import queries
from policytrack.pages.presenters import downloads, tables
from policytrack.pages.presenters.frameworks import by_framework, provision_lines
from policytrack.pages.presenters.instruments import instrument_lines
from policytrack.pages.presenters.themes import areas, theme_page
from policytrack.pages.queries import classified
from policytrack.pages.views.common import asked_page, blueprint, notes_of, shelf
from policytrack.pages.views.promised import (
    OF_A_LIST,
    addresses,
    commitments_table,
    hand_over,
    promised,
)
from policytrack.progress import queries as progress
from policytrack.progress.models import Note

_TABLES = ("commitments", "progress_notes", "provisions", "instruments")


@blueprint.get("/themes", endpoint="themes")
@requires(Permission.PUBLISHED_READ)
def themes_list() -> str:
    """List the key areas with their sub-themes."""
    current = session()
    return render_template(
        "pages/themes.html",
        areas=areas(frameworks.themes(current), classified.by_theme(current)),
        data=addresses("pages.themes_data", kinds=OF_A_LIST),
    )


@blueprint.get("/themes/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def themes_data(kind: str) -> Response:
    """Hand over the themes as data."""
    current = session()
    table = tables.themes(frameworks.themes(current), classified.by_theme(current))
    address = url_for("pages.themes", _external=True)
    return hand_over(kind, "themes", _("Themes"), address, [table])


@blueprint.get("/themes/<code>")
@requires(Permission.PUBLISHED_READ)
def theme(code: str) -> str:
    """Say what belongs to a theme, what was promised and reported under it, and what binds."""
    current = session()
    found = frameworks.theme(current, code)
    about = Note.theme_code.in_(frameworks.under(code))
    return render_template(
        "pages/theme.html",
        page=theme_page(found, frameworks.sub_themes(current, code), classified.by_theme(current)),
        promised=promised(
            Filters(theme=code), _("No commitment in force stands under this theme yet.")
        ),
        provisions=by_framework(
            provision_lines(
                frameworks.provisions_under(current, code), classified.by_provision(current)
            )
        ),
        instruments=instrument_lines(
            frameworks.instruments_under(current, code), frameworks.ratified(current)
        ),
        notes=notes_of(progress.published(current, about, asked_page())),
        shelf=shelf(Shelved(theme=code)),
        compared=library.is_compared(current, code),
        data=addresses("pages.theme_data", tables=_TABLES, code=code),
    )


@blueprint.get("/themes/<code>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def theme_data(code: str, kind: str) -> Response:
    """Hand over what the page of a theme says as data, with sources."""
    current = session()
    found = frameworks.theme(current, code)
    about = Note.theme_code.in_(frameworks.under(code))
    return hand_over(
        kind,
        f"theme-{code}",
        label(found.labels),
        url_for("pages.theme", code=code, _external=True),
        [
            commitments_table(Filters(theme=code)),
            downloads.notes_table(queries.reports(current, about)),
            tables.provisions(
                frameworks.provisions_under(current, code), classified.by_provision(current)
            ),
            tables.instruments(
                frameworks.instruments_under(current, code), frameworks.ratified(current)
            ),
        ],
    )
