"""Answer requests about saved searches."""

from __future__ import annotations

from typing import cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session

from policytrack.accounts.service import as_actor
from policytrack.core import clock
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.errors import InvalidInput, NotFound, RuleViolation
from policytrack.core.forms import BaseForm, carry_out
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language
from policytrack.core.permissions import ANONYMOUS, Permission
from policytrack.core.requests import current_actor, requires, see_other
from policytrack.notifications.presenters import address_of
from policytrack.search.index.generations import Unusable
from policytrack.search.saving import alerts, feeds, finding, presenters, queries, service
from policytrack.search.saving.finding import Find
from policytrack.search.saving.forms import NewSearchForm, SavedSearchForm
from policytrack.search.saving.models import SavedSearch
from policytrack.search.saving.rules import Alert

blueprint = Blueprint("saved_searches", __name__)


def _page(template: str, status: int = 200, **values: object) -> Response:
    response = make_response(render_template(f"search/{template}.html", **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _app() -> Flask:
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own


def _blame(form: SavedSearchForm, problem: InvalidInput) -> None:
    for name, sentence in problem.fields.items():
        form[name].errors = [*form[name].errors, sentence]


def _known(form: SavedSearchForm, query: str, before: str = Alert.NONE) -> Find | None:
    """Return what a search finds now, where mail shall begin; raise `InvalidInput` if that fails.

    Outside of the transaction: a search may take its time.
    """
    if form.alert.data == Alert.NONE or before != Alert.NONE or not query:
        return None
    try:
        return finding.published(_app(), query, current_actor())
    except Unusable:
        raise InvalidInput(
            fields={
                "alert": _(
                    "The search index is being rebuilt. Try again in a moment, or save without"
                    " mail."
                )
            }
        ) from None


@blueprint.get("/account/searches")
@requires(Permission.SEARCH_SAVE)
def listing() -> Response:
    """List one's own searches."""
    found = queries.own(current_session(), current_actor())
    return _page("saved", rows=presenters.rows(found))


@blueprint.post("/account/searches")
@requires(Permission.SEARCH_SAVE)
def save() -> Response:
    """Save a search."""
    form = NewSearchForm(request.form)
    wanted = finding.wanted_of(form.search.data or "")
    query = finding.query_of(wanted) if wanted.typed or wanted.filters else ""
    if form.validate():
        try:
            command = form.to_command(_known(form, query))
            carry_out(form, lambda session: _save(session, query, command))
        except InvalidInput as problem:
            _blame(form, problem)
        except RuleViolation as problem:
            form.form_errors.append(problem.message)
        else:
            flash(_("The search is saved."), "success")
            return see_other(url_for("saved_searches.listing"))
    return _page("save", 422, form=form)


def _save(session: Session, query: str, command: service.Keeping) -> str:
    saved = service.save(
        session, actor=current_actor(), query=query, command=command, now=clock.now()
    )
    return url_for("saved_searches.edit", public_id=saved.public_id)


@blueprint.route("/account/searches/<public_id>", methods=["GET", "POST"])
@requires(Permission.SEARCH_SAVE)
def edit(public_id: str) -> Response:
    """Change one of one's own searches."""
    saved = queries.get(current_session(), current_actor(), public_id)
    form = SavedSearchForm(
        request.form if request.method == "POST" else None, name=saved.name, alert=saved.alert
    )
    if request.method != "POST":
        return _page("saved_search", form=form, row=presenters.row(saved))
    if form.validate():
        try:
            command = form.to_command(_known(form, saved.query, saved.alert))
            carry_out(form, lambda session: _change(session, public_id, command))
        except InvalidInput as problem:
            _blame(form, problem)
        else:
            flash(_("The search is saved."), "success")
            return see_other(url_for("saved_searches.listing"))
    saved = queries.get(current_session(), current_actor(), public_id)
    return _page("saved_search", 422, form=form, row=presenters.row(saved))


def _change(session: Session, public_id: str, command: service.Keeping) -> str:
    saved = _own(session, public_id)
    service.change(session, actor=current_actor(), saved=saved, command=command, now=clock.now())
    return url_for("saved_searches.listing")


def _own(session: Session, public_id: str) -> SavedSearch:
    return queries.get(session, current_actor(), public_id, lock=True)


def _done(public_id: str, message: str) -> Response:
    flash(message, "success")
    return see_other(url_for("saved_searches.edit", public_id=public_id))


@blueprint.post("/account/searches/<public_id>/share")
@requires(Permission.SEARCH_SAVE)
def share(public_id: str) -> Response:
    """Let others run a search by its link, or no longer."""
    shared = request.form.get("shared") == "yes"
    with transaction() as session:
        saved = _own(session, public_id)
        service.share(session, actor=current_actor(), saved=saved, shared=shared, now=clock.now())
    said = _("Whoever has the link can run this search.") if shared else _("The link is closed.")
    return _done(public_id, said)


@blueprint.post("/account/searches/<public_id>/feed")
@requires(Permission.SEARCH_SAVE)
def feed(public_id: str) -> Response:
    """Give a search a feed, or its feed a new address, which is shown this once."""
    saved = queries.get(current_session(), current_actor(), public_id)
    try:
        find = finding.published(_app(), saved.query, ANONYMOUS)
        first = feeds.beginning_of(_app(), find)
        with transaction() as session:
            token = service.feed(
                session,
                actor=current_actor(),
                saved=_own(session, public_id),
                find=find,
                first=first,
                language=language().code,
                now=clock.now(),
            )
    except Unusable:
        raise RuleViolation(
            _("The search index is being rebuilt. Please try again in a moment.")
        ) from None
    except InvalidInput as problem:
        raise RuleViolation(problem.fields["feed"]) from None
    saved = queries.get(current_session(), current_actor(), public_id)
    return _page(
        "feed_address",
        row=presenters.row(saved),
        address=address_of("saved_searches.atom", public_id=public_id, token=token),
    )


@blueprint.post("/account/searches/<public_id>/feed/end")
@requires(Permission.SEARCH_SAVE)
def end_feed(public_id: str) -> Response:
    """Take the feed of a search away."""
    with transaction() as session:
        saved = _own(session, public_id)
        service.end_feed(session, actor=current_actor(), saved=saved, now=clock.now())
    return _done(public_id, _("The feed is closed."))


@blueprint.post("/account/searches/<public_id>/delete")
@requires(Permission.SEARCH_SAVE)
def delete(public_id: str) -> Response:
    """Delete a search."""

    def act(session: Session) -> str:
        saved = _own(session, public_id)
        service.remove(session, actor=current_actor(), saved=saved, now=clock.now())
        return url_for("saved_searches.listing")

    location = carry_out(BaseForm(request.form), act)
    flash(_("The search is deleted."), "success")
    return see_other(location)


@blueprint.get("/searches/<public_id>")
@requires(Permission.PUBLISHED_READ)
def run(public_id: str) -> Response:
    """Run a search of one's own or one that is shared, with one's own rights."""
    saved = queries.runnable(current_session(), current_actor(), public_id)
    return see_other(presenters.address(saved.query))


@blueprint.get("/feeds/<public_id>/<token>.atom")
@requires(Permission.PUBLISHED_READ)
def atom(public_id: str, token: str) -> Response:
    """Feed a reader with what is new and public, by a secret address."""
    saved = queries.fed(current_session(), public_id, token)
    made = feeds.feed(saved, address_of("saved_searches.atom", public_id=public_id, token=token))
    response = Response(made.body, content_type=f"{feeds.MEDIA_TYPE}; charset=utf-8")
    response.last_modified = made.changed_at
    response.add_etag()
    response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    return response


@blueprint.route("/searches/stop/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLISHED_READ)
def stop(token: str) -> Response:
    """End the mail on a search, from a link in such a mail: no sign-in is needed for that."""
    saved = queries.in_use(current_session(), alerts.stopped(token))
    if saved is None:
        raise NotFound()
    if request.method == "POST":
        with transaction() as session:
            there = queries.in_use(session, saved.public_id)
            if there is not None:
                actor = as_actor(there.user)
                service.stop(session, actor=actor, saved=there, now=clock.now())
    saved = queries.in_use(current_session(), alerts.stopped(token))
    return _page("stop", name=saved.name if saved else "", on=saved and saved.alert != Alert.NONE)
