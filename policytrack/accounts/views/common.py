"""Hold what the parts of the views share."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from policytrack.accounts import limits, queries, rules
from policytrack.accounts.models import LinkPurpose, User
from policytrack.core import clock, db, errors
from policytrack.core.db import transaction

blueprint = Blueprint("accounts", __name__)


def page(template: str, status: int = 200, **values: object) -> Response:
    """Return a page that no cache keeps: it carries secrets of a link or of an account."""
    response = make_response(render_template(template, **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def sender() -> str:
    """Return the network address from which a request comes."""
    return request.remote_addr or "unknown"


def sent() -> MultiDict[str, str] | None:
    """Return the form that was sent; None where the page is only asked for."""
    return request.form if request.method == "POST" else None


def browser() -> str:
    """Return what the person calls their browser."""
    return rules.browser_name(request.headers.get("User-Agent", ""))


def opened(token: str, purpose: LinkPurpose) -> User:
    """Return the person of an open link; count and refuse any other token."""
    link = queries.open_link(db.session(), token, purpose, clock.now())
    if link is not None:
        return link.user
    with transaction() as session:
        subject = limits.network_key(sender())
        limits.spend(session, clock.now(), (rules.LINK_BY_ADDRESS, subject))
    raise errors.NotFound()


def spent(purpose: LinkPurpose) -> Response:
    """Say that a link opens nothing any more, and what to do."""
    return page("accounts/link_spent.html", 404, purpose=purpose)
