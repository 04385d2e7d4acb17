"""List people and invite them."""

from __future__ import annotations

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from policytrack.accounts import service as accounts
from policytrack.accounts.models import User
from policytrack.administration import forms, presenters, queries
from policytrack.administration.queries import PeopleFilters
from policytrack.administration.views.common import blueprint, done, page, sent
from policytrack.constituents import queries as constituents
from policytrack.constituents import service as seats
from policytrack.core import clock, db, errors
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language, ngettext
from policytrack.core.permissions import Permission, Role
from policytrack.core.requests import current_actor, requires


def organisations() -> list[tuple[str, str]]:
    """Return the organisations that can give a seat."""
    bodies = constituents.listed(db.session(), current_actor(), language=language().code)
    return presenters.organisation_choices(bodies)


@blueprint.get("/administration/people")
@requires(Permission.ADMINISTER)
def people() -> Response:
    """List people, narrowed by what the address says."""
    session, filters = db.session(), PeopleFilters.parse(request.args)
    found = queries.people(session, filters)
    ids = [user.id for user in found.items]
    return page(
        "people",
        people=found,
        rows=presenters.person_rows(
            found.items, constituents.seats_of(session, ids), queries.last_seen(session, ids)
        ),
        filters=filters,
        states=presenters.state_choices(),
        roles=presenters.role_choices(),
        organisations=_with_people(filters),
        found=ngettext(
            "%(count)s person", "%(count)s people", found.total, count=f"{found.total:,}"
        ),
        designations=True,
    )


def _with_people(filters: PeopleFilters) -> list[tuple[str, str]]:
    """Return the organisations that leave somebody in the list, and the chosen one."""
    some = queries.peopled(db.session())
    bodies = constituents.listed(db.session(), current_actor(), language=language().code)
    return presenters.organisation_choices(
        body for body in bodies if body.id in some or body.public_id == filters.organisation
    )


@blueprint.route("/administration/people/invite", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def invite() -> Response:
    """Invite a person to an office or a seat."""
    form = forms.InvitePersonForm(organisations(), sent(), language=language().code)
    if request.method == "POST" and form.validate():
        try:
            return done(form, url_for("administration.people"), lambda now: _invite(now, form))
        except errors.InvalidInput as error:
            for name, sentence in error.fields.items():
                form[name].errors = [sentence]
        except errors.RuleViolation as error:
            form.form_errors.append(error.message)
    return page("invite", 422 if form.errors else 200, form=form, designations=True)


def _invite(session: Session, form: forms.InvitePersonForm) -> str:
    user = _seat(session, form) if form.is_seat else _office(session, form)
    return _("%(email)s has this role now. We have written to them.", email=user.email)


def _office(session: Session, form: forms.InvitePersonForm) -> User:
    return accounts.appoint(
        session,
        actor=current_actor(),
        email=form.email.data,
        name=form.name.data,
        language=form.language.data,
        office=Role(form.role.data),
        now=clock.now(),
    )


def _seat(session: Session, form: forms.InvitePersonForm) -> User:
    actor = current_actor()
    return seats.invite_member(
        session,
        actor=actor,
        constituent=constituents.of_public_id(session, actor, form.organisation.data),
        email=form.email.data,
        name=form.name.data,
        role=form.role.data,
        language=form.language.data,
        now=clock.now(),
    )
