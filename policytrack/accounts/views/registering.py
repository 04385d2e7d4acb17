"""Let researchers register by themselves."""

from __future__ import annotations

from flask import Response, request, url_for

from policytrack.accounts import forms, service
from policytrack.accounts.models import LinkPurpose
from policytrack.accounts.views.beginning import begin_account
from policytrack.accounts.views.common import (
    blueprint,
    page,
    sender,
    sent,
)
from policytrack.core import clock, errors, options
from policytrack.core.db import transaction
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
    return begin_account(
        token,
        LinkPurpose.REGISTRATION,
        service.confirm_registration,
        template="accounts/confirm_registration.html",
    )
