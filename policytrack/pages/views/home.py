"""Answer requests for the home page, what is said about the site, and its language."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from policytrack.accounts import service as accounts
from policytrack.accounts.rules import local_path
from policytrack.commitments import queries as commitments
from policytrack.core import clock, i18n
from policytrack.core.db import session, transaction
from policytrack.core.permissions import Actor, Permission
from policytrack.core.requests import current_actor, requires, settings
from policytrack.pages import presenters, queries
from policytrack.pages.views.common import asked_page, blueprint
from policytrack.progress import queries as progress
from policytrack.rounds import queries as rounds


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
    owed = progress.owed(session(), seats=seats, reporting_round=reporting_round, page=asked_page())
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
