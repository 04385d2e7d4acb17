"""Keep what was done to a row: in its history, in the trail, and in the change log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from policytrack.core import audit
from policytrack.core.permissions import Actor
from policytrack.reference.kinds import Kind
from policytrack.reference.models import ReferenceEdit
from policytrack.reference.service import following


@dataclass(frozen=True, slots=True)
class Act:
    """Hold who acts, when, and why."""

    actor: Actor
    now: datetime
    reason: str


def record(
    session: Session,
    act: Act,
    action: str,
    kind: Kind,
    row: Any,
    key: str,
    *,
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> None:
    """Keep an act: `added`, `changed` or `removed`; `before` and `after` hold the cells touched."""
    session.add(
        ReferenceEdit(
            kind=kind.name,
            key=key,
            action=action,
            at=act.now,
            actor_id=act.actor.user_id,
            before=dict(before),
            after=dict(after),
            reason=act.reason,
        )
    )
    touched = [name for name in kind.by_name if before.get(name, "") != after.get(name, "")]
    audit.record(
        session,
        actor=act.actor,
        action=f"reference_{action}",
        kind=kind.name,
        public_id=key,
        now=act.now,
        fields=touched,
    )
    following.note(session, kind, row, key, touched if action == "changed" else ())
