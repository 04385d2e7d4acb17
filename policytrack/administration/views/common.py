"""Hold what the parts of the views share."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from policytrack.administration import presenters
from policytrack.core.forms import BaseForm, carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.requests import current_actor, see_other

blueprint = Blueprint("administration", __name__)


def page(template: str, status: int = 200, **values: object) -> Response:
    """Return a page with the menu of the parts that its reader may use."""
    body = render_template(
        f"administration/{template}.html", parts=presenters.parts(current_actor()), **values
    )
    return make_response(body, status)


def sent() -> MultiDict[str, str] | None:
    """Return the form that was sent; None where the page is only asked for."""
    return request.form if request.method == "POST" else None


def done(form: BaseForm, address: str, act: Callable[[Session], str]) -> Response:
    """Carry out what a form asks for, once, and go on to `address` with what `act` says."""
    said: list[str] = []

    def act_and_say(session: Session) -> str:
        said.append(act(session))
        return address

    location = carry_out(form, act_and_say)
    flash(said[0] if said else _("This was done already."), "success")
    return see_other(location)
