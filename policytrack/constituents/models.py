"""Map organisations and memberships."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.accounts.models import User
from policytrack.core.db import Base, Labels, PublicId
from policytrack.core.ids import new_id
from policytrack.places.models import Country


class Constituent(Base):
    """Hold an organisation of one group, of a country or regional."""

    __tablename__ = "constituent"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    # What files and workbooks call it: `BH-LMRA`; where nothing says otherwise, a random one.
    code: Mapped[str] = mapped_column(String(40), unique=True, index=True, default=new_id)
    labels: Mapped[Labels]
    acronym: Mapped[str] = mapped_column(String(40), default="")
    group: Mapped[str] = mapped_column(String(20))
    country_iso2: Mapped[str | None] = mapped_column(ForeignKey("country.iso2"), index=True)
    focal_ministry: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[str] = mapped_column(String(20), default="")
    as_of: Mapped[date | None]
    # For the secretariat only, as is the source.
    note: Mapped[str] = mapped_column(Text, default="")
    # A retired organisation keeps what it said and is asked no more.
    retired: Mapped[bool] = mapped_column(default=False)
    demonstration: Mapped[bool] = mapped_column(default=False)

    country: Mapped[Country | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "\"group\" IN ('governments', 'employers', 'workers', 'observers')", name="group"
        ),
    )


class Membership(Base):
    """Give a person a seat in an organisation until it ends."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    constituent_id: Mapped[int] = mapped_column(ForeignKey("constituent.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    constituent: Mapped[Constituent] = relationship()

    __table_args__ = (
        CheckConstraint("role IN ('observer', 'contributor', 'focal_point')", name="role"),
        Index(
            "uq_membership_current",
            "user_id",
            "constituent_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )
