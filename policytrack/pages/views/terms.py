"""Answer requests for sectors of work and for target groups."""

from __future__ import annotations

from flask import Response, render_template, url_for

from policytrack.commitments.queries import Filters
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.frameworks import queries as frameworks
from policytrack.frameworks.models import Sector, TargetGroup
from policytrack.library.queries import Filters as Shelved
from policytrack.pages.presenters import tables
from policytrack.pages.presenters.meetings import programme_lines
from policytrack.pages.presenters.terms import (
    led_from_lines,
    sector_terms,
    target_group_terms,
)
from policytrack.pages.queries import classified
from policytrack.pages.views.common import blueprint, shelf
from policytrack.pages.views.promised import (
    OF_A_LIST,
    addresses,
    clause,
    commitments_table,
    hand_over,
    promised,
)
from policytrack.programmes import queries as programmes

_TABLES = ("commitments", "countries", "term")


@blueprint.get("/sectors")
@requires(Permission.PUBLISHED_READ)
def sectors() -> str:
    """List sectors of work and target groups."""
    current = session()
    return render_template(
        "pages/sectors.html",
        sectors=sector_terms(frameworks.sectors(current), classified.by_sector(current)),
        target_groups=target_group_terms(
            frameworks.target_groups(current), classified.by_target_group(current)
        ),
        data=addresses("pages.sectors_data", kinds=OF_A_LIST),
    )


@blueprint.get("/sectors/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def sectors_data(kind: str) -> Response:
    """Hand over the sectors and target groups as data."""
    current = session()
    if kind == "csv":
        both = tables.terms_by_kind(frameworks.sectors(current), frameworks.target_groups(current))
        address = url_for("pages.sectors", _external=True)
        return hand_over(kind, "sectors", _("Sectors and target groups"), address, [both])
    return hand_over(
        kind,
        "sectors",
        _("Sectors and target groups"),
        url_for("pages.sectors", _external=True),
        [
            tables.terms("sectors", _("Sectors"), frameworks.sectors(current)),
            tables.terms("target_groups", _("Target groups"), frameworks.target_groups(current)),
        ],
    )


@blueprint.get("/sectors/<code>")
@requires(Permission.PUBLISHED_READ)
def sector(code: str) -> str:
    """Say what was promised for a sector of work, and which programmes work in it."""
    current = session()
    found = frameworks.sector(current, code)
    return _term_page(
        found,
        Filters(sector=code),
        kind=_("Sector"),
        nothing=_("No commitment in force names this sector yet."),
        programmes=programme_lines(programmes.programmes(current, programmes.in_sector(code))),
        shelf=shelf(Shelved(sector=code)),
        data=addresses("pages.sector_data", tables=_TABLES, code=code),
    )


@blueprint.get("/sectors/<code>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def sector_data(code: str, kind: str) -> Response:
    """Hand over the commitments of a sector as data."""
    found = frameworks.sector(session(), code)
    return _term_data(
        kind,
        f"sector-{code}",
        found,
        url_for("pages.sector", code=code, _external=True),
        Filters(sector=code),
    )


@blueprint.get("/target-groups/<code>")
@requires(Permission.PUBLISHED_READ)
def target_group(code: str) -> str:
    """Say what was promised to a target group, and which programmes are meant for it."""
    current = session()
    found = frameworks.target_group(current, code)
    return _term_page(
        found,
        Filters(target=code),
        kind=_("Target group"),
        nothing=_("No commitment in force is meant for this group yet."),
        programmes=programme_lines(
            programmes.programmes(current, programmes.for_target_group(code))
        ),
        shelf=shelf(Shelved(target_group=code)),
        data=addresses("pages.target_group_data", tables=_TABLES, code=code),
    )


@blueprint.get("/target-groups/<code>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def target_group_data(code: str, kind: str) -> Response:
    """Hand over the commitments to a target group as data."""
    found = frameworks.target_group(session(), code)
    return _term_data(
        kind,
        f"target-group-{code}",
        found,
        url_for("pages.target_group", code=code, _external=True),
        Filters(target=code),
    )


def _term_page(
    term: Sector | TargetGroup, filters: Filters, *, kind: str, nothing: str, **shown: object
) -> str:
    return render_template(
        "pages/term.html",
        name=label(term.labels),
        language=label_language(term.labels),
        retired=term.retired,
        kind=kind,
        nothing=nothing,
        promised=promised(filters, nothing),
        places=led_from_lines(classified.led_from(session(), clause(filters))),
        **shown,
    )


def _term_data(
    kind: str, name: str, term: Sector | TargetGroup, address: str, filters: Filters
) -> Response:
    places = led_from_lines(classified.led_from(session(), clause(filters)))
    return hand_over(
        kind,
        name,
        label(term.labels),
        address,
        [
            commitments_table(filters),
            tables.led_from(places),
            tables.terms("term", _("Name"), [term]),
        ],
    )
