"""Answer requests for the list of commitments and for one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, and_
from werkzeug.wrappers import Response as Answer

from policytrack.commitments import queries as commitments
from policytrack.commitments.contributing import queries as contributing
from policytrack.commitments.models import Commitment
from policytrack.constituents import queries as constituents
from policytrack.constituents.rules import Group
from policytrack.core import clock, i18n
from policytrack.core.db import session
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor, Permission
from policytrack.core.requests import current_actor, requires
from policytrack.pages import charts, presenters, queries
from policytrack.pages.presenters.contributions import ContributionLine, of_programmes
from policytrack.pages.views.common import blueprint
from policytrack.pages.views.promised import (
    OF_A_LIST,
    addresses,
    clause,
    commitments_where,
    hand_over,
)
from policytrack.programmes import queries as programmes
from policytrack.progress import presenters as progress_presenters
from policytrack.progress import queries as progress
from policytrack.rounds import queries as rounds


@blueprint.get("/commitments", endpoint="commitments")
@requires(Permission.PUBLISHED_READ)
def commitments_list() -> str:
    """List the commitments in force, filtered by what the address says."""
    today = clock.now().date()
    filters, status, extra = _asked()
    page = commitments.listing(
        session(), filters, today=today, reader=i18n.language().code, extra_where=extra
    )
    claims = queries.claims(session(), [row.id for row in page.items])
    return render_template(
        "pages/commitments.html",
        page=page,
        rows=presenters.listed(page, claims, today),
        filters=filters,
        choices=presenters.filters_of(commitments.options(session()), filters, status),
        kept=_kept(filters),
        sorts=(
            ("due", _("Due first")),
            ("recent", _("Accepted last first")),
            ("code", _("By code")),
        ),
        narrowed=bool(filters.active) or bool(status),
        found=presenters.found_sentence(page.total),
        waiting=commitments.open_texts(session(), current_actor()),
        data=addresses("pages.commitments_data", kinds=OF_A_LIST, **_said(filters, status)),
    )


def _asked() -> tuple[commitments.Filters, str, list[ColumnElement[bool]]]:
    """Return what the address narrows the list by: filters, a status, and further clauses."""
    filters = commitments.parse(request.args)
    status = request.args.get("status", "")
    status = status if status in presenters.status_words() else ""
    extra = [queries.claimed(status)] if status else []
    if filters.overdue:
        extra.append(queries.overdue(clock.now().date()))
    return filters, status, extra


def _said(filters: commitments.Filters, status: str) -> Mapping[str, str]:
    said = {name: str(value) for name, value in filters.active.items()}
    return {**said, "status": status} if status else said


@blueprint.get("/commitments/data.<any(json, csv, xlsx):kind>")
@requires(Permission.PUBLISHED_READ)
def commitments_data(kind: str) -> Response:
    """Hand over the commitments that the filters leave as data."""
    filters, status, extra = _asked()
    given: dict[str, Any] = dict(_said(filters, status))
    address = url_for("pages.commitments", _external=True, **given)
    table = commitments_where(and_(clause(filters), *extra))
    return hand_over(kind, "commitments", _("Commitments"), address, [table])


def _kept(filters: commitments.Filters) -> Sequence[presenters.Kept]:
    asked = {filters.lead, filters.supporter} - {""}
    found = constituents.by_public_ids(session(), current_actor(), asked) if asked else {}
    return presenters.kept_filters(filters, found)


@blueprint.get("/commitments/<address>")
@requires(Permission.PUBLISHED_READ)
def commitment(address: str) -> Answer | str:
    """Say what was promised, who says what of it, and what became of it."""
    current, actor = session(), current_actor()
    found = commitments.get(current, actor, address)
    if found.in_force_id is None:
        return redirect(url_for("commitments.compare", address=found.address), 303)
    texts = commitments.revisions(current, actor, found)
    voices = progress.voices(current, found, clock.now())
    return render_template(
        "pages/commitment.html",
        page=presenters.commitment_page(
            actor,
            found,
            texts,
            commitments.classification(current, [found.in_force_id]),
            voices,
            wanted=request.args.get("language"),
        ),
        voices=progress_presenters.voice_groups(voices),
        divergence=progress_presenters.divergence(voices),
        timeline=progress_presenters.timeline_entries(progress.timeline(current, found)),
        charts=charts.charts(progress.readings(current, found), insider=False),
        related=commitments.related(current, found, reader=i18n.language().code),
        reporting=_reporting(actor, found, voices),
        contributed=_contributed(actor, found),
    )


def _contributed(actor: Actor, found: Commitment) -> Sequence[ContributionLine]:
    """Return what programmes contributed to a commitment."""
    current, now = session(), clock.now()
    rows = contributing.of_commitment(current, actor, found.id, now)
    proofs = {each.document_id for each in rows if each.document_id is not None}
    return of_programmes(rows, programmes.papers(current, actor, proofs, now))


def _reporting(
    actor: Actor, found: Commitment, voices: Mapping[Group, Sequence[progress.Voice]]
) -> Sequence[presenters.Reporting]:
    if not actor.own(Permission.NOTE_WRITE):
        return ()
    return presenters.reporting(actor, found, rounds.open_round(session(), clock.now()), voices)
