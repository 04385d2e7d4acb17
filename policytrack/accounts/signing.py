"""Bind Flask-Login to sign-ins that are rows: revocable, seen on every machine."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import flask
from flask import Flask, Response, g
from flask_babel import refresh
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy.exc import DBAPIError

from policytrack.accounts import queries, service
from policytrack.accounts.models import User
from policytrack.core import clock, locks
from policytrack.core import db as database
from policytrack.core.db import transaction

log = logging.getLogger(__name__)

# The cookie outlives the sign-in it names: a form sent long after can still prove that it was
# written on this site, and is then held behind the sign-in page instead of being refused.
_COOKIE_LIFE = timedelta(days=365)


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Be the person of a signed-in browser."""

    def __init__(self, user: User, token: str, browser_id: str = "") -> None:
        self.user = user
        self.token = token
        self.browser_id = browser_id

    def get_id(self) -> str:
        """Return the secret that the cookie carries; it says nothing about the person."""
        return self.token


def _load(token: str) -> SignedIn | None:
    now = clock.now()
    row = queries.signed_in(database.session(), token, now)
    if row is None:
        return None
    if now - row.seen_at >= service.SEEN_EVERY:
        g.browser_seen = row.id
    return SignedIn(row.user, token, row.public_id)


def _note_seen(response: Response) -> Response:
    # After the view, in a transaction of its own; no page fails because this could not be noted.
    row_id = g.pop("browser_seen", None)
    if row_id is None:
        return response
    try:
        with transaction() as session:
            service.seen(session, row_id=row_id, now=clock.now())
    except (DBAPIError, locks.LockTimeout, OSError) as error:
        log.warning("a sign-in could not be noted as in use: %s", type(error).__name__)
    return response


def enter(user: User, token: str) -> None:
    """Make the present browser the one that holds `token`, with nothing left of before."""
    flask.session.clear()
    # The forgery token is cached for the request; the page that follows needs one of the new
    # session.
    g.pop("csrf_token", None)
    flask.session.permanent = True
    login_user(SignedIn(user, token))
    g.actor = service.as_actor(user)
    refresh()


def leave() -> None:
    """Forget the present browser's sign-in."""
    flask.session.clear()
    g.pop("csrf_token", None)


def present_token() -> str:
    """Return the secret of the present sign-in; empty for none."""
    return str(current_user.token) if current_user.is_authenticated else ""


def _send_reset(payload: Mapping[str, Any], key: str) -> None:
    with transaction() as session:
        service.send_reset(session, email=payload["email"], key=key, now=clock.now())


def _send_registration(payload: Mapping[str, Any], key: str) -> None:
    with transaction() as session:
        service.send_registration(session, payload=payload, key=key, now=clock.now())


def init_app(app: Flask) -> None:
    """Bind sign-in to an application."""
    app.config["PERMANENT_SESSION_LIFETIME"] = _COOKIE_LIFE
    # Flask-Login's own guard ties a sign-in to one network address; delegates travel.
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(_load)
    # Templates read `actor`; error pages must not ask the database who is there.
    manager.init_app(app, add_context_processor=False)
    app.after_request(_note_seen)
    handlers = app.extensions.setdefault("outbox_handlers", {})
    handlers["password_reset"] = _send_reset
    handlers["registration"] = _send_registration
