"""Map programmes: funded actions, with countries by side, achievements and lessons."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.constituents.models import Constituent
from policytrack.core.db import Base, Labels
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.library.models import LibraryDocument
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

# Whose staff edit a programme: an agency, an implementing partner.
programme_keeper = Table(
    "programme_keeper",
    Base.metadata,
    Column("programme_code", ForeignKey("programme.code", ondelete="CASCADE"), primary_key=True),
    Column("constituent_id", ForeignKey("constituent.id"), primary_key=True, index=True),
)


class Programme(Base):
    """Hold a funded action; its dates are as exact as they are known: `2018` or `2018-01-31`.

    `described_at` is when its description was last edited on its own pages, `described_by` for
    which organisation; none: by the secretariat.
    """

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
    described_by_id: Mapped[int | None] = mapped_column(ForeignKey("constituent.id"), index=True)
    described_at: Mapped[datetime | None]

    described_by: Mapped[Constituent | None] = relationship()
    keepers: Mapped[list[Constituent]] = relationship(
        secondary=programme_keeper, order_by=Constituent.id
    )
    documents: Mapped[list[ProgrammeDocument]] = relationship(
        order_by="ProgrammeDocument.added_at", cascade="all, delete-orphan"
    )
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


class ProgrammeDocument(Base):
    """Tie a document of the library to a programme; what it is to it follows from its kind."""

    __tablename__ = "programme_document"

    programme_code: Mapped[str] = mapped_column(
        ForeignKey("programme.code", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[int] = mapped_column(
        ForeignKey("library_document.id"), primary_key=True, index=True
    )
    added_at: Mapped[datetime]

    document: Mapped[LibraryDocument] = relationship()


class ProgrammeItem(Base):
    """Hold an achievement, a lesson or a fact of a programme, with its source and page.

    The source is a text, or a document of the library. `language` is that of the original among
    the labels. `stated_at` is when it was last edited on the programme's own pages, `stated_by`
    for which organisation; none: by the secretariat. A retired one was removed there.
    """

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
    language: Mapped[str] = mapped_column(String(20), default="en")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("library_document.id"), index=True)
    stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("constituent.id"), index=True)
    stated_at: Mapped[datetime | None]
    retired: Mapped[bool] = mapped_column(default=False)

    country: Mapped[Country | None] = relationship()
    document: Mapped[LibraryDocument | None] = relationship()
    stated_by: Mapped[Constituent | None] = relationship()

    __table_args__ = (CheckConstraint("kind IN ('achievement', 'lesson', 'fact')", name="kind"),)
