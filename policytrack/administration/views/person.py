"""Show one person, and do what administrators do for them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, request, url_for
from sqlalchemy.orm import Session

from policytrack.accounts import queries as accounts_queries
from policytrack.accounts import service as accounts
from policytrack.accounts import signing
from policytrack.accounts.models import AccountState, User
from policytrack.administration import forms, presenters, queries
from policytrack.administration.views.common import blueprint, done, page
from policytrack.administration.views.people import organisations
from policytrack.constituents import presenters as members
from policytrack.constituents import queries as constituents
from policytrack.constituents import service as seats
from policytrack.core import clock, db, errors
from policytrack.core.forms import BaseForm
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import ngettext
from policytrack.core.permissions import Permission, Role
from policytrack.core.requests import current_actor, requires, see_other

_LATEST = 10


def _page(
    user: User,
    *,
    offices: forms.OfficesForm | None = None,
    seat: forms.SeatForm | None = None,
) -> Response:
    session, actor, now = db.session(), current_actor(), clock.now()
    held = constituents.seats_of(session, [user.id])
    entries = queries.lines_of(session, actor, user, _LATEST)
    sole = constituents.sole_focal_seats(session, user)
    refused = any(form is not None and form.errors for form in (offices, seat))
    return page(
        "person",
        422 if refused else 200,
        person=presenters.person_page(user, held, actor),
        seats=[(each, forms.ConfirmForm()) for each in presenters.seat_rows(held, sole)],
        former_seats=members.former_seats(constituents.former_seats(session, user.id)),
        browsers=accounts_queries.browsers(session, user.id, now),
        lines=presenters.trail_rows(
            entries, queries.things(session, actor, entries, now=now), actor
        ),
        offices=offices or forms.OfficesForm(offices=[each.role for each in user.offices]),
        seat=seat or forms.SeatForm(organisations()),
        sole=bool(sole),
        plain=forms.PlainForm,
        designations=True,
    )


@blueprint.get("/administration/people/<public_id>")
@requires(Permission.ADMINISTER)
def person(public_id: str) -> Response:
    """Show a person: what they are, where they are signed in, what they did last."""
    return _page(queries.person(db.session(), public_id))


def _done(form: BaseForm, public_id: str, act: Callable[[Session, User], str]) -> Response:
    address = url_for("administration.person", public_id=public_id)
    return done(form, address, lambda session: act(session, queries.person(session, public_id)))


@blueprint.post("/administration/people/<public_id>/invite-again")
@requires(Permission.ADMINISTER)
def person_invite_again(public_id: str) -> Response:
    """Send a fresh invitation; it names the organisation where there is one."""

    def act(session: Session, user: User) -> str:
        held, actor, now = constituents.seats_of(session, [user.id]), current_actor(), clock.now()
        if held:
            seats.invite_again(
                session,
                actor=actor,
                constituent=held[0].constituent,
                person=user.public_id,
                now=now,
            )
        else:
            accounts.invite_again(session, actor=actor, user=user, now=now)
        return _("A new invitation is on its way to %(email)s.", email=user.email)

    return _done(forms.PlainForm(request.form), public_id, act)


@blueprint.post("/administration/people/<public_id>/offices")
@requires(Permission.ADMINISTER)
def person_offices(public_id: str) -> Response:
    """Give a person these offices and no others."""
    form = forms.OfficesForm(request.form)

    def act(session: Session, user: User) -> str:
        accounts.change_offices(
            session,
            actor=current_actor(),
            user=user,
            offices=[Role(role) for role in form.offices.data],
            now=clock.now(),
        )
        return _("The offices of %(name)s are changed.", name=user.name)

    if form.validate():
        return _done(form, public_id, act)
    return _page(queries.person(db.session(), public_id), offices=form)


@blueprint.post("/administration/people/<public_id>/seats")
@requires(Permission.ADMINISTER)
def person_seat(public_id: str) -> Response:
    """Give a person a seat in an organisation."""
    form = forms.SeatForm(organisations(), request.form)

    def act(session: Session, user: User) -> str:
        if user.state not in {AccountState.ACTIVE, AccountState.INVITED}:
            raise errors.RuleViolation(_("This account is not in use."))
        actor = current_actor()
        seats.invite_member(
            session,
            actor=actor,
            constituent=constituents.of_public_id(session, actor, form.organisation.data),
            email=user.email,
            name=user.name,
            role=form.seat_role.data,
            language=user.language,
            now=clock.now(),
        )
        return _("%(name)s has a seat now. We have written to them.", name=user.name)

    if form.validate():
        try:
            return _done(form, public_id, act)
        except errors.InvalidInput as error:
            form.seat_role.errors = [error.fields["role"]]
    return _page(queries.person(db.session(), public_id), seat=form)


@blueprint.post("/administration/people/<public_id>/seats/<organisation>/end")
@requires(Permission.ADMINISTER)
def person_end_seat(public_id: str, organisation: str) -> Response:
    """End a person's seat in an organisation."""
    form = forms.ConfirmForm(request.form)

    def act(session: Session, user: User) -> str:
        seats.end_membership(
            session,
            actor=current_actor(),
            constituent=constituents.of_public_id(session, current_actor(), organisation),
            person=user.public_id,
            confirmed=form.confirmed.data,
            now=clock.now(),
        )
        return _("The seat of %(name)s has ended.", name=user.name)

    return _done(form, public_id, act)


