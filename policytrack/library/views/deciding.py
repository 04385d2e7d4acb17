"""Answer requests that list what is one's own and what waits, and take a document a step on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, flash, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.constituents.presenters import all_group_words
from policytrack.core import clock, deciding, paging
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, NotFound
from policytrack.core.forms import carry_out
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.core.review import QUEUED_STATES, Action, State
from policytrack.exports import responses
from policytrack.library import forms, queries, service
from policytrack.library.models import LibraryDocument
from policytrack.library.presenters import queue as rows
from policytrack.library.presenters import waiting
from policytrack.library.views.acting import acting
from policytrack.library.views.common import blueprint
from policytrack.library.views.reading import show_document
from policytrack.library.words import DONE_WORDS, TYPE_WORDS

_FILTERS = ("state", "type", "group", "mine")


@blueprint.get("/library/mine")
@requires(Permission.LIBRARY_WRITE)
def mine() -> str:
    """List the documents of the person's organisations by where they stand."""
    current, actor = session(), current_actor()
    counts = queries.standing(current, actor)
    standings = rows.standings(counts, request.args.get("state", ""))
    chosen = next((each.state for each in standings if each.current), State.DRAFT)
    number = paging.number_of(request.args.get("page"))
    page = queries.mine(current, actor, State(chosen), number)
    return render_template(
        "library/mine.html",
        page=page,
        rows=rows.work_rows(page.items),
        standings=standings,
        standing=chosen,
        designations=True,
    )


@blueprint.get("/library/review")
@requires(Permission.LIBRARY_REVIEW)
def queue() -> str:
    """List what waits for a decision, oldest first."""
    filters = _filters()
    page = queries.queue(session(), current_actor(), filters)
    return render_template(
        "library/queue.html",
        page=page,
        rows=rows.work_rows(page.items),
        filters=filters,
        states=QUEUED_STATES,
        types=TYPE_WORDS,
        groups=all_group_words(),
        data={
            kind: paging.narrowed("library.queue_data", _FILTERS, kind=kind)
            for kind in responses.KINDS
        },
        designations=True,
    )


def _filters() -> queries.QueueFilters:
    return queries.QueueFilters(
        state=request.args.get("state", ""),
        type=request.args.get("type", ""),
        group=request.args.get("group", ""),
        mine=request.args.get("mine", "") == "1",
        page=paging.number_of(request.args.get("page")),
    )


@blueprint.get("/library/review/data.<any(json, csv, xlsx):kind>")
@requires(Permission.LIBRARY_REVIEW)
def queue_data(kind: str) -> Response:
    """Hand over what waits for a decision as data: all that the filters leave."""
    found = queries.queued(session(), current_actor(), _filters())
    address = paging.narrowed("library.queue", _FILTERS, _external=True)
    return responses.answer(waiting.download(found, address, clock.now()), kind)


@blueprint.post("/library/<public_id>/<action>")
@requires(Permission.LIBRARY_WRITE, of_thing=True)
def act(public_id: str, action: str) -> Response:
    """Take a step in the life of a document."""
    actor = current_actor()
    document = queries.get(session(), actor, public_id, clock.now())
    if action not in _ACTS:
        raise NotFound()
    decision, submission = forms.DecisionForm(request.form), forms.SubmitForm(request.form)
    form = submission if action == Action.SUBMIT else decision
    if not form.validate():
        return show_document(document, 422, **acting(document, decision, submission))

    given = deciding.given(form, action, decision.language.data or language().code)

    def step(current: Session) -> str:
        thing = queries.get(current, actor, public_id, clock.now())
        _ACTS[action](current, actor=actor, document=thing, now=clock.now(), **given)
        current.flush()
        return _after(thing, action)

    try:
        location = carry_out(form, step)
    except InvalidInput as problem:
        forms.blame(form, problem.fields)
        document = queries.get(session(), actor, public_id, clock.now())
        return show_document(document, 422, **acting(document, decision, submission))
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


def _after(document: LibraryDocument, action: str) -> str:
    if action == Action.REVISE:
        return url_for("library.edit", public_id=document.public_id)
    if document.open_id or document.published_id or document.retracted_at:
        return url_for("library.show", public_id=document.public_id)
    return url_for("library.mine")
