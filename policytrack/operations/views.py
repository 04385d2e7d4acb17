"""Answer those who watch over the site: is the process alive, can it serve people."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from policytrack.core import clock
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from policytrack.operations import queries

blueprint = Blueprint("operations", __name__)


def _answer(status: str, code: int, **more: object) -> Response:
    response = jsonify(status=status, **more)
    response.status_code = code
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/healthz")
@requires(Permission.PUBLISHED_READ)
def healthz() -> Response:
    """Say that the process is alive, whatever the state of its database."""
    return _answer("alive", 200)


@blueprint.get("/readyz")
@requires(Permission.PUBLISHED_READ)
def readyz() -> Response:
    """Say whether people should be sent here; the reasons are codes, never details."""
    if reasons := queries.hindrances(clock.now()):
        return _answer("not ready", 503, reasons=reasons)
    return _answer("ready", 200)
