"""Answer requests that link documents of the library to a programme."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput
from policytrack.core.forms import BaseForm, carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.ids import new_token
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.programmes import forms, presenters, queries, service
from policytrack.programmes.forms import LinkForm
from policytrack.programmes.views.common import blueprint, own


@blueprint.route("/programmes/<code>/documents", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def documents(code: str) -> Response:
    """List the documents that a programme names, and link one more."""
    programme = own(session(), code)
    form = LinkForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            location = carry_out(form, lambda current: _link(current, form, code))
        except InvalidInput as problem:
            forms.blame(form, problem)
        else:
            flash(_("The document is linked."), "success")
            return see_other(location)
    ids = [each.document_id for each in programme.documents]
    found = queries.papers(session(), current_actor(), ids, clock.now())
    page = render_template(
        "programmes/documents.html",
        form=form,
        page=presenters.head(programme),
        papers=presenters.paper_rows(found.values()),
        new_key=new_token,
    )
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/programmes/<code>/documents/<public_id>/remove")
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def unlink(code: str, public_id: str) -> Response:
    """Take the link to a document away; the document stays in the library."""
    own(session(), code)
    location = carry_out(
        BaseForm(request.form), lambda current: _unlink(current, code, public_id)
    )  # fmt: skip
    flash(_("The link is removed. The document stays in the library."), "success")
    return see_other(location)


def _link(current: Session, form: LinkForm, code: str) -> str:
    service.link(
        current,
        actor=current_actor(),
        programme=own(current, code),
        public_id=form.document.public_id,
        now=clock.now(),
    )
    return url_for("programmes.documents", code=code)


def _unlink(current: Session, code: str, public_id: str) -> str:
    service.unlink(
        current,
        actor=current_actor(),
        programme=own(current, code),
        public_id=public_id,
        now=clock.now(),
    )
    return url_for("programmes.documents", code=code)
