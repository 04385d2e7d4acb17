"""Keep what is to be known of an act on an account, and write to its person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.core import audit, outbox
from policytrack.core.i18n import DEFAULT
from policytrack.core.permissions import Actor


def as_actor(user: User) -> Actor:
    """Return a person as the actor of acts on their own account, without roles."""
    return Actor(user_id=user.id, public_id=user.public_id, name=user.name, language=user.language)


def record(
    session: Session, actor: Actor, action: str, user: User, now: datetime, **more: Any
) -> None:
    """Keep an act on an account in the trail."""
    audit.record(
        session,
        actor=actor,
        action=action,
        kind="account",
        public_id=user.public_id,
        now=now,
        **more,
    )


def write_to(
    session: Session,
    *,
    user: User,
    template: str,
    values: Mapping[str, Any],
    key: str,
    now: datetime,
    language: str | None = None,
) -> None:
    """Queue a mail to a person in their language; the same `key` is never sent twice."""
    outbox.enqueue(
        session,
        "mail",
        {
            "template": template,
            "to": user.email,
            "language": user.language or language or DEFAULT,
            "values": dict(values),
        },
        key=key,
        now=now,
    )
