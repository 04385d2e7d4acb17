"""Answer requests for the home page, what is said about the site, and its language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from policytrack.accounts import service as accounts
from policytrack.accounts.rules import local_path
from policytrack.administration import presenters as administration_presenters
from policytrack.administration import queries as administration
from policytrack.commitments import queries as commitments
from policytrack.commitments.queries import Filters, Sort
from policytrack.commitments.rules import TextState
from policytrack.core import clock, i18n
from policytrack.core.db import session, transaction
from policytrack.core.permissions import Actor, Permission, Role
from policytrack.core.requests import current_actor, requires, settings
from policytrack.core.review import State
from policytrack.library import queries as library
from policytrack.library.models import LibraryRevision
from policytrack.pages import presenters, queries, rules
from policytrack.pages.presenters import home as home_presenters
from policytrack.pages.presenters.home.whole import TurnoutTable, turnout_table
from policytrack.pages.presenters.meetings import dialogue_lines, programme_lines
from policytrack.pages.queries import flows as flow_queries
from policytrack.pages.views.common import asked_page, beginning, blueprint
from policytrack.programmes import queries as programmes
from policytrack.progress import queries as progress
from policytrack.redaction import queries as redaction
from policytrack.reference import queries as reference
from policytrack.rounds import queries as rounds
from policytrack.rounds.models import Round
from policytrack.rounds.rules import RoundState

# A person who has not come for so long may have left; an administrator asks.
_IDLE = timedelta(days=180)
_FEW = 4
_LATEST_ACTS = 6


@blueprint.get("/")
@requires(Permission.PUBLISHED_READ)
def home() -> str:
    """Say what waits for a person, and to everybody where the whole stands."""
    current, actor, now = session(), current_actor(), clock.now()
    held = rounds.every(current)
    parts = rules.ordered(list(_parts(actor, held, now)))
    return render_template(
        "pages/home.html",
        parts=parts,
        texts=_texts(actor),
        whole=home_presenters.whole(queries.standing(current, today=now.date())),
        # Who came to work reads this elsewhere.
        wide=None if parts else _wide(held, now),
        notes=presenters.note_lines(progress.recent(current, limit=_FEW)),
    )


def _wide(held: Sequence[Round], now: datetime) -> home_presenters.Wide:
    """Return all that the home page says of the whole to those for whom nothing waits."""
    current = session()
    _accepted, rows = beginning(Filters(sort=Sort.RECENT), size=_FEW)
    return home_presenters.wide(
        queries.areas(current),
        queries.standing_by_area(current),
        flow_queries.flows(current),
        turnout=_turnout(held, now),
        accepted=rows,
        dialogues=dialogue_lines(queries.latest_dialogues(current, _FEW)),
    )


def _texts(actor: Actor) -> Sequence[commitments.OpenText]:
    """Return the open texts of the actor's organisations, but for those that wait for their word.

    These have a place of their own; so have all that the office waits for.
    """
    if actor.may(Permission.NOTE_REVIEW):
        return ()
    found = commitments.open_texts(session(), actor, limit=5)
    accepts = bool(actor.own(Permission.COMMITMENT_ACCEPT))
    return [each for each in found if not accepts or each.state != TextState.PROPOSED]


def _parts(
    actor: Actor, held: Sequence[Round], now: datetime
) -> Iterator[
    home_presenters.DuePart
    | home_presenters.QueuePart
    | home_presenters.AdministrationPart
    | home_presenters.ObserverPart
]:
    """Yield what each of the actor's roles asks for."""
    if actor.own(Permission.NOTE_WRITE):
        yield _due(actor, held, now)
    if actor.may(Permission.NOTE_REVIEW):
        yield _queue(actor, _turnout(held, now), now)
    if actor.may(Permission.ADMINISTER):
        yield _administration(actor, now)
    if any(seat.role is Role.OBSERVER for seat in actor.seats):
        yield _observer(actor, now)


def _turnout(held: Sequence[Round], now: datetime) -> TurnoutTable | None:
    """Return how the round goes that opened last."""
    begun = next((each for each in held if each.state(now) is not RoundState.COMING), None)
    if begun is None:
        return None
    current = session()
    return turnout_table(
        queries.turnout(current, begun),
        queries.region_labels(current),
        begun,
        opened=begun.state(now) is RoundState.OPEN,
    )


def _due(actor: Actor, held: Sequence[Round], now: datetime) -> home_presenters.DuePart:
    current = session()
    seats = [s for s in actor.seats if s.constituent_id in actor.own(Permission.NOTE_WRITE)]
    found = None
    opened = next((each for each in held if each.state(now) is RoundState.OPEN), None)
    if opened is not None:
        owed = progress.owed(current, seats=seats, reporting_round=opened, page=asked_page())
        found = home_presenters.due(owed, opened, several=len(seats) > 1, now=now)
    return home_presenters.due_part(
        found,
        held,
        queries.returned(current, actor),
        _came_back(actor),
        queries.proposals(current, actor),
        now,
    )


def _came_back(actor: Actor) -> Sequence[LibraryRevision]:
    return library.mine(session(), actor, State.RETURNED, 1).items


def _queue(actor: Actor, turnout: TurnoutTable | None, now: datetime) -> home_presenters.QueuePart:
    current = session()
    edits = reference.differences(current) if actor.may(Permission.REFERENCE_MANAGE) else {}
    return home_presenters.queue_part(
        queries.queue_standing(current, actor),
        progress.queue(current, actor, progress.QueueFilters()).items[:5],
        queries.proposals(current, actor, office=True),
        turnout,
        documents=library.waiting(current, actor)[0],
        redactions=redaction.waiting(current, actor) if actor.may(Permission.REDACT) else 0,
        edits=sum(len(each) for each in edits.values()),
        now=now,
    )


def _administration(actor: Actor, now: datetime) -> home_presenters.AdministrationPart:
    current = session()
    lines = administration.lines(current, actor, administration.TrailFilters(), limit=_LATEST_ACTS)
    lines = lines[:_LATEST_ACTS]
    things = administration.things(current, actor, lines, now=now)
    return home_presenters.administration_part(
        queries.accounts(current, now, now - _IDLE),
        administration.outbox_standing(current, now),
        administration.index_standing(),
        administration_presenters.trail_rows(lines, things, actor),
    )


def _observer(actor: Actor, now: datetime) -> home_presenters.ObserverPart:
    page, rows = beginning(Filters(), queries.supported_by(actor), size=5)
    own = queries.organisations_of(session(), actor)
    return home_presenters.observer_part(
        [
            (i18n.label(body.labels), url_for("pages.constituent", public_id=body.public_id))
            for body in own
        ],
        rows,
        page.total,
        dialogue_lines(queries.coming_dialogues(session(), now.date(), _FEW)),
        # Who reports for an organisation as well has read it there already.
        () if actor.own(Permission.NOTE_WRITE) else _came_back(actor),
        programme_lines(
            programmes.programmes(
                session(), programmes.kept_by(actor.own(Permission.PROGRAMME_WRITE))
            )
        ),
    )


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