@blueprint.post("/administration/people/<public_id>/sessions")
@requires(Permission.ADMINISTER)
def person_end_sessions(public_id: str) -> Response:
    """End a person's sign-ins, all or one."""
    form, browser = forms.PlainForm(request.form), request.form.get("browser")

    def act(session: Session, user: User) -> str:
        count = accounts.end_sessions(
            session, actor=current_actor(), user=user, browser=browser, now=clock.now()
        )
        return ngettext(
            "%(count)s browser is signed out.",
            "%(count)s browsers are signed out.",
            count,
            count=count,
        )

    return _done(form, public_id, act)


def _require_sure(form: forms.ConfirmForm, user: User) -> None:
    """Refuse an act against oneself that was not confirmed: its consequence is said there."""
    if user.id == current_actor().user_id and not form.sure.data:
        raise errors.RuleViolation(
            _("This is your own account. Go back and tick the box if that is what you want.")
        )


@blueprint.post("/administration/people/<public_id>/suspend")
@requires(Permission.ADMINISTER)
def person_suspend(public_id: str) -> Response:
    """Keep a person out until reinstated."""
    form = forms.ConfirmForm(request.form)

    def act(session: Session, user: User) -> str:
        _require_sure(form, user)
        accounts.suspend(session, actor=current_actor(), user=user, now=clock.now())
        return _("The account of %(name)s is suspended.", name=user.name)

    return _leaving(_done(form, public_id, act), public_id)


def _leaving(answer: Response, public_id: str) -> Response:
    """Lead an administrator who has shut the door on themselves out by the front."""
    if public_id != current_actor().public_id:
        return answer
    signing.leave()
    flash(_("You are signed out."), "success")
    return see_other(url_for("pages.home"))


@blueprint.post("/administration/people/<public_id>/reinstate")
@requires(Permission.ADMINISTER)
def person_reinstate(public_id: str) -> Response:
    """Let a suspended person in again."""

    def act(session: Session, user: User) -> str:
        accounts.reinstate(session, actor=current_actor(), user=user, now=clock.now())
        return _("The account of %(name)s is reinstated.", name=user.name)

    return _done(forms.PlainForm(request.form), public_id, act)


@blueprint.post("/administration/people/<public_id>/close")
@requires(Permission.ADMINISTER)
def person_close(public_id: str) -> Response:
    """Close an account for good and pseudonymise it."""
    form = forms.ConfirmForm(request.form)

    def act(session: Session, user: User) -> str:
        if not form.sure.data:
            raise errors.RuleViolation(
                _("Closing cannot be undone. Go back and tick the box if that is what you want.")
            )
        seats.close_account(
            session,
            actor=current_actor(),
            user=user,
            confirmed=form.confirmed.data,
            now=clock.now(),
        )
        return _("The account is closed. What it wrote stays under “Closed account”.")

    return _leaving(_done(form, public_id, act), public_id)
