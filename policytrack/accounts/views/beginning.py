"""Let the owner of an address choose a name and a password, and sign them in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from flask import Response, flash, request, url_for
from sqlalchemy.orm import Session

from policytrack.accounts import forms, passwords, service, signing
from policytrack.accounts.models import LinkPurpose, User
from policytrack.accounts.views.common import browser, opened, page, sender, sent, spent
from policytrack.core import clock, errors
from policytrack.core.db import transaction
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.requests import see_other


class Begin(Protocol):
    """Use a link and make its account active; raise `NotFound` where the link is spent."""

    def __call__(
        self,
        session: Session,
        *,
        token: str,
        name: str,
        language: str,
        password_hash: str,
        now: datetime,
    ) -> User:
        """Return the person whose account it is."""


def begin_account(token: str, purpose: LinkPurpose, begin: Begin, *, template: str) -> Response:
    """Answer a link that opens an account: its form, then the way in."""
    try:
        user = opened(token, purpose)
        form = forms.AcceptForm(sent(), name=user.name, language=user.language or language().code)
        email = form.owner_email = user.email
        if request.method == "POST" and form.validate():
            _let_in(token, form, begin)
            flash(_("Welcome. Your account is ready."), "success")
            return see_other(url_for("pages.home"))
    except errors.NotFound:
        return spent(purpose)
    return page(template, 422 if form.errors else 200, form=form, email=email, token=token)


def _let_in(token: str, form: forms.AcceptForm, begin: Begin) -> None:
    now, password_hash = clock.now(), passwords.hashed(form.password.data)
    with transaction() as session:
        service.sign_out(session, token=signing.present_token(), address=sender(), now=now)
        user = begin(
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
