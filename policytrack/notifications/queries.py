"""Read what a mail says, when it goes out: nothing its reader may not see (any more)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.commitments import queries as commitments
from policytrack.commitments.models import CommitmentRevision
from policytrack.constituents.queries import actor_of
from policytrack.core import errors, i18n
from policytrack.core.permissions import Actor
from policytrack.core.translations import Offer, preferred
from policytrack.progress import policy
from policytrack.progress import queries as progress
from policytrack.progress.models import Decision, Note, NoteRevision
from policytrack.progress.rules import Action


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
        values = _about(session, actor_of(session, user), payload, language)
    except errors.NotFound:
        return None
    return Letter(template, user.email, language, {"name": user.name, **values})


def _about(
    session: Session, actor: Actor, payload: Mapping[str, Any], language: str
) -> dict[str, Any]:
    if "commitment" in payload:
        return _commitment(session, actor, payload, language)
    return _note(session, actor, progress.get(session, actor, payload["note"]), language)


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


def _note(session: Session, actor: Actor, note: Note, language: str) -> dict[str, Any]:
    return {
        "note": note.public_id,
        "title": _subject(note, language),
        "organisation": note.constituent.labels,
        "round": note.round.name,
        "reason": _return_reason(session, note) if policy.is_insider(actor, note) else "",
    }


def _subject(note: Note, language: str) -> str:
    if note.commitment is not None:
        revision = note.commitment.in_force
        return _title(revision, language) if revision else note.commitment.address
    theme = i18n.label(note.theme.labels, language) if note.theme else ""
    if note.corridor is not None:
        ends = (note.corridor.origin.labels, note.corridor.destination.labels)
        place = " – ".join(i18n.label(labels, language) for labels in ends)
    else:
        place = i18n.label(note.country.labels, language) if note.country else ""
    return f"{place}: {theme}"


def _return_reason(session: Session, note: Note) -> str:
    return (
        session.scalar(
            select(Decision.reason)
            .join(Decision.revision)
            .where(NoteRevision.note_id == note.id, Decision.action == Action.RETURN)
            .order_by(Decision.id.desc())
            .limit(1)
        )
        or ""
    )
