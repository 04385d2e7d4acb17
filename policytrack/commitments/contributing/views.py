"""Answer requests that state what a programme contributed to a commitment."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, g, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from policytrack.commitments.contributing import forms, presenters, queries, service
from policytrack.commitments.contributing.forms import ContributionForm
from policytrack.commitments.models import ProgrammeContribution
from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import InvalidInput, StaleVersion
from policytrack.core.forms import BaseForm, carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.ids import new_token
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.programmes import policy as programme_policy
from policytrack.programmes import presenters as programme_presenters
from policytrack.programmes import queries as programmes
from policytrack.programmes.models import Programme
from policytrack.programmes.presenters import Newer

blueprint = Blueprint("contributions", __name__)


def _own(current: Session, code: str) -> Programme:
    found = programmes.programme(current, code)
    programme_policy.require(current_actor(), found)
    return found


@blueprint.get("/programmes/<code>/contributions")
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def listing(code: str) -> str:
    """List what was stated of a programme, for those who write it."""
    programme = _own(session(), code)
    found = queries.written(session(), code)
    return render_template(
        "contributions/listing.html",
        page=programme_presenters.head(programme),
        rows=presenters.rows(found, retired=False),
        removed=presenters.rows(found, retired=True),
        new_key=new_token,
    )


@blueprint.route("/programmes/<code>/contributions/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def new(code: str) -> Response:
    """State what a programme contributed to a commitment."""
    programme = _own(session(), code)
    sent = request.form if request.method == "POST" else None
    form = ContributionForm(sent, data={"commitment": request.args.get("commitment", "")[:40]})
    if sent is not None and form.validate():
        try:
            location = carry_out(form, lambda current: _state(current, form, code))
        except InvalidInput as problem:
            forms.blame(form, problem)
        else:
            flash(_("It stands on the pages of the programme and of the commitment."), "success")
            return see_other(location)
    return _page(form, programme, None)


@blueprint.route("/programmes/<code>/contributions/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def edit(code: str, public_id: str) -> Response:
    """Change what was stated."""
    programme = _own(session(), code)
    found = service.present(session(), code, public_id)
    form = ContributionForm(
        request.form if request.method == "POST" else None, data=_data(found)
    )  # fmt: skip
    del form.commitment
    if request.method != "POST" or not form.validate():
        return _page(form, programme, found)
    try:
        location = carry_out(form, lambda current: _restate(current, form, code, public_id))
    except InvalidInput as problem:
        forms.blame(form, problem)
        return _page(form, programme, found)
    except StaleVersion:
        return _conflict(form, code, public_id)
    flash(_("It is saved.") if g.get("touched") else _("Nothing was different."), "success")
    return see_other(location)


@blueprint.post("/programmes/<code>/contributions/<public_id>/<any(remove, restore):act>")
@requires(Permission.PROGRAMME_WRITE, of_thing=True)
def act(code: str, public_id: str, act: str) -> Response:
    """Remove what was stated, or put it back."""
    _own(session(), code)
    location = carry_out(
        BaseForm(request.form), lambda current: _act(current, code, public_id, act)
    )
    flash(_("It is removed.") if act == "remove" else _("It is put back."), "success")
    return see_other(location)


def _data(found: ProgrammeContribution) -> dict[str, object]:
    here = service.said(found)
    address = url_for("library.show", public_id=here.document) if here.document else ""
    return forms.stated(here, found.commitment.address, address)


def _state(current: Session, form: ContributionForm, code: str) -> str:
    service.state(
        current,
        actor=current_actor(),
        programme=_own(current, code),
        commitment=form.address,
        given=form.to_statement(),
        now=clock.now(),
    )
    return url_for("contributions.listing", code=code)


def _restate(current: Session, form: ContributionForm, code: str, public_id: str) -> str:
    g.touched = service.restate(
        current,
        actor=current_actor(),
        programme=_own(current, code),
        public_id=public_id,
        given=form.to_statement(),
        seen=form.seen.data or "",
        now=clock.now(),
    )
    return url_for("contributions.listing", code=code)


def _act(current: Session, code: str, public_id: str, act: str) -> str:
    verb = service.remove if act == "remove" else service.restore
    verb(
        current,
        actor=current_actor(),
        programme=_own(current, code),
        public_id=public_id,
        now=clock.now(),
    )
    return url_for("contributions.listing", code=code)


def _conflict(form: ContributionForm, code: str, public_id: str) -> Response:
    """Show what was saved meanwhile beside what was typed; sent again, the form prevails."""
    programme = _own(session(), code)
    found = service.present(session(), code, public_id)
    present = _data(found)
    newer = programme_presenters.newer(form, present)
    form.seen.data = present["seen"]
    return _page(form, programme, found, newer)


def _page(
    form: ContributionForm,
    programme: Programme,
    found: ProgrammeContribution | None,
    newer: Sequence[Newer] = (),
) -> Response:
    page = render_template(
        "contributions/edit.html",
        form=form,
        page=programme_presenters.head(programme),
        row=presenters.row(found) if found else None,
        newer=newer,
        remove_form=BaseForm(),
    )
    return make_response(page, 409 if newer else 422 if form.errors else 200)
