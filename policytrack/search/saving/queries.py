"""Read saved searches."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from policytrack.core import errors, ids
from policytrack.core.permissions import Actor
from policytrack.search.saving import policy
from policytrack.search.saving.models import SavedSearch


def own(session: Session, actor: Actor) -> Sequence[SavedSearch]:
    """Return the actor's searches, the latest first."""
    return session.scalars(
        select(SavedSearch)
        .where(policy.visible_to(actor))
        .order_by(SavedSearch.created_at.desc(), SavedSearch.id.desc())
    ).all()


def count(session: Session, actor: Actor) -> int:
    """Return how many searches the actor keeps."""
    return session.scalar(select(func.count(SavedSearch.id)).where(policy.visible_to(actor))) or 0


def named(session: Session, actor: Actor, name: str) -> SavedSearch | None:
    """Return the actor's search of that name."""
    return session.scalar(
        select(SavedSearch).where(policy.visible_to(actor), SavedSearch.name == name)
    )


def get(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> SavedSearch:
    """Return one of the actor's searches; raise `NotFound` for any other."""
    query = select(SavedSearch).where(_called(public_id), policy.visible_to(actor))
    return _one(session.scalar(query.with_for_update() if lock else query))


def runnable(session: Session, actor: Actor, public_id: str) -> SavedSearch:
    """Return a search that the actor may run; raise `NotFound` where there is none."""
    return _one(
        session.scalar(select(SavedSearch).where(_called(public_id), policy.runnable_by(actor)))
    )


def _called(public_id: str) -> ColumnElement[bool]:
    """Return what a search of that id answers to; no database is asked for what is no id."""
    if not ids.PATTERN.fullmatch(public_id):
        raise errors.NotFound()
    return SavedSearch.public_id == public_id


def _one(found: SavedSearch | None) -> SavedSearch:
    if found is None:
        raise errors.NotFound()
    return found


def hash_of(token: str) -> str:
    """Return what is kept of the secret of a feed's address."""
    return hashlib.sha256(token.encode()).hexdigest()


def fed(session: Session, public_id: str, token: str) -> SavedSearch:
    """Return the search whose feed has this address; raise `NotFound` for any other address."""
    found = session.scalar(
        select(SavedSearch)
        .where(_called(public_id), policy.IN_USE)
        .options(undefer(SavedSearch.feed_entries))
    )
    # As long for one that is not there: nothing is learned by the time it takes.
    kept = (found.feed_hash if found else None) or hash_of("")
    right = hmac.compare_digest(kept, hash_of(token))
    if found is None or found.feed_hash is None or not right:
        raise errors.NotFound()
    return found


def in_use(session: Session, public_id: str) -> SavedSearch | None:
    """Return a search with its owner, where that account is in use."""
    return session.scalar(
        select(SavedSearch)
        .where(SavedSearch.public_id == public_id, policy.IN_USE)
        .options(joinedload(SavedSearch.user))
    )


def due_alert(session: Session, now: datetime) -> SavedSearch | None:
    """Return the search that has waited longest to be looked at for its owner."""
    return session.scalar(
        select(SavedSearch)
        .where(SavedSearch.alert_due_at <= now, policy.IN_USE)
        .options(joinedload(SavedSearch.user), undefer(SavedSearch.reported))
        .order_by(SavedSearch.alert_due_at, SavedSearch.id)
        .limit(1)
    )


def due_feed(session: Session, now: datetime) -> SavedSearch | None:
    """Return the search whose feed has waited longest to be looked at."""
    return session.scalar(
        select(SavedSearch)
        .where(SavedSearch.feed_due_at <= now, policy.IN_USE)
        .options(undefer(SavedSearch.feed_known))
        .order_by(SavedSearch.feed_due_at, SavedSearch.id)
        .limit(1)
    )


def held(session: Session, search_id: int) -> SavedSearch | None:
    """Return a search to decide on, with all that is remembered of it; None if it is gone."""
    return session.scalar(
        select(SavedSearch)
        .where(SavedSearch.id == search_id)
        .options(
            undefer(SavedSearch.reported),
            undefer(SavedSearch.feed_known),
            undefer(SavedSearch.feed_entries),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
