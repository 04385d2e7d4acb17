"""Answer requests about search."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.search import engine, facets, presenters, question
from policytrack.search import suggestions as suggesting
from policytrack.search.addresses import address
from policytrack.search.engine import FILTERS, SORTS, Wanted
from policytrack.search.generations import Unusable

blueprint = Blueprint("search", __name__)


def _wanted() -> Wanted:
    """Read what is searched for from the address; whatever is no such thing counts as not said."""
    given = request.args
    sort = given.get("sort", "")
    number = given.get("page", "")
    return Wanted(
        typed=question.tidy(given.get("q", "")[: 20 * question.LONGEST])[: question.LONGEST + 1],
        filters={name: chosen for name in FILTERS if (chosen := engine.codes(given.getlist(name)))},
        sort=sort if sort in SORTS else SORTS[0],
        page=int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1,
    )


@blueprint.get("/search")
@requires(Permission.PUBLISHED_READ)
def search() -> Response | str:
    """Show what answers a question; without one, how to ask."""
    wanted = _wanted()
    try:
        found = engine.search(current_app, wanted, actor=current_actor(), language=language().code)
    except Unusable:
        body = render_template("search/search.html", wanted=wanted, found=None)
        return make_response(body, 503, {"Retry-After": "5"})
    return render_template(
        "search/search.html",
        wanted=wanted,
        found=found,
        hits=presenters.hits(found),
        page=presenters.page(found, wanted),
        facets=facets.facets(found, wanted),
        chips=facets.chips(found, wanted),
        without_filters=address(wanted, filters={}),
        ways=presenters.ways(found, wanted),
        meant_url=address(wanted, typed=found.meant) if found.meant else "",
        longest=question.LONGEST,
        deepest=engine.LAST_PAGE * wanted.size,
        designations=True,
    )


@blueprint.get("/search/suggestions")
@requires(Permission.PUBLISHED_READ)
def suggestions() -> Response:
    """Answer what may be meant by what somebody has begun to type, as JSON."""
    typed = request.args.get("q", "")
    try:
        found = suggesting.suggest(
            current_app, typed, actor=current_actor(), language=language().code
        )
    except Unusable:
        return make_response({"suggestions": [], "said": ""}, 503, {"Retry-After": "5"})
    return make_response(presenters.suggestions(found), 200, {"Cache-Control": "private"})
