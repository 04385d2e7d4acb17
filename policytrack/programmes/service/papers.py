"""Link documents of the library to programmes, and take the links away again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core.errors import InvalidInput, NotFound
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.programmes import queries
from policytrack.programmes.models import Programme, ProgrammeDocument
from policytrack.programmes.service.keeping import begin, record


def link(
    session: Session, *, actor: Actor, programme: Programme, public_id: str, now: datetime
) -> None:
    """Link a published document that the actor may read; raise `InvalidInput` for any other."""
    begin(session, actor, programme)
    found = queries.paper_at(session, actor, public_id, now)
    if found is None:
        problem = _("There is no published document at this address, or none that you may read.")
        raise InvalidInput(problem, {"document": problem})
    if any(each.document_id == found.id for each in programme.documents):
        problem = _("This document is linked already.")
        raise InvalidInput(problem, {"document": problem})
    programme.documents.append(ProgrammeDocument(document_id=found.id, added_at=now))
    session.flush()
    record(session, actor, programme, "document_link", now, document=public_id)


def unlink(
    session: Session, *, actor: Actor, programme: Programme, public_id: str, now: datetime
) -> None:
    """Take a link away; raise `NotFound` where the actor sees none to this document."""
    begin(session, actor, programme)
    ids = [each.document_id for each in programme.documents]
    seen = queries.papers(session, actor, ids, now)
    found = next((each.id for each in seen.values() if each.public_id == public_id), None)
    if found is None:
        raise NotFound()
    programme.documents = [each for each in programme.documents if each.document_id != found]
    session.flush()
    record(session, actor, programme, "document_unlink", now, document=public_id)
