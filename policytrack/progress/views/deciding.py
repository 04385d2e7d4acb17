"""Answer requests that list what waits for review and take a note a step on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, flash, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.constituents.presenters import group_words
from policytrack.core import clock, deciding, paging
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound
from policytrack.core.forms import carry_out
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.core.review import Action
from policytrack.exports import responses
from policytrack.progress import forms, presenters, queries, service
from policytrack.progress.models import Note
from policytrack.progress.presenters import waiting
from policytrack.progress.views.common import blueprint
from policytrack.progress.views.reading import show_note
from policytrack.progress.words import DONE_WORDS, STATE_WORDS

_FILTERS = ("state", "group", "mine")


@blueprint.get("/review")
@requires(Permission.NOTE_REVIEW)
def queue() -> str:
    """List what waits for a decision, oldest first."""
    filters = _filters()
    page = queries.queue(session(), current_actor(), filters)
    return render_template(
        "progress/queue.html",
        page=page,
        rows=presenters.queue_rows(page.items),
        filters=filters,
        states=[(each.value, str(STATE_WORDS[each])) for each in presenters.QUEUED],
        groups=group_words(),
        data={
            kind: paging.narrowed("progress.queue_data", _FILTERS, kind=kind)
            for kind in responses.KINDS
        },
        designations=True,
    )


def _filters() -> queries.QueueFilters:
    return queries.QueueFilters(
        state=request.args.get("state", ""),
        group=request.args.get("group", ""),
        mine=request.args.get("mine", "") == "1",
        page=paging.number_of(request.args.get("page")),
    )


@blueprint.get("/review/data.<any(json, csv, xlsx):kind>")
@requires(Permission.NOTE_REVIEW)
def queue_data(kind: str) -> Response:
    """Hand over what waits for a decision as data: all that the filters leave."""
    found = queries.queued(session(), current_actor(), _filters())
    address = paging.narrowed("progress.queue", _FILTERS, _external=True)
    return responses.answer(waiting.download(found, address, clock.now()), kind)


@blueprint.post("/notes/<note_id>/<action>")
@requires(Permission.NOTE_WRITE, of_thing=True)
def act(note_id: str, action: str) -> Response:
    """Take a step in the life of a note."""
    actor = current_actor()
    note = queries.get(session(), actor, note_id)
    if action not in _ACTS:
        raise NotFound()
    decision, submission = forms.DecisionForm(request.form), forms.SubmitForm(request.form)
    form = submission if action == Action.SUBMIT else decision
    if not form.validate():
        return show_note(note, decision, submission, 422)

    given = deciding.given(form, action, language().code)

    def step(current: Session) -> str:
        thing = queries.get(current, actor, note_id)
        _ACTS[action](current, actor=actor, note=thing, now=clock.now(), **given)
        current.flush()
        return _after(thing, action)

    try:
        location = carry_out(form, step)
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        return show_note(queries.get(session(), actor, note_id), decision, submission, 422)
    flash(str(DONE_WORDS[Action(action)]), "success")
    return see_other(location)


_ACTS: Mapping[str, Callable[..., object]] = {
    Action.SUBMIT: service.submit,
    Action.DISCARD: service.discard,
    Action.WITHDRAW: service.withdraw,
    Action.TAKE_UP: service.take_up,
    Action.RETURN: service.return_,
    Action.PUBLISH: service.publish,
    Action.REVISE: service.revise,
    Action.RETRACT: service.retract,
}


def _after(note: Note, action: str) -> str:
    if action == Action.REVISE:
        return url_for("progress.edit", note_id=note.public_id)
    if note.open_id or note.published_id or note.retracted_at:
        return url_for("progress.show", note_id=note.public_id)
    return url_for("pages.home")
