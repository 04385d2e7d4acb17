"""Read what a mail says, when it goes out: nothing its reader may not see (any more)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.commitments import queries as commitments
from policytrack.commitments.models import CommitmentRevision
from policytrack.constituents.queries import actor_of
from policytrack.core import errors, i18n
from policytrack.core.permissions import Actor
from policytrack.core.translations import Offer, preferred


@dataclass(frozen=True, slots=True)
class Letter:
    """Hold a mail before it is put into words; `values` are plain."""

    template: str
    to: str
    language: str
    values: Mapping[str, Any]


def letter(session: Session, payload: Mapping[str, Any]) -> Letter | None:
    """Return what to send for an outbox payload; None where there is nothing to send any more.

    That is so when the person's account is no longer in use, or the thing is now hidden from them.
    """
    template = str(payload["template"])
    if "to" in payload:
        language = payload.get("language") or i18n.DEFAULT
        return Letter(template, payload["to"], language, payload.get("values", {}))
    user = session.get(User, payload["user_id"])
    if user is None or user.state != AccountState.ACTIVE:
        return None
    language = user.language or i18n.DEFAULT
    try:
        values = _commitment(session, actor_of(session, user), payload, language)
    except errors.NotFound:
        return None
    return Letter(template, user.email, language, {"name": user.name, **values})


def _title(revision: CommitmentRevision, language: str) -> str:
    offers = [Offer(each.language, each.kind, each.title) for each in revision.translations]
    chosen = preferred(revision.language, offers, language)
    return chosen.content if chosen else revision.title


def _commitment(
    session: Session, actor: Actor, payload: Mapping[str, Any], language: str
) -> dict[str, Any]:
    found = commitments.get(session, actor, payload["commitment"])
    revision = commitments.revision(session, actor, found, payload["revision"])
    return {
        "address": found.address,
        "code": found.code or "",
        "title": _title(revision, language),
        "organisation": found.lead.labels,
        "reason": revision.reason,
    }
