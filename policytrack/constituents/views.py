"""Answer requests about constituents."""

from __future__ import annotations

from collections.abc import Callable

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session

from policytrack.constituents import forms, presenters, queries, service
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import seat_roles
from policytrack.core import clock, db, errors
from policytrack.core.forms import BaseForm, carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission, require
from policytrack.core.requests import current_actor, requires, see_other

blueprint = Blueprint("constituents", __name__)


def _managed(public_id: str) -> Constituent:
    """Return an organisation whose members the actor may manage; everybody may see it."""
    found = queries.of_public_id(db.session(), current_actor(), public_id)
    require(current_actor(), Permission.MEMBER_INVITE, found.id)
    return found


def _page(
    bodies: list[Constituent], chosen: Constituent | None, form: forms.InviteForm | None = None
) -> Response:
    code, rows, former = language().code, [], []
    if chosen:
        former = presenters.former_members(queries.former_members(db.session(), chosen.id))
        found = queries.members(db.session(), chosen.id)
        rows = presenters.member_rows(found, current_actor(), clock.now())
    if chosen and not form:
        usual = str(seat_roles(chosen.group)[0])
        form = forms.InviteForm(
            chosen.group, organisation=chosen.public_id, role=usual, language=code
        )
    page = render_template(
        "constituents/members.html",
        organisations=presenters.organisation_choices(bodies, code) if len(bodies) > 1 else [],
        chosen=chosen,
        members=[(row, forms.EndForm(), forms.AgainForm()) for row in rows],
        former_members=former,
        form=form,
        designations=True,
    )
    return make_response(page, 422 if form and form.errors else 200)


@blueprint.get("/members")
@requires(Permission.MEMBER_INVITE)
def members() -> Response:
    """Show an organisation's members and open invitations, and take a new one."""
    bodies = queries.manageable(db.session(), current_actor(), language=language().code)
    wanted = request.args.get("organisation", "")
    only = bodies[0] if len(bodies) == 1 else None
    return _page(bodies, _managed(wanted) if wanted else only)


@blueprint.post("/members")
@requires(Permission.MEMBER_INVITE)
def invite() -> Response:
    """Invite a person to a seat."""
    chosen = _managed(request.form.get("organisation", ""))
    form = forms.InviteForm(chosen.group, request.form)
    if form.validate():
        try:
            return _done(form, chosen.public_id, lambda: _invite(form, chosen.public_id))
        except errors.InvalidInput as error:
            for name, sentence in error.fields.items():
                form[name].errors = [sentence]
    bodies = queries.manageable(db.session(), current_actor(), language=language().code)
    return _page(bodies, _managed(form.organisation.data), form)


def _invite(form: forms.InviteForm, organisation: str) -> str:
    user = service.invite_member(
        db.session(),
        actor=current_actor(),
        constituent=_managed(organisation),
        email=form.email.data,
        name=form.name.data,
        role=form.role.data,
        language=form.language.data,
        now=clock.now(),
    )
    return _("%(email)s has a seat now. We have written to them.", email=user.email)


def _done(form: BaseForm, organisation: str, act: Callable[[], str]) -> Response:
    """Carry out what a form asks for, once, and show the list with what was done."""
    address = url_for("constituents.members", organisation=organisation)
    said: list[str] = []

    def act_and_say(_session: Session) -> str:
        said.append(act())
        return address

    location = carry_out(form, act_and_say)
    flash(said[0] if said else _("This was done already."), "success")
    return see_other(location)


@blueprint.post("/members/<organisation>/<person>/invite-again")
@requires(Permission.MEMBER_INVITE)
def invite_again(organisation: str, person: str) -> Response:
    """Send a fresh invitation."""
    form = forms.AgainForm(request.form)

    def act() -> str:
        user = service.invite_again(
            db.session(),
            actor=current_actor(),
            constituent=_managed(organisation),
            person=person,
            now=clock.now(),
        )
        return _("A new invitation is on its way to %(email)s.", email=user.email)

    return _done(form, organisation, act)


@blueprint.post("/members/<organisation>/<person>/end")
@requires(Permission.MEMBER_INVITE)
def end(organisation: str, person: str) -> Response:
    """End a seat, or cancel an invitation."""
    form = forms.EndForm(request.form)

    def act() -> str:
        user = service.end_membership(
            db.session(),
            actor=current_actor(),
            constituent=_managed(organisation),
            person=person,
            confirmed=form.confirmed.data,
            now=clock.now(),
        )
        return _("The seat of %(name)s has ended.", name=user.name)

    return _done(form, organisation, act)
