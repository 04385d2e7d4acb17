"""Map programmes: funded actions, with countries by side, achievements and lessons."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.core.db import Base, Labels
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.places.models import Country


def _link(name: str, column: str, target: str) -> Table:
    return Table(
        name,
        Base.metadata,
        Column(
            "programme_code", ForeignKey("programme.code", ondelete="CASCADE"), primary_key=True
        ),
        Column(column, ForeignKey(target), primary_key=True, index=True),
    )


programme_theme = _link("programme_theme", "theme_code", "theme.code")
programme_sector = _link("programme_sector", "sector_code", "sector.code")
programme_target_group = _link("programme_target_group", "target_group_code", "target_group.code")


class Programme(Base):
    """Hold a funded action; its dates are as exact as they are known: `2018` or `2018-01-31`."""

    __tablename__ = "programme"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    labels: Mapped[Labels]
    summary: Mapped[Labels]
    parent_initiative: Mapped[Labels] = mapped_column(default=dict)
    agencies: Mapped[list[str]] = mapped_column(default=list)
    partners: Mapped[list[str]] = mapped_column(default=list)
    funders: Mapped[list[str]] = mapped_column(default=list)
    starts: Mapped[str] = mapped_column(String(10), default="")
    ends: Mapped[str] = mapped_column(String(10), default="")
    ends_on: Mapped[date | None]
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    demonstration: Mapped[bool] = mapped_column(default=False)

    countries: Mapped[list[ProgrammeCountry]] = relationship(cascade="all, delete-orphan")
    themes: Mapped[list[Theme]] = relationship(secondary=programme_theme, order_by=Theme.position)
    sectors: Mapped[list[Sector]] = relationship(
        secondary=programme_sector, order_by=Sector.position
    )
    target_groups: Mapped[list[TargetGroup]] = relationship(
        secondary=programme_target_group, order_by=TargetGroup.position
    )
    items: Mapped[list[ProgrammeItem]] = relationship(
        order_by="ProgrammeItem.position", cascade="all, delete-orphan"
    )


class ProgrammeCountry(Base):
    """Say on which side of migration a programme works in a country."""

    __tablename__ = "programme_country"

    programme_code: Mapped[str] = mapped_column(
        ForeignKey("programme.code", ondelete="CASCADE"), primary_key=True
    )
    country_iso2: Mapped[str] = mapped_column(
        ForeignKey("country.iso2"), primary_key=True, index=True
    )
    side: Mapped[str] = mapped_column(String(20))

    country: Mapped[Country] = relationship()

    __table_args__ = (CheckConstraint("side IN ('origin', 'destination', 'both')", name="side"),)


class ProgrammeItem(Base):
    """Hold an achievement, a lesson or a fact of a programme, with its source and page."""

    __tablename__ = "programme_item"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    programme_code: Mapped[str] = mapped_column(
        ForeignKey("programme.code", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    labels: Mapped[Labels]
    country_iso2: Mapped[str | None] = mapped_column(ForeignKey("country.iso2"), index=True)
    women: Mapped[int | None]
    men: Mapped[int | None]
    total: Mapped[int | None]
    page: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))

    country: Mapped[Country | None] = relationship()

    __table_args__ = (CheckConstraint("kind IN ('achievement', 'lesson', 'fact')", name="kind"),)
