"""Let researchers register by themselves."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from policytrack.accounts import forms, passwords, service, signing
from policytrack.accounts.models import LinkPurpose
from policytrack.accounts.views.common import (
    blueprint,
    browser,
    opened,
    page,
    sender,
    sent,
    spent,
)
from policytrack.core import clock, errors, options
from policytrack.core.db import transaction
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires, see_other


def _closed() -> Response | None:
    if options.value(options.REGISTRATION_OPEN):
        return None
    return page("accounts/registration_closed.html", 404)


@blueprint.route("/register", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def register() -> Response:
    """Take who wants to register; the answer is the same whether the address is known or not."""
    if closed := _closed():
        return closed
    form = forms.RegisterForm(sent(), language=language().code)
    if request.method == "POST" and form.validate():
        try:
            _ask(form)
            return see_other(url_for("accounts.registration_sent"))
        except errors.TooManyAttempts as error:
            form.form_errors.append(error.message)
            answer = page("accounts/register.html", 429, form=form)
            answer.headers["Retry-After"] = str(error.retry_after)
            return answer
    return page("accounts/register.html", 422 if form.errors else 200, form=form)


def _ask(form: forms.RegisterForm) -> None:
    now = clock.now()
    with transaction() as session:
        service.count_registration(session, email=form.email.data, address=sender(), now=now)
        if form.website.data:
            return  # filled in by a program, which is told what everybody is told
        asked = service.Registration(
            email=form.email.data,
            name=form.name.data,
            language=form.language.data,
            purpose=form.purpose.data,
        )
        service.request_registration(session, asked=asked, now=now)


@blueprint.get("/register/sent")
@requires(Permission.PUBLISHED_READ)
def registration_sent() -> Response:
    """Say what happens next, whoever asks."""
    return page("accounts/registration_sent.html")


@blueprint.route("/register/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def confirm_registration(token: str) -> Response:
    """Let the owner of an address choose a password, and sign them in."""
    if closed := _closed():
        return closed
    try:
        user = opened(token, LinkPurpose.REGISTRATION)
        form = forms.AcceptForm(sent(), name=user.name, language=user.language or language().code)
        email = form.owner_email = user.email
        if request.method == "POST" and form.validate():
            _confirm(token, form)
            flash(_("Welcome. Your account is ready."), "success")
            return see_other(url_for("pages.home"))
    except errors.NotFound:
        return spent(LinkPurpose.REGISTRATION)
    return page(
        "accounts/confirm_registration.html",
        422 if form.errors else 200,
        form=form,
        email=email,
        token=token,
    )


def _confirm(token: str, form: forms.AcceptForm) -> None:
    now, password_hash = clock.now(), passwords.hashed(form.password.data)
    with transaction() as session:
        service.sign_out(session, token=signing.present_token(), address=sender(), now=now)
        user = service.confirm_registration(
            session,
            token=token,
            name=form.name.data,
            language=form.language.data,
            password_hash=password_hash,
            now=now,
        )
        secret = service.open_session(session, user_id=user.id, browser=browser(), now=now)
        service.note_address(
            session, user_id=user.id, address=sender(), action="signed_in", now=now
        )
    signing.enter(user, secret)
