"""Sign people in and out."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_login import current_user

from policytrack.accounts import forms, held, passwords, queries, rules, service, signing
from policytrack.accounts.held import HeldForm
from policytrack.accounts.models import User
from policytrack.accounts.views.common import blueprint, browser, page, sender
from policytrack.core import clock, db, emails, errors
from policytrack.core.db import transaction
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires, see_other


def ask_to_sign_in() -> Response:
    """Ask a signed-out person to sign in, and keep what they were sending."""
    if request.method in {"GET", "HEAD"}:
        return see_other(url_for("accounts.sign_in", next=held.path_of(request)))
    kept = held.from_request(request)
    return _sign_in_page(forms.SignInForm(), kept, 401)


def _sign_in_page(
    form: forms.SignInForm, kept: HeldForm | None, status: int = 200, wait: int | None = None
) -> Response:
    answer = page(
        "accounts/sign_in.html", status, form=form, held=kept, keep_drafts=kept is not None
    )
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


@blueprint.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def sign_in() -> Response:
    """Sign a person in, and lead them to where they were going."""
    if request.method == "GET":
        if current_user.is_authenticated:
            return see_other(rules.local_path(request.args.get("next")) or url_for("pages.home"))
        return _sign_in_page(forms.SignInForm(data={"next": request.args.get("next")}), None)
    form, kept = forms.SignInForm(request.form), held.carried(request)
    if not form.validate():
        return _sign_in_page(form, kept, 422)
    try:
        entered = _try_password(form.email.data, form.password.data)
    except errors.TooManyAttempts as error:
        form.form_errors.append(error.message)
        return _sign_in_page(form, kept, 429, error.retry_after)
    if not entered:
        form.form_errors.append(_("The mail address or the password is not right."))
        return _sign_in_page(form, kept, 422)
    if kept:
        return page("accounts/held.html", held=kept)
    return see_other(rules.local_path(form.next.data) or url_for("pages.home"))


def _try_password(typed: str, password: str) -> bool:
    """Sign in where the password is right; do the same work whether the address is known or not."""
    now = clock.now()
    email = emails.one_spelling(typed)
    with transaction() as session:
        service.count_sign_in(session, email=email, address=sender(), now=now)
    known = queries.credentials(db.session(), email=email)
    db.session().rollback()
    stored = known.password_hash if known else None
    if not passwords.matches(stored, password) or known is None or stored is None:
        return False
    fresh = passwords.hashed(password) if passwords.outdated(stored) else None
    with transaction() as session:
        service.sign_out(session, token=signing.present_token(), address=sender(), now=now)
        token = service.sign_in(
            session,
            user_id=known.user_id,
            checked_hash=stored,
            new_hash=fresh,
            browser=browser(),
            address=sender(),
            now=now,
        )
    if token:
        signing.enter(db.session().get_one(User, known.user_id), token)
    return token is not None


@blueprint.post("/sign-out")
@requires(Permission.PUBLISHED_READ)
def sign_out() -> Response:
    """Sign the present browser out."""
    if token := signing.present_token():
        with transaction() as session:
            service.sign_out(session, token=token, address=sender(), now=clock.now())
    signing.leave()
    flash(_("You are signed out."), "success")
    return see_other(url_for("pages.home"))
