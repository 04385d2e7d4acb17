"""Answer requests that ask for redactions, list them, and decide on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock, paging
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound
from policytrack.core.forms import carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.redaction import Thing
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.redaction import erasing, forms, presenters, queries, service
from policytrack.redaction.models import Redaction
from policytrack.redaction.queries import Extent
from policytrack.redaction.rules import Action, State

blueprint = Blueprint("redaction", __name__)


@blueprint.get("/redactions")
@requires(Permission.REDACT)
def list() -> str:  # noqa: A001 - the name of the endpoint
    """List what waits for a second officer, and the register of what was decided."""
    current, actor, now = session(), current_actor(), clock.now()
    asked = request.args.get("state", "")
    state = State(asked) if asked in tuple(State) else State.WAITING
    page = queries.register(current, actor, state, paging.number_of(request.args.get("page")))
    things = queries.things(current, actor, page.items, now)
    return render_template(
        "redaction/list.html",
        page=page,
        rows=[presenters.redaction_view(each, things, actor, now) for each in page.items],
        standings=presenters.standings(queries.counts(current), state),
        state=state.value,
        designations=True,
    )


@blueprint.route("/redactions/new/<kind>/<public_id>", methods=["GET", "POST"])
@requires(Permission.REDACT)
def ask(kind: str, public_id: str) -> Response:
    """Ask for a redaction; before that, show where the passage stands."""
    current, actor, now = session(), current_actor(), clock.now()
    about = queries.thing(current, actor, kind, public_id, now)
    choices = presenters.file_choices(queries.files_of(current, about))
    form = forms.AskForm(request.form, files=choices)
    form.language.data = form.language.data or language().code
    if request.method == "GET":
        return _asking(about, form)
    if not form.validate():
        return _asking(about, form, code=422)
    try:
        if "ask" not in request.form:
            return _asking(about, form, _looked(about, form))
        location = carry_out(form, _asked(kind, public_id, form))
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        return _asking(about, form, code=422)
    flash(_("The request waits for a second officer. Nothing is taken out until then."), "success")
    return see_other(location)


def _looked(about: Thing, form: forms.AskForm) -> Extent:
    passage, file_id = form.passage.data or "", form.file.data or ""
    service.require_sense(passage, file_id)
    found = queries.extent(
        session(), current_actor(), about, passage=passage, file_id=file_id, now=clock.now()
    )
    service.require_found(found)
    return found


def _asked(kind: str, public_id: str, form: forms.AskForm) -> Callable[[Session], str]:
    def act(current: Session) -> str:
        actor, now = current_actor(), clock.now()
        redaction = service.ask(
            current,
            actor=actor,
            about=queries.thing(current, actor, kind, public_id, now),
            passage=form.passage.data or "",
            file_id=form.file.data or "",
            reason=form.reason.data or "",
            sentence=form.sentence.data or "",
            language=form.language.data or "",
            now=now,
        )
        return url_for("redaction.show", public_id=redaction.public_id)

    return act


def _asking(
    about: Thing, form: forms.AskForm, found: Extent | None = None, code: int = 200
) -> Response:
    current, actor, now = session(), current_actor(), clock.now()
    named = Redaction(kind=about.kind, thing_id=about.public_id)
    things = queries.things(current, actor, [named], now)
    body = render_template(
        "redaction/ask.html",
        thing=presenters.thing_view(about.kind, about.public_id, things, actor, now),
        action=url_for("redaction.ask", kind=about.kind, public_id=about.public_id),
        form=form,
        extent=presenters.extent_view(found) if found else None,
        designations=True,
    )
    return make_response(body, code)


@blueprint.get("/redactions/<public_id>")
@requires(Permission.REDACT)
def show(public_id: str) -> Response:
    """Show a redaction; of one that waits, where the passage stands now."""
    return _showing(queries.get(session(), current_actor(), public_id), forms.DecideForm())


def _showing(redaction: Redaction, form: forms.DecideForm, code: int = 200) -> Response:
    current, actor, now = session(), current_actor(), clock.now()
    things = queries.things(current, actor, [redaction], now)
    body = render_template(
        "redaction/show.html",
        redaction=presenters.redaction_view(redaction, things, actor, now),
        extent=_stands(redaction),
        form=form,
        designations=True,
    )
    return make_response(body, code)


def _stands(redaction: Redaction) -> presenters.ExtentView | None:
    """Return where it stands now; None for one that was decided, and for what is gone."""
    if redaction.state != State.WAITING:
        return None
    current, actor, now = session(), current_actor(), clock.now()
    try:
        about = queries.thing(current, actor, redaction.kind, redaction.thing_id, now)
    except NotFound:
        return None
    passage, file_id = redaction.passage, redaction.file_id
    found = queries.extent(current, actor, about, passage=passage, file_id=file_id, now=now)
    return presenters.extent_view(found)


@blueprint.post("/redactions/<public_id>/<action>")
@requires(Permission.REDACT)
def act(public_id: str, action: str) -> Response:
    """Carry a redaction out, or refuse it."""
    actor = current_actor()
    redaction = queries.get(session(), actor, public_id)
    if action not in _ACTS:
        raise NotFound()
    form = forms.DecideForm(request.form)
    if not form.validate():
        return _showing(redaction, form, 422)

    def step(current: Session) -> str:
        thing = queries.get(current, actor, public_id)
        _ACTS[action](current, form, actor=actor, redaction=thing, now=clock.now())
        return url_for("redaction.show", public_id=public_id)

    try:
        location = carry_out(form, step)
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        return _showing(queries.get(session(), actor, public_id), form, 422)
    # The worker does this too, with all the rest, and again where it fails.
    with suppress(OSError):
        erasing.contents(each["sha256"] for each in queries.get(session(), actor, public_id).files)
    flash(str(presenters.DONE_WORDS[Action(action)]), "success")
    return see_other(location)


def _refuse(current: Session, form: forms.DecideForm, **known: Any) -> None:
    service.refuse(current, reason=form.refusal.data or "", **known)


_ACTS: Mapping[str, Callable[..., None]] = {
    Action.CONFIRM: lambda current, _form, **known: service.confirm(current, **known),
    Action.REFUSE: _refuse,
}
