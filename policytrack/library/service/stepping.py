"""Find the revision that an act is for, locked and allowed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core.errors import StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.core.review import Action
from policytrack.library import policy, queries, rules
from policytrack.library.models import LibraryDocument, LibraryRevision

_MOVED_ON = _("This document has moved on in the meantime; that step is closed.")


def under_way(
    actor: Actor, document: LibraryDocument, action: Action, now: datetime
) -> LibraryRevision:
    """Authorise, and return the open revision that the action is for."""
    revision = policy.open_revision(actor, document, now)
    if revision is None:
        # Said alike whether there is none, or one that the actor may not know of.
        policy.require_for(actor, action, document)
        raise StaleVersion(_MOVED_ON)
    policy.require(actor, action, document, revision)
    return revision


def in_force(
    session: Session, actor: Actor, document: LibraryDocument, action: Action, now: datetime
) -> LibraryRevision:
    """Lock a document, authorise, and return the published revision that the action is for."""
    queries.lock(session, document)
    revision = document.published or under_way(actor, document, action, now)
    policy.require(actor, action, document, revision)
    rules.step(revision.state, action)
    return revision


def move_on(
    session: Session, actor: Actor, document: LibraryDocument, action: Action, now: datetime
) -> LibraryRevision:
    """Lock a document, authorise, and move its open revision one step on."""
    queries.lock(session, document)
    revision = under_way(actor, document, action, now)
    revision.state = rules.step(revision.state, action).to
    return revision
