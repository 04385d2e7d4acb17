"""Answer requests for frameworks and their provisions."""

from __future__ import annotations

from flask import Response, render_template, url_for

from policytrack.commitments.queries import Filters
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.frameworks import queries as frameworks
from policytrack.pages.presenters import tables
from policytrack.pages.presenters.frameworks import (
    framework_line,
    provision_lines,
    provision_page,
)
from policytrack.pages.presenters.terms import led_from_lines
from policytrack.pages.queries import classified
from policytrack.pages.views.common import blueprint
from policytrack.pages.views.promised import (
    OF_A_LIST,
    addresses,
    clause,
    commitments_table,
    hand_over,
    promised,
)


@blueprint.get("/frameworks", endpoint="frameworks")
@requires(Permission.PUBLISHED_READ)
def frameworks_list() -> str:
    """List the texts that commitments answer to."""
    current = session()
    counts = classified.by_framework(current)
    return render_template(
        "pages/frameworks.html",
        lines=[
            framework_line(each, counts.get(each.code, 0))
            for each in frameworks.frameworks(current)
        ],
        data=addresses(
            "pages.frameworks_data", kinds=OF_A_LIST, tables=("frameworks", "provisions")
        ),
    )


@blueprint.get("/frameworks/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def frameworks_data(kind: str) -> Response:
    """Hand over the frameworks and all their provisions as data."""
    current = session()
    found = frameworks.frameworks(current)
    provisions = [each for framework in found for each in framework.provisions]
    return hand_over(
        kind,
        "frameworks",
        _("Frameworks"),
        url_for("pages.frameworks", _external=True),
        [
            tables.frameworks(found, classified.by_framework(current)),
            tables.provisions(provisions, classified.by_provision(current)),
        ],
    )


@blueprint.get("/frameworks/<code>")
@requires(Permission.PUBLISHED_READ)
def framework(code: str) -> str:
    """Say who adopted a framework, and how many commitments answer to each provision."""
    current = session()
    found = frameworks.framework(current, code)
    provisions = [each for each in found.provisions if not each.retired]
    return render_template(
        "pages/framework.html",
        line=framework_line(found, classified.by_framework(current).get(code, 0)),
        provisions=provision_lines(provisions, classified.by_provision(current), with_themes=True),
        promised=promised(
            Filters(framework=code), _("No commitment in force answers to this framework yet.")
        ),
        data=addresses(
            "pages.framework_data", tables=("provisions", "frameworks", "commitments"), code=code
        ),
    )


@blueprint.get("/frameworks/<code>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def framework_data(code: str, kind: str) -> Response:
    """Hand over a framework with its provisions and the commitments that answer to it."""
    current = session()
    found = frameworks.framework(current, code)
    return hand_over(
        kind,
        f"framework-{code}",
        label(found.labels),
        url_for("pages.framework", code=code, _external=True),
        [
            tables.provisions(found.provisions, classified.by_provision(current)),
            tables.frameworks([found], classified.by_framework(current)),
            commitments_table(Filters(framework=code)),
        ],
    )


@blueprint.get("/frameworks/<framework>/<code>")
@requires(Permission.PUBLISHED_READ)
def provision(framework: str, code: str) -> str:
    """Say what a provision asks for, how that is sourced, and what was promised on it."""
    current = session()
    found = frameworks.provision(current, framework, code)
    filters = Filters(provision=f"{framework}:{code}")
    return render_template(
        "pages/provision.html",
        page=provision_page(found),
        promised=promised(filters, _("No commitment in force answers to this provision yet.")),
        places=led_from_lines(classified.led_from(current, clause(filters))),
        mapped=provision_lines(frameworks.mapped(current, found), classified.by_provision(current)),
        data=addresses(
            "pages.provision_data",
            tables=("commitments", "countries", "provisions"),
            framework=framework,
            code=code,
        ),
    )


@blueprint.get("/frameworks/<framework>/<code>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def provision_data(framework: str, code: str, kind: str) -> Response:
    """Hand over a provision with the commitments that answer to it, by country as well."""
    current = session()
    found = frameworks.provision(current, framework, code)
    filters = Filters(provision=f"{framework}:{code}")
    counts = classified.by_provision(current)
    return hand_over(
        kind,
        f"{framework}-{code}",
        label(found.labels),
        url_for("pages.provision", framework=framework, code=code, _external=True),
        [
            commitments_table(filters),
            tables.led_from(led_from_lines(classified.led_from(current, clause(filters)))),
            tables.provisions([found, *frameworks.mapped(current, found)], counts),
        ],
    )
