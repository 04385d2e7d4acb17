"""Map what is known about reference rows: what was loaded last, and what was edited since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.accounts.models import User
from policytrack.core.db import Base


class LoadedRow(Base):
    """Hold what a data file last said of one row, so that an edit is told from an old value."""

    __tablename__ = "loaded_row"

    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    content: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]


class ReferenceEdit(Base):
    """Hold one change of a reference row that the secretariat made on the site, and why."""

    __tablename__ = "reference_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    demonstration: Mapped[bool] = mapped_column(default=False)

    actor: Mapped[User | None] = relationship()

    __table_args__ = (
        Index("ix_reference_edit_kind_key", "kind", "key"),
        CheckConstraint("action IN ('added', 'changed', 'removed', 'overwritten')", name="action"),
    )
