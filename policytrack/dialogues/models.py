"""Map dialogues: meetings of constituents."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.core.db import Base, Labels, PublicId
from policytrack.core.ids import new_id
from policytrack.frameworks.models import Theme
from policytrack.library.models import LibraryDocument
from policytrack.places.models import Corridor, Country


def _link(name: str, column: str, target: str) -> Table:
    return Table(
        name,
        Base.metadata,
        Column("dialogue_id", ForeignKey("dialogue.id", ondelete="CASCADE"), primary_key=True),
        Column(column, ForeignKey(target), primary_key=True, index=True),
    )


dialogue_theme = _link("dialogue_theme", "theme_code", "theme.code")
dialogue_country = _link("dialogue_country", "country_iso2", "country.iso2")
dialogue_corridor = _link("dialogue_corridor", "corridor_code", "corridor.code")


class Dialogue(Base):
    """Hold a meeting; `starts` is `2014-12` where only the month is known."""

    __tablename__ = "dialogue"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))
    series: Mapped[str] = mapped_column(String(40), default="")
    labels: Mapped[Labels]
    summary: Mapped[Labels] = mapped_column(default=dict)
    place: Mapped[Labels] = mapped_column(default=dict)
    host_iso2: Mapped[str | None] = mapped_column(ForeignKey("country.iso2"), index=True)
    online: Mapped[bool] = mapped_column(default=False)
    starts: Mapped[str] = mapped_column(String(10))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    demonstration: Mapped[bool] = mapped_column(default=False)

    host: Mapped[Country | None] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=dialogue_theme, order_by=Theme.position)
    countries: Mapped[list[Country]] = relationship(secondary=dialogue_country)
    corridors: Mapped[list[Corridor]] = relationship(secondary=dialogue_corridor)
    documents: Mapped[list[DialogueDocument]] = relationship(
        order_by="DialogueDocument.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint(
            "kind IN ('interregional', 'regional', 'corridor', 'bilateral', 'tripartite')",
            name="kind",
        ),
    )


class DialogueDocument(Base):
    """Say that a document of the library belongs to a dialogue, and in which place it is named."""

    __tablename__ = "dialogue_document"

    dialogue_id: Mapped[int] = mapped_column(
        ForeignKey("dialogue.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[int] = mapped_column(
        ForeignKey("library_document.id"), primary_key=True, index=True
    )
    position: Mapped[int]

    document: Mapped[LibraryDocument] = relationship()
