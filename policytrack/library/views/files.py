"""Answer requests for the files of documents."""

from __future__ import annotations

from flask import Response

from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import NotFound
from policytrack.core.files import responses
from policytrack.core.permissions import ANONYMOUS, Permission
from policytrack.core.requests import current_actor, requires
from policytrack.library import policy, queries
from policytrack.library.views.common import blueprint


@blueprint.get("/library/files/<file_id>/<name>")
@requires(Permission.PUBLISHED_READ)
def file(file_id: str, name: str) -> Response:  # noqa: ARG001 - the name is for people
    """Send a file of a revision that the reader may read, where copies may be handed out."""
    actor, now = current_actor(), clock.now()
    found = queries.file_of(session(), actor, file_id, now)
    document, revision = found.revision.document, found.revision
    if not policy.may_have_files(actor, document, revision):
        raise NotFound()
    public = policy.revision_visible(ANONYMOUS, document, revision, now) and policy.may_have_files(
        ANONYMOUS, document, revision
    )
    return responses.send(found.file, found.name, public=public)
