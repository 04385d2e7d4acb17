"""Answer requests of those who keep dialogues."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput
from policytrack.core.forms import BaseForm, carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.ids import new_token
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.dialogues import presenters, queries, service
from policytrack.library import queries as library
from policytrack.library.presenters import listing
from policytrack.programmes import forms
from policytrack.programmes.forms import LinkForm

blueprint = Blueprint("dialogues", __name__)

# Of the library's filters, those by which a person knows a document.
_FILTERS = ("type", "country", "language")
_SOME = 10


@blueprint.route("/dialogues/<public_id>/documents", methods=["GET", "POST"])
@requires(Permission.REFERENCE_MANAGE)
def documents(public_id: str) -> Response:
    """List the documents that a dialogue names, find others, and link one more."""
    form = LinkForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            location = carry_out(form, lambda current: _link(current, form, public_id))
        except InvalidInput as problem:
            forms.blame(form, problem)
        else:
            flash(_("The document is linked."), "success")
            return see_other(location)
    page = render_template("dialogues/documents.html", form=form, **_shown(public_id))
    return make_response(page, 422 if form.errors else 200)


def _shown(public_id: str) -> dict[str, Any]:
    """Return what a dialogue names, and the documents that the address asks for."""
    current, actor, now = session(), current_actor(), clock.now()
    dialogue = queries.dialogue(current, public_id)
    linked = queries.documents(current, actor, [dialogue.id], now).get(dialogue.id, ())
    filters = library.parse(request.args)
    page = library.listing(current, actor, filters, now, size=_SOME)
    choices = listing.filters_of(library.options(current, actor, now), filters)
    ids = {each.public_id for each in linked}
    return {
        "dialogue": presenters.head(dialogue),
        "papers": presenters.papers(linked, ids, now),
        "found": presenters.papers(page.items, ids, now),
        "page": page,
        "said": listing.found_sentence(page.total),
        "filters": filters,
        "here": _here(public_id),
        "choices": [each for each in choices if each.name in _FILTERS],
        "new_key": new_token,
    }


def _here(public_id: str) -> str:
    """Return the address of the page, with the filters by which documents were found."""
    asked = library.parse(request.args)
    given: Mapping[str, Any] = {**asked.active, **({"page": asked.page} if asked.page > 1 else {})}
    return url_for("dialogues.documents", public_id=public_id, **given)


@blueprint.post(
    "/dialogues/<public_id>/documents/<document_id>/<any(earlier, later, remove):act>"
)  # fmt: skip
@requires(Permission.REFERENCE_MANAGE)
def act_on_document(public_id: str, document_id: str, act: str) -> Response:
    """Move a document among those that a dialogue names, or name it no more."""
    location = carry_out(
        BaseForm(request.form), lambda current: _act(current, public_id, document_id, act)
    )
    if act == "remove":
        flash(_("The link is removed. The document stays in the library."), "success")
    return see_other(location)


def _link(current: Session, form: LinkForm, public_id: str) -> str:
    service.link(
        current,
        actor=current_actor(),
        dialogue=queries.dialogue(current, public_id),
        public_id=form.document.public_id,
        now=clock.now(),
    )
    return _here(public_id)


def _act(current: Session, public_id: str, document_id: str, act: str) -> str:
    verbs: dict[str, Any] = {
        "remove": service.unlink,
        "earlier": partial(service.move, step=-1),
        "later": partial(service.move, step=1),
    }
    verbs[act](
        current,
        actor=current_actor(),
        dialogue=queries.dialogue(current, public_id),
        public_id=document_id,
        now=clock.now(),
    )
    return url_for("dialogues.documents", public_id=public_id)
