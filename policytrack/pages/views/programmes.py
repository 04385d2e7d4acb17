"""Answer requests for programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, render_template, url_for

from policytrack.commitments.contributing import queries as contributing
from policytrack.commitments.models import ProgrammeContribution
from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.pages.presenters import programme_tables, tables
from policytrack.pages.presenters.contributions import to_commitments
from policytrack.pages.presenters.meetings import programme_lines
from policytrack.pages.presenters.programmes import (
    named_documents,
    period,
    programme_page,
    sure_items,
)
from policytrack.pages.views.common import blueprint
from policytrack.pages.views.promised import OF_A_LIST, addresses, hand_over
from policytrack.programmes import policy
from policytrack.programmes import queries as programmes
from policytrack.programmes.models import Programme

_TABLES = ("programmes", "items", "documents", "contributions")


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
    found, contributed, papers = _read(code)
    page = programme_page(found, papers)
    return render_template(
        "pages/programme.html",
        page=page,
        contributed=to_commitments(contributed, papers),
        writes=policy.may_write(current_actor(), found),
        office=current_actor().may(Permission.REFERENCE_MANAGE),
        period=period(page),
        data=addresses("pages.programme_data", tables=_TABLES, code=code),
    )


@blueprint.get("/programmes/<code>/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def programme_data(code: str, kind: str) -> Response:
    """Hand over a programme with its achievements and lessons as data, with sources."""
    found, contributed, papers = _read(code)
    return hand_over(
        kind,
        f"programme-{code}",
        label(found.labels),
        url_for("pages.programme", code=code, _external=True),
        [
            tables.programmes([found]),
            tables.programme_items(sure_items(found), papers),
            programme_tables.documents(found, papers),
            programme_tables.contributions(contributed, papers),
        ],
    )


def _read(
    code: str,
) -> tuple[Programme, Sequence[ProgrammeContribution], Mapping[int, programmes.Paper]]:
    """Return a programme, what it contributed, and those of its documents that may be read."""
    current, actor, now = session(), current_actor(), clock.now()
    found = programmes.programme(current, code)
    contributed = contributing.of_programme(current, actor, code, now)
    proofs = {each.document_id for each in contributed if each.document_id is not None}
    papers = programmes.papers(current, actor, named_documents(found) | proofs, now)
    return found, contributed, papers
