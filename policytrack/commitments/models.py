"""Map commitments: their text in revisions, translations, indicators and milestones."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.accounts.models import User
from policytrack.commitments.rules import UNITS, TextState
from policytrack.constituents.models import Constituent
from policytrack.core.db import Base, PublicId
from policytrack.core.files.models import StoredFile
from policytrack.core.ids import new_id
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.library.models import LibraryDocument
from policytrack.places.models import Corridor, Country
from policytrack.programmes.models import Programme


def _link(name: str, column: str, target: str) -> Table:
    return Table(
        name,
        Base.metadata,
        Column(
            "revision_id",
            ForeignKey("commitment_revision.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        Column(column, ForeignKey(target), primary_key=True, index=True),
    )


revision_provision = _link("commitment_revision_provision", "provision_id", "provision.id")
revision_theme = _link("commitment_revision_theme", "theme_code", "theme.code")
revision_sector = _link("commitment_revision_sector", "sector_code", "sector.code")
revision_target_group = _link(
    "commitment_revision_target_group", "target_group_code", "target_group.code"
)
revision_country = _link("commitment_revision_country", "country_iso2", "country.iso2")
revision_corridor = _link("commitment_revision_corridor", "corridor_id", "corridor.id")
revision_supporter = _link("commitment_revision_supporter", "constituent_id", "constituent.id")


class Commitment(Base):
    """Hold what a lead undertook; it is public while `in_force_id` names an accepted text."""

    __tablename__ = "commitment"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    # What the workbook from which it came calls it.
    external_key: Mapped[str | None] = mapped_column(String(60), unique=True, index=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("constituent.id"), index=True)
    created_at: Mapped[datetime]
    in_force_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitment_revision.id", use_alter=True), unique=True
    )
    open_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitment_revision.id", use_alter=True), unique=True
    )
    demonstration: Mapped[bool] = mapped_column(default=False)

    lead: Mapped[Constituent] = relationship()
    in_force: Mapped[CommitmentRevision | None] = relationship(
        foreign_keys=[in_force_id], post_update=True
    )
    open: Mapped[CommitmentRevision | None] = relationship(foreign_keys=[open_id], post_update=True)
    indicators: Mapped[list[Indicator]] = relationship(
        order_by="Indicator.position", back_populates="commitment"
    )
    milestones: Mapped[list[Milestone]] = relationship(order_by="Milestone.due_on")

    @property
    def address(self) -> str:
        """Return what stands in its public address: the code once it has one."""
        return self.code or self.public_id


class CommitmentRevision(Base):
    """Hold one text of a commitment and how it is classified; accepted ones never change."""

    __tablename__ = "commitment_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=TextState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    gender_marker: Mapped[int]
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    reason_language: Mapped[str] = mapped_column(String(20), default="")
    # Written by the secretariat: readable there before it is proposed, decided by another officer.
    on_behalf: Mapped[bool] = mapped_column(default=False)
    # Indicators and milestones as this text wants them; they become rows when it is accepted,
    # so that no target changes in public without the lead's word.
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    commitment: Mapped[Commitment] = relationship(foreign_keys=[commitment_id])
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    letter: Mapped[StoredFile | None] = relationship()
    provisions: Mapped[list[Provision]] = relationship(
        secondary=revision_provision, order_by=Provision.position
    )
    themes: Mapped[list[Theme]] = relationship(secondary=revision_theme, order_by=Theme.position)
    sectors: Mapped[list[Sector]] = relationship(
        secondary=revision_sector, order_by=Sector.position
    )
    target_groups: Mapped[list[TargetGroup]] = relationship(
        secondary=revision_target_group, order_by=TargetGroup.position
    )
    countries: Mapped[list[Country]] = relationship(secondary=revision_country)
    corridors: Mapped[list[Corridor]] = relationship(secondary=revision_corridor)
    supporters: Mapped[list[Constituent]] = relationship(secondary=revision_supporter)
    translations: Mapped[list[CommitmentTranslation]] = relationship(
        back_populates="revision", order_by="CommitmentTranslation.language"
    )

    __table_args__ = (
        UniqueConstraint("commitment_id", "number"),
        CheckConstraint(
            "state IN ('draft', 'proposed', 'accepted', 'declined', 'superseded', 'discarded')",
            name="state",
        ),
        CheckConstraint("gender_marker BETWEEN 0 AND 3", name="gender_marker"),
        CheckConstraint("starts_on IS NULL OR due_on IS NULL OR starts_on <= due_on", name="dates"),
        Index(
            "uq_commitment_revision_open",
            "commitment_id",
            unique=True,
            sqlite_where=sql("state IN ('draft', 'proposed')"),
            postgresql_where=sql("state IN ('draft', 'proposed')"),
        ),
        Index(
            "uq_commitment_revision_accepted",
            "commitment_id",
            unique=True,
            sqlite_where=sql("state = 'accepted'"),
            postgresql_where=sql("state = 'accepted'"),
        ),
    )


class CommitmentTranslation(Base):
    """Hold a translation of one revision's title and text; the original prevails."""

    __tablename__ = "commitment_translation"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("commitment_revision.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]

    revision: Mapped[CommitmentRevision] = relationship(back_populates="translations")

    @property
    def stamp(self) -> str:
        """Return what tells one saved translation from the next."""
        return self.created_at.isoformat()

    __table_args__ = (
        UniqueConstraint("revision_id", "language"),
        CheckConstraint("kind IN ('official', 'unofficial', 'machine')", name="kind"),
    )


class Indicator(Base):
    """Hold what is measured; `counts_people` says that small readings must be suppressed."""

    __tablename__ = "indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    labels: Mapped[dict[str, str]]
    unit: Mapped[str] = mapped_column(String(20))
    counts_people: Mapped[bool] = mapped_column(default=False)
    baseline: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    baseline_on: Mapped[date | None]
    target: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    target_on: Mapped[date | None]

    commitment: Mapped[Commitment] = relationship(back_populates="indicators")

    @property
    def unit_word(self) -> str:
        """Return the unit in the reader's language."""
        return str(UNITS.get(self.unit, self.unit))


class Milestone(Base):
    """Hold a step on the way, with its date."""

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    labels: Mapped[dict[str, str]]
    due_on: Mapped[date]
    met_on: Mapped[date | None]


class ProgrammeContribution(Base):
    """Hold what a programme contributed to a commitment: as claimed, or as evaluated.

    `stated_by` is the organisation whose staff said so; none: the secretariat. What is evaluated
    names the page of an evaluation report. A retired one was removed.
    """

    __tablename__ = "programme_contribution"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"), index=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    basis: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("library_document.id"), index=True)
    page: Mapped[int | None]
    stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("constituent.id"), index=True)
    stated_at: Mapped[datetime]
    retired: Mapped[bool] = mapped_column(default=False)

    programme: Mapped[Programme] = relationship()
    commitment: Mapped[Commitment] = relationship()
    document: Mapped[LibraryDocument | None] = relationship()
    stated_by: Mapped[Constituent | None] = relationship()

    __table_args__ = (
        CheckConstraint("basis IN ('claimed', 'evaluated')", name="basis"),
        CheckConstraint(
            "basis = 'claimed' OR (document_id IS NOT NULL AND page IS NOT NULL)", name="proof"
        ),
        CheckConstraint("page IS NULL OR document_id IS NOT NULL", name="page"),
    )
