"""Map redactions: the register of what was taken out, where, by whom and why; never the text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.accounts.models import User
from policytrack.core.db import Base, PublicId
from policytrack.core.ids import new_id
from policytrack.redaction.rules import State


class Redaction(Base):
    """Hold one redaction of a note or a document.

    `passage` is held only while it waits. `places` and `files` say where it was carried out, as
    data without the text, so that it can be carried out again on a restored backup.
    """

    __tablename__ = "redaction"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    state: Mapped[str] = mapped_column(String(20), default=State.WAITING)
    kind: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(20))
    passage: Mapped[str] = mapped_column(Text, default="")
    # The row that names the file: a piece of evidence, or a file of a document.
    file_id: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(Text)
    sentence: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    refusal: Mapped[str] = mapped_column(Text, default="")
    places: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(default=False)

    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        CheckConstraint("target IN ('passage', 'file')", name="target"),
        CheckConstraint("state = 'waiting' OR passage = ''", name="passage_forgotten"),
        CheckConstraint("asked_by_id <> decided_by_id OR state <> 'done'", name="two_officers"),
        Index("ix_redaction_state", "state", "asked_at"),
        Index("ix_redaction_thing", "kind", "thing_id"),
    )
