"""Keep the trail: who did what to which thing, when, and which fields it touched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from policytrack.core.db import Base
from policytrack.core.permissions import Actor


class TrailEntry(Base):
    """Record one act. Before and after are in the revisions, not here."""

    __tablename__ = "trail_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    action: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    public_id: Mapped[str] = mapped_column(String(40))
    constituent_id: Mapped[int | None] = mapped_column(index=True)
    fields: Mapped[list[str]] = mapped_column(default=list)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (Index("ix_trail_entry_kind_public_id", "kind", "public_id"),)


def record(
    session: Session,
    *,
    actor: Actor,
    action: str,
    kind: str,
    public_id: str,
    now: datetime,
    constituent_id: int | None = None,
    fields: Sequence[str] = (),
    details: dict[str, Any] | None = None,
) -> None:
    """Add an act to the trail; `details` hold codes and counts, never texts or addresses."""
    session.add(
        TrailEntry(
            at=now,
            actor_id=actor.user_id,
            action=action,
            kind=kind,
            public_id=public_id,
            constituent_id=constituent_id,
            fields=list(fields),
            details=details or {},
            request_id=session.info.get("request_id", ""),
        )
    )
