"""Keep the settings that may change while the site runs, the same on every machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from policytrack.core.db import Base


class Option(Base):
    """Hold a setting that differs from its default; `value` is {"value": ...}."""

    __tablename__ = "option"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
