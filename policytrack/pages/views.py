"""Answer requests for pages that show several features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from policytrack.accounts import service as accounts
from policytrack.accounts.rules import local_path
from policytrack.commitments import queries as commitments
from policytrack.commitments.models import Commitment
from policytrack.constituents.rules import Group
from policytrack.core import clock, i18n, paging
from policytrack.core.db import session, transaction
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor, Permission
from policytrack.core.requests import current_actor, requires, settings
from policytrack.pages import charts, presenters, queries
from policytrack.places import queries as places
from policytrack.progress import presenters as progress_presenters
from policytrack.progress import queries as progress
from policytrack.progress.models import Note
from policytrack.rounds import queries as rounds

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@requires(Permission.PUBLISHED_READ)
def home() -> str:
    """Say what waits for a person, and to everybody where the whole stands."""
    current, actor, now = session(), current_actor(), clock.now()
    standing = queries.standing(current)
    return render_template(
        "pages/home.html",
        due=_due(actor, now),
        waiting=progress.queue(current, actor, progress.QueueFilters())
        if actor.may(Permission.NOTE_REVIEW)
        else None,
        texts=commitments.open_texts(current, actor, limit=5),
        total=standing.total,
        shares=presenters.shares(
            standing.counts, lambda status: url_for("pages.commitments", status=status)
        ),
        notes=presenters.note_lines(progress.recent(current, limit=6)),
    )


def _due(actor: Actor, now: datetime) -> presenters.Due | None:
    seats = [s for s in actor.seats if s.constituent_id in actor.own(Permission.NOTE_WRITE)]
    reporting_round = rounds.open_round(session(), now) if seats else None
    if reporting_round is None:
        return None
    owed = progress.owed(session(), seats=seats, reporting_round=reporting_round, page=_page())
    return presenters.due(owed, reporting_round, several=len(seats) > 1, now=now)


@blueprint.get("/about")
@requires(Permission.PUBLISHED_READ)
def about() -> str:
    """Say what this site is and how to read it."""
    return render_template("pages/about.html")


@blueprint.get("/accessibility")
@requires(Permission.PUBLISHED_READ)
def accessibility() -> str:
    """Say what was done so that everybody can use the site."""
    return render_template("pages/accessibility.html")


@blueprint.post("/language")
@requires(Permission.PUBLISHED_READ)
def set_language() -> Response:
    """Keep the language for this browser, and for the person where one is signed in."""
    code = request.form.get("language", "")
    answer = redirect(local_path(request.form.get("next")) or url_for("pages.home"), 303)
    if code not in i18n.LANGUAGES:
        return answer
    actor = current_actor()
    if actor.user_id is not None:
        with transaction() as current:
            accounts.set_language(current, actor.user_id, code)
    answer.set_cookie(
        i18n.COOKIE,
        code,
        max_age=timedelta(days=365),
        httponly=True,
        samesite="Lax",
        secure=settings().secure,
    )
    return answer


@blueprint.get("/places", endpoint="places")
@requires(Permission.PUBLISHED_READ)
def places_list() -> str:
    """List countries and territories by region, and corridors."""
    current = session()
    return render_template(
        "pages/places.html",
        regions=presenters.regions(
            places.countries(current), queries.commitments_by_country(current)
        ),
        corridors=presenters.corridor_rows(places.corridors(current)),
    )


@blueprint.get("/commitments", endpoint="commitments")
@requires(Permission.PUBLISHED_READ)
def commitments_list() -> str:
    """List the commitments in force, filtered by what the address says."""
    today = clock.now().date()
    filters = commitments.parse(request.args)
    status = request.args.get("status", "")
    status = status if status in presenters.status_words() else ""
    extra = [queries.claimed(status)] if status else []
    if filters.overdue:
        extra.append(queries.overdue(today))
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
        sorts=(
            ("due", _("Due first")),
            ("recent", _("Accepted last first")),
            ("code", _("By code")),
        ),
        narrowed=bool(filters.active) or bool(status),
        found=presenters.found_sentence(page.total),
        waiting=commitments.open_texts(session(), current_actor()),
    )


@blueprint.get("/commitments/<address>")
@requires(Permission.PUBLISHED_READ)
def commitment(address: str) -> Response | str:
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
    )


def _reporting(
    actor: Actor, found: Commitment, voices: Mapping[Group, Sequence[progress.Voice]]
) -> Sequence[presenters.Reporting]:
    if not actor.own(Permission.NOTE_WRITE):
        return ()
    return presenters.reporting(actor, found, rounds.open_round(session(), clock.now()), voices)


@blueprint.get("/countries/<iso2>")
@requires(Permission.PUBLISHED_READ)
def country(iso2: str) -> str:
    """Say where things stand in a country or territory."""
    current = session()
    place = places.country(current, iso2)
    clause = commitments.concerns_country(iso2)
    page, rows = _beginning(commitments.Filters(country=iso2))
    return render_template(
        "pages/country.html",
        country=place,
        page=page,
        rows=rows,
        shares=presenters.shares(
            queries.standing(current, clause).counts,
            lambda status: url_for("pages.commitments", country=iso2, status=status),
        ),
        heard=presenters.heard(queries.last_heard(current, iso2)),
        corridors=presenters.corridor_rows(places.corridors_of(current, iso2)),
        notes=_notes(progress.published_for_country(current, iso2, _page())),
    )


@blueprint.get("/corridors/<code>")
@requires(Permission.PUBLISHED_READ)
def corridor(code: str) -> str:
    """Say where things stand between an origin and a destination."""
    current = session()
    place = places.corridor(current, code)
    page, rows = _beginning(commitments.Filters(corridor=code))
    return render_template(
        "pages/corridor.html",
        corridor=place,
        line=presenters.corridor_rows([place])[0],
        alt_words=presenters.national_figure(place),
        mirror=places.mirror(current, place),
        page=page,
        rows=rows,
        notes=_notes(progress.published_for_corridor(current, place, _page())),
    )


def _beginning(
    filters: commitments.Filters,
) -> tuple[paging.Page[commitments.Row], list[presenters.ListedCommitment]]:
    """Return the first commitments of a list, for a page that leads on to all of them."""
    today = clock.now().date()
    page = commitments.listing(
        session(), filters, today=today, reader=i18n.language().code, size=10
    )
    claims = queries.claims(session(), [row.id for row in page.items])
    return page, presenters.listed(page, claims, today)


def _page() -> int:
    return paging.number_of(request.args.get("page"))


def _notes(page: paging.Page[Note]) -> paging.Page[presenters.NoteLine]:
    lines = presenters.note_lines(page.items)
    return paging.Page(items=lines, number=page.number, total=page.total, size=page.size)
