"""Map frameworks with their provisions, and the taxonomies."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.core.db import Base, Labels


class Framework(Base):
    """Hold an instrument that commitments answer to."""

    __tablename__ = "framework"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    labels: Mapped[Labels]
    adopted_by: Mapped[Labels]
    adopted_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))


class Provision(Base):
    """Hold a numbered provision; `wording` says how its label came about."""

    __tablename__ = "provision"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_code: Mapped[str] = mapped_column(ForeignKey("framework.code"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    labels: Mapped[Labels]
    wording: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))

    framework: Mapped[Framework] = relationship()

    __table_args__ = (
        UniqueConstraint("framework_code", "code"),
        CheckConstraint("wording IN ('quoted', 'paraphrased', 'editorial')", name="wording"),
    )


class Theme(Base):
    """Hold a key area, or a sub-theme of one."""

    __tablename__ = "theme"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("theme.code"), index=True)
    labels: Mapped[Labels]
    scope: Mapped[Labels]
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))


class Sector(Base):
    """Hold a sector of work."""

    __tablename__ = "sector"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    labels: Mapped[Labels]
    position: Mapped[int]


class TargetGroup(Base):
    """Hold a group of people whom a measure is meant for."""

    __tablename__ = "target_group"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    labels: Mapped[Labels]
    position: Mapped[int]
