"""Send an answer part by part, and hold nothing between the parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from flask import Flask, current_app, g, request

from policytrack.core.requests import current_actor

Again = Callable[[], AbstractContextManager[None]]


def again() -> Again:
    """Return a way to stand in the present request once more, for a part that is made later.

    Whoever reads slowly keeps neither a connection to the database nor a view of its past: each
    part has its own session, which ends with it.
    """
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own
    environ, actor, request_id = request.environ, current_actor(), g.get("request_id", "-")

    @contextmanager
    def entered() -> Iterator[None]:
        with app.request_context(environ):
            g.actor, g.request_id = actor, request_id
            yield

    return entered
