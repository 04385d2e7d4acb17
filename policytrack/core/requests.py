"""Hold what a view may know of the request: who asks, and what its route needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from flask import Response, current_app, g, make_response, redirect

from policytrack.core.permissions import ANONYMOUS, Actor, Permission
from policytrack.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


def current_actor() -> Actor:
    """Return who asks; the anonymous public outside a request."""
    return cast(Actor, g.get("actor", ANONYMOUS))


def settings() -> Settings:
    """Return the installation's settings."""
    return cast(Settings, current_app.config["POLICYTRACK"])


def see_other(location: str) -> Response:
    """Return the answer that leads on once something is done."""
    return make_response(redirect(location, 303))


def requires(
    permission: Permission, *, of_thing: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the permission that a route needs; every route must.

    Without `of_thing` the request is refused before the view runs. With it the view first fetches
    the thing through `visible_to` (so that what may not be seen answers 404) and the service then
    enforces the permission (403); beforehand only a sign-in is asked for.
    """

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        view.permission = permission  # type: ignore[attr-defined]  # a mark on the function
        view.permission_of_thing = of_thing  # type: ignore[attr-defined]  # likewise
        return view

    return declare
