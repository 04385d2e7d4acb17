"""Let dialogues name documents of the library: those who keep dialogues say which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core import audit, changes
from policytrack.core.errors import InvalidInput, NotFound
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.dialogues import queries
from policytrack.dialogues.models import Dialogue, DialogueDocument
from policytrack.programmes.rules import moved

KIND = "dialogue"


def link(
    session: Session, *, actor: Actor, dialogue: Dialogue, public_id: str, now: datetime
) -> None:
    """Name a published document that the actor may read; raise `InvalidInput` for any other."""
    _begin(session, actor, dialogue)
    document_id = queries.document_at(session, actor, public_id, now)
    if document_id is None:
        problem = _("There is no published document at this address, or none that you may read.")
        raise InvalidInput(problem, {"document": problem})
    if any(each.document_id == document_id for each in dialogue.documents):
        problem = _("This document is linked already.")
        raise InvalidInput(problem, {"document": problem})
    last = max((each.position for each in dialogue.documents), default=0)
    dialogue.documents.append(DialogueDocument(document_id=document_id, position=last + 1))
    session.flush()
    _record(session, actor, dialogue, "document_link", public_id, now)


def unlink(
    session: Session, *, actor: Actor, dialogue: Dialogue, public_id: str, now: datetime
) -> None:
    """Name a document no more; raise `NotFound` where the actor sees none of that id."""
    _begin(session, actor, dialogue)
    gone = _seen(session, actor, dialogue, public_id, now)[public_id]
    dialogue.documents = [each for each in dialogue.documents if each.document_id != gone]
    session.flush()
    _record(session, actor, dialogue, "document_unlink", public_id, now)


def move(
    session: Session, *, actor: Actor, dialogue: Dialogue, public_id: str, step: int, now: datetime
) -> None:
    """Name a document one place earlier (-1) or later (1) among those that the actor sees.

    Raises `NotFound` as `unlink` does.
    """
    _begin(session, actor, dialogue)
    seen = _seen(session, actor, dialogue, public_id, now)
    order = list(seen)
    after = moved(order, public_id, step)
    if after == order:
        return
    rows = list(dialogue.documents)
    by_document = {row.document_id: row for row in rows}
    # What the actor does not see keeps its place among the others.
    places = [at for at, row in enumerate(rows) if row.document_id in seen.values()]
    for at, each in zip(places, after, strict=True):
        rows[at] = by_document[seen[each]]
    for position, row in enumerate(rows, start=1):
        row.position = position
    session.flush()
    session.expire(dialogue, ["documents"])
    _record(session, actor, dialogue, "document_move", public_id, now)


def _begin(session: Session, actor: Actor, dialogue: Dialogue) -> None:
    queries.lock(session, dialogue)
    require(actor, Permission.REFERENCE_MANAGE)


def _seen(
    session: Session, actor: Actor, dialogue: Dialogue, public_id: str, now: datetime
) -> Mapping[str, int]:
    """Return the documents that the actor sees, in their order; raise `NotFound` without this."""
    named = queries.documents(session, actor, [dialogue.id], now).get(dialogue.id, ())
    found = {each.public_id: each.id for each in named}
    if public_id not in found:
        raise NotFound()
    return found


def _record(
    session: Session, actor: Actor, dialogue: Dialogue, act: str, document: str, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=f"{KIND}.{act}",
        kind=KIND,
        public_id=dialogue.public_id,
        now=now,
        details={"document": document},
    )
    changes.append(session, KIND, dialogue.public_id)
