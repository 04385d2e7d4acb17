"""Map frameworks with their provisions, instruments, ratifications and the taxonomies."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.core.db import Base, Labels
from policytrack.places.models import Country

provision_theme = Table(
    "provision_theme",
    Base.metadata,
    Column("provision_id", ForeignKey("provision.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_code", ForeignKey("theme.code"), primary_key=True, index=True),
)
instrument_theme = Table(
    "instrument_theme",
    Base.metadata,
    Column("instrument_code", ForeignKey("instrument.code", ondelete="CASCADE"), primary_key=True),
    Column("theme_code", ForeignKey("theme.code"), primary_key=True, index=True),
)


class Framework(Base):
    """Hold an instrument that commitments answer to."""

    __tablename__ = "framework"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    labels: Mapped[Labels]
    adopted_by: Mapped[Labels]
    adopted_on: Mapped[date | None]
    place: Mapped[Labels] = mapped_column(default=dict)
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))

    provisions: Mapped[list[Provision]] = relationship(
        order_by="Provision.position", back_populates="framework"
    )


class Theme(Base):
    """Hold a key area, or a sub-theme of one. A retired one is offered no more."""

    __tablename__ = "theme"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("theme.code"), index=True)
    labels: Mapped[Labels]
    scope: Mapped[Labels]
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    retired: Mapped[bool] = mapped_column(default=False)

    parent: Mapped[Theme | None] = relationship(remote_side="Theme.code")


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
    note: Mapped[Labels] = mapped_column(default=dict)
    retired: Mapped[bool] = mapped_column(default=False)

    framework: Mapped[Framework] = relationship(back_populates="provisions")
    themes: Mapped[list[Theme]] = relationship(secondary=provision_theme, order_by=Theme.position)

    __table_args__ = (
        UniqueConstraint("framework_code", "code"),
        CheckConstraint("wording IN ('quoted', 'paraphrased', 'editorial')", name="wording"),
    )


class Sector(Base):
    """Hold a sector of work."""

    __tablename__ = "sector"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    labels: Mapped[Labels]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)


class TargetGroup(Base):
    """Hold a group of people whom a measure is meant for."""

    __tablename__ = "target_group"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    labels: Mapped[Labels]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)


class Instrument(Base):
    """Hold a convention, protocol, recommendation or treaty that countries may be bound by."""

    __tablename__ = "instrument"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    labels: Mapped[Labels]
    year: Mapped[int | None]
    topic: Mapped[Labels] = mapped_column(default=dict)
    fundamental: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")

    themes: Mapped[list[Theme]] = relationship(secondary=instrument_theme, order_by=Theme.position)


class Ratification(Base):
    """Hold whether a country or territory ratified an instrument, as a list of some date says.

    `on` is the day of a ratification where it is known, else `year`; `as_of` is the date of the
    list that was used: a "no" is true of that day only.
    """

    __tablename__ = "ratification"

    id: Mapped[int] = mapped_column(primary_key=True)
    country_iso2: Mapped[str] = mapped_column(ForeignKey("country.iso2"))
    instrument_code: Mapped[str] = mapped_column(ForeignKey("instrument.code"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    on: Mapped[date | None]
    year: Mapped[int | None]
    as_of: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")

    country: Mapped[Country] = relationship()
    instrument: Mapped[Instrument] = relationship()

    __table_args__ = (
        UniqueConstraint("country_iso2", "instrument_code"),
        CheckConstraint("state IN ('yes', 'no', 'pending')", name="state"),
    )


class StatusWord(Base):
    """Hold what a status, or a flag on top of one, means and what evidence it asks for."""

    __tablename__ = "status_word"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    labels: Mapped[Labels]
    definition: Mapped[Labels]
    evidence: Mapped[Labels]
    # What other systems call it: {"ogp": "Limited", "upr": "...", "sdg": "inprogress"}.
    equivalents: Mapped[Labels] = mapped_column(default=dict)
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))

    __table_args__ = (CheckConstraint("kind IN ('status', 'flag', 'absence')", name="kind"),)
