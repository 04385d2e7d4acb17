"""Answer requests about search."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from policytrack.core.db import session
from policytrack.core.i18n import language
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.search import engine, facets, fallback, given, likenesses, presenters, saying
from policytrack.search import similar as finding
from policytrack.search import suggestions as suggesting
from policytrack.search.addresses import address, said
from policytrack.search.asking import naming, question
from policytrack.search.engine import Wanted
from policytrack.search.index.generations import Unusable

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@requires(Permission.PUBLISHED_READ)
def search() -> Response | str:
    """Show what answers a question; without one, how to ask."""
    wanted = given.wanted(request.args)
    try:
        found = engine.search(current_app, wanted, actor=current_actor(), language=language().code)
    except Unusable:
        return _from_the_database(wanted)
    return render_template(
        "search/search.html",
        wanted=wanted,
        given=said(replace(wanted, page=1)),
        found=found,
        hits=presenters.hits(found),
        page=presenters.page(found, wanted),
        facets=facets.facets(found, wanted),
        chips=facets.chips(found, wanted),
        without_filters=address(wanted, filters={}),
        ways=presenters.ways(found, wanted),
        sayings=saying.sayings(found, wanted),
        all_url=saying.url_of_all(wanted),
        meant_url=address(wanted, typed=found.meant) if found.meant else "",
        longest=question.LONGEST,
        deepest=engine.LAST_PAGE * wanted.size,
        designations=True,
    )


def _from_the_database(wanted: Wanted) -> str:
    found = fallback.search(current_app, wanted, actor=current_actor(), language=language().code)
    return render_template(
        "search/search.html",
        wanted=wanted,
        found=None,
        fallback=found,
        hits=presenters.hits(found),
        most=fallback.MOST,
        most_words=fallback.MOST_WORDS,
        designations=True,
    )


@blueprint.get("/search/similar")
@requires(Permission.PUBLISHED_READ)
def similar() -> Response | str:
    """Show what is closest to a document, a practice or a commitment."""
    kind, _colon, public_id = request.args.get("of", "")[:60].partition(":")
    actor = current_actor()
    try:
        found = finding.similar(current_app, kind, public_id, actor=actor, language=language().code)
    except Unusable:
        body = render_template("search/similar.html", page=None)
        return make_response(body, 503, {"Retry-After": "5"})
    page = likenesses.page(naming.names(current_app, session()), found, kind)
    return render_template("search/similar.html", page=page, designations=True)


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
