"""Answer links that came by mail: invitations and resets."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from policytrack.accounts import forms, passwords, service
from policytrack.accounts.models import LinkPurpose
from policytrack.accounts.views.beginning import begin_account
from policytrack.accounts.views.common import (
    blueprint,
    opened,
    page,
    sender,
    sent,
    spent,
)
from policytrack.core import clock, errors
from policytrack.core.db import transaction
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires, see_other


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def accept_invitation(token: str) -> Response:
    """Let an invited person choose a name, a language and a password."""
    return begin_account(
        token,
        LinkPurpose.INVITATION,
        service.accept_invitation,
        template="accounts/accept_invitation.html",
    )


@blueprint.route("/reset", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def request_reset() -> Response:
    """Take the address of whoever forgot a password; the answer is always the same."""
    form = forms.RequestResetForm(sent())
    if request.method == "POST" and form.validate():
        now = clock.now()
        with transaction() as session:
            service.count_reset(session, email=form.email.data, address=sender(), now=now)
            service.request_reset(session, email=form.email.data, now=now)
        return see_other(url_for("accounts.reset_requested"))
    return page("accounts/request_reset.html", 422 if form.errors else 200, form=form)


@blueprint.get("/reset/sent")
@requires(Permission.PUBLISHED_READ)
def reset_requested() -> Response:
    """Say what happens next, whoever asks."""
    return page("accounts/reset_requested.html")


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def reset(token: str) -> Response:
    """Let the holder of a link choose a new password."""
    try:
        user = opened(token, LinkPurpose.PASSWORD_RESET)
        form = forms.ResetForm(sent())
        email = form.owner_email = user.email
        form.owner_name = user.name
        if request.method == "POST" and form.validate():
            password_hash = passwords.hashed(form.password.data)
            with transaction() as session:
                service.reset_password(
                    session, token=token, password_hash=password_hash, now=clock.now()
                )
            flash(_("Your password is changed. Sign in with the new one."), "success")
            return see_other(url_for("accounts.sign_in"))
    except errors.NotFound:
        return spent(LinkPurpose.PASSWORD_RESET)
    return page(
        "accounts/reset.html", 422 if form.errors else 200, form=form, email=email, token=token
    )
