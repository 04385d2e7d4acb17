"""Answer requests that send the files of documents one by one, before their form is saved."""

from __future__ import annotations

from flask import Response, jsonify, make_response, request, url_for

from policytrack.core import clock, ids
from policytrack.core.db import session
from policytrack.core.errors import DomainError, NotFound
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.requests import current_actor, requires
from policytrack.library import queries, uploads
from policytrack.library.presenters import editor
from policytrack.library.views.common import blueprint


@blueprint.post("/library/uploads")
@requires(Permission.LIBRARY_WRITE)
def upload() -> Response:
    """Take one file, which then waits for its form; say what it is, or why it is refused."""
    actor, now = current_actor(), clock.now()
    given = request.files.get("file")
    if given is None or not given.filename:
        return make_response(jsonify(error=_("No file arrived. Please choose it again.")), 422)
    try:
        public_id = uploads.receive(given, actor.user_id or 0, now)
    except DomainError as problem:
        return make_response(jsonify(error=str(problem.message)), 422)
    (staged,) = uploads.waiting(session(), [public_id], actor.user_id or 0)
    same = queries.same_files(session(), actor, {staged.source_sha256}, now)
    (view,) = editor.waiting_views([staged], same)
    return jsonify(
        id=view.public_id,
        name=view.name,
        known=[{"title": each.title, "url": each.url} for each in view.known],
        forget=url_for("library.forget", staged_id=view.public_id),
    )


@blueprint.post("/library/uploads/<staged_id>/forget")
@requires(Permission.LIBRARY_WRITE)
def forget(staged_id: str) -> Response:
    """Let a file that waits for a form wait no more."""
    if not ids.PATTERN.fullmatch(staged_id):
        raise NotFound()
    uploads.forget(staged_id, current_actor().user_id or 0)
    return make_response("", 204)
