"""Map countries and territories, and corridors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.core.db import Base, Labels


class Region(Base):
    """Hold a region, or a part of one, as the ILO groups them."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    labels: Mapped[Labels]
    position: Mapped[int]


class Country(Base):
    """Hold a country or territory under the names the UN uses (`labels` by language)."""

    __tablename__ = "country"

    iso2: Mapped[str] = mapped_column(String(2), primary_key=True)
    iso3: Mapped[str] = mapped_column(String(3), unique=True)
    m49: Mapped[str] = mapped_column(String(3), unique=True)
    labels: Mapped[Labels]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    subregion_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    side: Mapped[str] = mapped_column(String(20))
    migrants_2020: Mapped[int | None]
    women_pct_2020: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    # Where it stands in a process: {"abu-dhabi-dialogue": "destination", "gcc": "yes"}.
    processes: Mapped[Labels] = mapped_column(default=dict)

    region: Mapped[Region] = relationship(foreign_keys=[region_code])
    designations: Mapped[list[Designation]] = relationship(order_by="Designation.since.desc()")


class Designation(Base):
    """Hold the names of a country or territory from a date on, with who says so.

    The latest one in force stands again in `Country.labels`, which everything reads.
    """

    __tablename__ = "designation"

    id: Mapped[int] = mapped_column(primary_key=True)
    country_iso2: Mapped[str] = mapped_column(ForeignKey("country.iso2"))
    since: Mapped[date]
    labels: Mapped[Labels]
    authority: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("country_iso2", "since"),)


class Corridor(Base):
    """Hold a directed pair, origin -> destination; its code is `NP-QA`."""

    __tablename__ = "corridor"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(5), unique=True)
    origin_iso2: Mapped[str] = mapped_column(ForeignKey("country.iso2"), index=True)
    destination_iso2: Mapped[str] = mapped_column(ForeignKey("country.iso2"), index=True)
    cluster: Mapped[str] = mapped_column(String(40), default="")
    stock_2020: Mapped[int | None]
    women_2020: Mapped[int | None]
    sex_split_quality: Mapped[str] = mapped_column(String(40), default="")
    alt_figure: Mapped[int | None]
    alt_qualifier: Mapped[str] = mapped_column(String(20), default="")
    alt_population: Mapped[str] = mapped_column(String(20), default="")
    alt_year: Mapped[int | None]
    alt_women: Mapped[int | None]
    alt_source: Mapped[str] = mapped_column(Text, default="")
    # How much of the corridor is domestic work; kept only where a source says so.
    domestic_work: Mapped[str] = mapped_column(String(20), default="")
    domestic_work_source: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    demonstration: Mapped[bool] = mapped_column(default=False)

    origin: Mapped[Country] = relationship(foreign_keys=[origin_iso2])
    destination: Mapped[Country] = relationship(foreign_keys=[destination_iso2])
    agreements: Mapped[list[Agreement]] = relationship(
        order_by="Agreement.position", back_populates="corridor"
    )

    __table_args__ = (
        UniqueConstraint("origin_iso2", "destination_iso2"),
        CheckConstraint("origin_iso2 <> destination_iso2", name="directed"),
    )


class Agreement(Base):
    """Hold what two governments agreed about a corridor.

    `signed`, and `as_of` when a source told of the state, are `2018`, `2018-05`, `2018-05-11` or
    empty. A year that was inferred from context, not read, is marked so. One that is `signed` may
    or may not be in force.
    """

    __tablename__ = "agreement"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    corridor_code: Mapped[str] = mapped_column(ForeignKey("corridor.code"), index=True)
    labels: Mapped[Labels]
    signed: Mapped[str] = mapped_column(String(10), default="")
    year_inferred: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[str] = mapped_column(String(10), default="")
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")

    corridor: Mapped[Corridor] = relationship(back_populates="agreements")

    __table_args__ = (
        CheckConstraint(
            "state IN ('signed', 'renewed', 'in_force', 'announced', 'draft', 'suspended',"
            " 'expired')",
            name="state",
        ),
    )
