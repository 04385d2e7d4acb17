"""Hold what the views of notes share."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from policytrack.core.db import session
from policytrack.core.review import State
from policytrack.progress import queries, service
from policytrack.progress.models import Note, NoteRevision

blueprint = Blueprint("progress", __name__)


def lacking(note: Note, revision: NoteRevision) -> Mapping[str, object]:
    """Return what a draft lacks before it can be submitted, but for the confirmation."""
    if revision.state not in {State.DRAFT, State.RETURNED}:
        return {}
    former = queries.precedent(session(), note) if note.published_id is None else None
    return service.lacking(revision, former, people_protected=True)
