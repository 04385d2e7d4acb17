"""Map saved searches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.accounts.models import User
from policytrack.core.db import Base, PublicId
from policytrack.core.ids import new_id
from policytrack.search.saving.rules import NAME_LENGTH


class SavedSearch(Base):
    """Hold a search that a person keeps: its address, and what was told of its results.

    `query` is the address of the search behind its question mark. `reported` and `feed_known` are
    what is no news any more (`rules.packed`): for the owner, who may see more, and for everybody.
    `feed_entries` are what the feed shows, `{"key": .., "at": ..}`, the latest first.
    """

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    query: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    shared: Mapped[bool] = mapped_column(default=False)

    alert: Mapped[str] = mapped_column(String(10), default="none")
    alert_due_at: Mapped[datetime | None]
    alerted_at: Mapped[datetime | None]
    alerts: Mapped[int] = mapped_column(default=0)
    reported: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    # The address of the feed holds a secret of which this is the hash.
    feed_hash: Mapped[str | None] = mapped_column(String(64))
    feed_made_at: Mapped[datetime | None]
    feed_due_at: Mapped[datetime | None]
    feed_changed_at: Mapped[datetime | None]
    feed_language: Mapped[str] = mapped_column(String(20), default="")
    feed_known: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    feed_entries: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)

    user: Mapped[User] = relationship()

    __table_args__ = (
        UniqueConstraint("user_id", "name"),
        CheckConstraint("alert IN ('none', 'daily', 'weekly')", name="alert"),
        CheckConstraint("(alert = 'none') = (alert_due_at IS NULL)", name="alert_due"),
        CheckConstraint("(feed_hash IS NULL) = (feed_due_at IS NULL)", name="feed_due"),
        Index("ix_saved_search_alert_due_at", "alert_due_at"),
        Index("ix_saved_search_feed_due_at", "feed_due_at"),
    )
