"""Let people close their own account."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from policytrack.accounts import limits, passwords, rules, signing
from policytrack.accounts import queries as accounts
from policytrack.accounts.models import User
from policytrack.administration import forms, presenters
from policytrack.administration.views.common import blueprint, page, sent
from policytrack.constituents import queries as constituents
from policytrack.constituents import service
from policytrack.core import clock, db, errors
from policytrack.core.db import transaction
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires, see_other


@blueprint.route("/account/close", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_USE)
def close_own() -> Response:
    """Ask for the password, say what happens, and close one's own account."""
    form = forms.CloseOwnForm(sent())
    if request.method == "POST" and form.validate():
        try:
            return _close(form)
        except errors.RuleViolation as error:
            form.form_errors.append(error.message)
    session = db.session()
    user = session.get_one(User, current_actor().user_id)
    held = constituents.seats_of(session, [user.id])
    sole = constituents.sole_focal_seats(session, user)
    answer = page(
        "close_own",
        422 if form.errors else 200,
        form=form,
        seats=presenters.seat_rows(held, sole),
        sole=bool(sole),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _close(form: forms.CloseOwnForm) -> Response:
    actor, now = current_actor(), clock.now()
    own = accounts.credentials(db.session(), user_id=actor.user_id or 0)
    with transaction() as session:
        limits.spend(session, now, (rules.PASSWORD_BY_ACCOUNT, actor.public_id))
    if own is None or not passwords.matches(own.password_hash, form.password.data):
        raise errors.RuleViolation(_("This is not your present password."))
    with transaction() as session:
        service.close_account(
            session,
            actor=actor,
            user=session.get_one(User, actor.user_id),
            confirmed=form.confirmed.data,
            now=now,
        )
    signing.leave()
    flash(_("Your account is closed. Thank you for what you contributed."), "success")
    return see_other(url_for("pages.home"))
