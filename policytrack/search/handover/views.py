"""Hand a whole result over as a file."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import Blueprint, Flask, Response, current_app, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from policytrack.accounts import limits
from policytrack.accounts.rules import Limit
from policytrack.core import clock
from policytrack.core.db import transaction
from policytrack.core.errors import NotFound
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.core.streaming import again
from policytrack.search import engine, given, taking
from policytrack.search.addresses import address
from policytrack.search.handover import files
from policytrack.search.handover.files import Taken
from policytrack.search.index.generations import Unusable

blueprint = Blueprint("handover", __name__)

# A file may hold thousands of results; a delegation may share one network address.
TAKEN = Limit("search-taken", 60, timedelta(minutes=15))


# Not `kind`, which is a filter of the same address.
@blueprint.get("/search/results.<ending>")
@requires(Permission.PUBLISHED_READ)
def results(ending: str) -> AnyResponse | Response:
    """Hand over everything that answers a search, with the filters of its address."""
    if ending not in files.KINDS:
        raise NotFound()
    wanted, actor, now = given.wanted(request.args), current_actor(), clock.now()
    with transaction() as session:
        subject = actor.public_id or limits.network_key(request.remote_addr or "unknown")
        limits.spend(session, now, (TAKEN, subject))
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own
    try:
        order = engine.order(app, wanted, actor=actor, most=taking.MOST)
    except Unusable:
        body = render_template("search/search.html", wanted=wanted, found=None)
        return AnyResponse(body, 503, {"Retry-After": "5"}, mimetype="text/html")
    taken = Taken(
        app,
        order,
        actor,
        language().code,
        files.title(wanted.typed),
        address(wanted, external=True),
        now,
        again(),
    )
    return files.answer(taken, ending)
