"""Map progress notes, their revisions, readings, evidence, decisions and translations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.accounts.models import User
from policytrack.commitments.models import Commitment, Indicator
from policytrack.constituents.models import Constituent
from policytrack.core.db import Base, PublicId
from policytrack.core.files.models import StoredFile
from policytrack.core.ids import new_id
from policytrack.core.review import State
from policytrack.frameworks.models import Theme
from policytrack.library.models import LibraryFile
from policytrack.places.models import Corridor, Country
from policytrack.progress.rules import PARTS, Split
from policytrack.rounds.models import Round

# What a revision states beside its text.
_CLAIM = ("language", "nothing_changed", "claimed_status", "reversed", "on_behalf", "author_id")
# Where a quotation came from.
_CAME_FROM = ("library_file_id", "page", "quote_start", "sha256")


class Note(Base):
    """Hold what one constituent reports in one round about one target.

    `key` spells out (round, target, country, constituent), so that there is one note for each.
    """

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("reporting_round.id"), index=True)
    constituent_id: Mapped[int] = mapped_column(ForeignKey("constituent.id"), index=True)
    commitment_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"), index=True)
    country_iso2: Mapped[str | None] = mapped_column(ForeignKey("country.iso2"), index=True)
    corridor_id: Mapped[int | None] = mapped_column(ForeignKey("corridor.id"), index=True)
    theme_code: Mapped[str | None] = mapped_column(ForeignKey("theme.code"), index=True)
    created_at: Mapped[datetime]
    published_id: Mapped[int | None] = mapped_column(
        ForeignKey("note_revision.id", use_alter=True), unique=True
    )
    open_id: Mapped[int | None] = mapped_column(
        ForeignKey("note_revision.id", use_alter=True), unique=True
    )
    retracted_at: Mapped[datetime | None]
    retraction_reason: Mapped[str] = mapped_column(Text, default="")
    retraction_language: Mapped[str] = mapped_column(String(20), default="")
    # When something was last taken out of it for good, and what its page says of that.
    redacted_at: Mapped[datetime | None]
    redaction_note: Mapped[str] = mapped_column(Text, default="")
    redaction_language: Mapped[str] = mapped_column(String(20), default="")
    demonstration: Mapped[bool] = mapped_column(default=False)

    round: Mapped[Round] = relationship()
    constituent: Mapped[Constituent] = relationship()
    commitment: Mapped[Commitment | None] = relationship()
    country: Mapped[Country | None] = relationship()
    corridor: Mapped[Corridor | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    published: Mapped[NoteRevision | None] = relationship(
        foreign_keys=[published_id], post_update=True
    )
    open: Mapped[NoteRevision | None] = relationship(foreign_keys=[open_id], post_update=True)

    __table_args__ = (
        # A commitment stands alone (its country column says which country is reported on);
        # a country or a corridor is reported on under a theme.
        CheckConstraint(
            "(commitment_id IS NOT NULL AND corridor_id IS NULL AND theme_code IS NULL)"
            " OR (commitment_id IS NULL AND theme_code IS NOT NULL"
            " AND (corridor_id IS NOT NULL OR country_iso2 IS NOT NULL))",
            name="target",
        ),
    )


class NoteRevision(Base):
    """Hold one text of a note with its claim; submitted and published ones never change."""

    __tablename__ = "note_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=State.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(20))
    nothing_changed: Mapped[bool] = mapped_column(default=False)
    done: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    women: Mapped[str] = mapped_column(Text, default="")
    obstacles: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    claimed_status: Mapped[str | None] = mapped_column(String(20))
    reversed: Mapped[bool] = mapped_column(default=False)
    people_protected: Mapped[bool] = mapped_column(default=False)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)

    note: Mapped[Note] = relationship(foreign_keys=[note_id])
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[User | None] = relationship(foreign_keys=[reviewer_id])
    readings: Mapped[list[Reading]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by="Reading.id"
    )
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by="Evidence.id"
    )
    translations: Mapped[list[NoteTranslation]] = relationship(
        back_populates="revision", cascade="all, delete-orphan"
    )
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="revision", order_by="Decision.id"
    )

    @property
    def stamp(self) -> str:
        """Return what a form carries, so that a save from an older one is noticed."""
        return f"{self.public_id}-{self.version}"

    @property
    def texts(self) -> dict[str, str]:
        """Return the parts of the text by name, in their order."""
        return {part: getattr(self, part) for part in PARTS}

    __table_args__ = (
        UniqueConstraint("note_id", "number"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'in_review', 'returned', 'published',"
            " 'superseded', 'retracted', 'discarded')",
            name="state",
        ),
        CheckConstraint(
            "claimed_status IS NULL OR claimed_status IN"
            " ('not_started', 'limited', 'substantial', 'complete')",
            name="claimed_status",
        ),
        Index(
            "uq_note_revision_open",
            "note_id",
            unique=True,
            # A returned revision stays as it was beside the draft that takes it further.
            sqlite_where=sql("state IN ('draft', 'submitted', 'in_review')"),
            postgresql_where=sql("state IN ('draft', 'submitted', 'in_review')"),
        ),
        Index(
            "uq_note_revision_published",
            "note_id",
            unique=True,
            sqlite_where=sql("state = 'published'"),
            postgresql_where=sql("state = 'published'"),
        ),
        Index("ix_note_revision_queue", "state", "submitted_at"),
    )


@event.listens_for(NoteRevision, "before_update")
def _keep_what_was_submitted(_mapper: object, _connection: object, revision: NoteRevision) -> None:
    """Refuse to change a text that is no draft any more; its state and its officers move on."""
    attributes = inspect(revision).attrs
    before = attributes["state"].history.deleted or (revision.state,)
    if before[0] != State.DRAFT and any(
        attributes[name].history.has_changes() for name in (*PARTS, *_CLAIM)
    ):
        raise RuntimeError("what was submitted never changes")


class LatestWord(Base):
    """Hold what a constituent last said of a commitment: lists and voices read it at once.

    Kept by the service with every publication and retraction; no row means never heard.
    """

    __tablename__ = "latest_word"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), primary_key=True)
    constituent_id: Mapped[int] = mapped_column(ForeignKey("constituent.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("note_revision.id"))
    status: Mapped[str | None] = mapped_column(String(20), index=True)
    heard_at: Mapped[datetime] = mapped_column(index=True)

    revision: Mapped[NoteRevision] = relationship()


class Reading(Base):
    """Hold a dated reading of an indicator, split into women, men, not stated and total."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("note_revision.id", ondelete="CASCADE"), index=True
    )
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    on: Mapped[date]
    women: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    men: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    not_stated: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    total: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))

    revision: Mapped[NoteRevision] = relationship(back_populates="readings")
    indicator: Mapped[Indicator] = relationship()

    @property
    def split(self) -> Split:
        """Return the reading's numbers."""
        return Split(self.women, self.men, self.not_stated, self.total)

    __table_args__ = (
        UniqueConstraint("revision_id", "indicator_id", "on"),
        CheckConstraint(
            "(women IS NULL OR women >= 0) AND (men IS NULL OR men >= 0)"
            " AND (not_stated IS NULL OR not_stated >= 0) AND (total IS NULL OR total >= 0)",
            name="not_negative",
        ),
    )


class Evidence(Base):
    """Hold proof: a file, a link, or a quotation. Access is by this row, never by a file's hash.

    A quotation is what stood on a page of a file of the library, letter for letter: the
    characters of the page's text from `quote_start` on. `library_file` says which version of the
    document it came from, `sha256` is the hash of that file as it was stored. Who may read the
    document may read the quotation. An empty `quote` was redacted.
    """

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("note_revision.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(300), default="")
    url: Mapped[str | None] = mapped_column(String(2000))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    library_file_id: Mapped[int | None] = mapped_column(ForeignKey("library_file.id"), index=True)
    quote: Mapped[str | None] = mapped_column(Text)
    quote_language: Mapped[str] = mapped_column(String(20), default="")
    page: Mapped[int | None]
    quote_start: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")

    revision: Mapped[NoteRevision] = relationship(back_populates="evidence")
    file: Mapped[StoredFile | None] = relationship()
    library_file: Mapped[LibraryFile | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(url IS NOT NULL AND file_id IS NULL AND library_file_id IS NULL)"
            " OR (url IS NULL AND file_id IS NOT NULL AND library_file_id IS NULL)"
            " OR (url IS NULL AND file_id IS NULL AND library_file_id IS NOT NULL)",
            name="one_kind",
        ),
        CheckConstraint(
            "(library_file_id IS NULL AND quote IS NULL AND page IS NULL AND quote_start IS NULL)"
            " OR (library_file_id IS NOT NULL AND quote IS NOT NULL"
            " AND page IS NOT NULL AND page >= 1"
            " AND quote_start IS NOT NULL AND quote_start >= 0)",
            name="quotation",
        ),
    )


@event.listens_for(Evidence, "before_update")
def _keep_what_was_quoted(_mapper: object, _connection: object, evidence: Evidence) -> None:
    """Refuse to change a quotation; it can only be emptied, where a passage was redacted."""
    attributes = inspect(evidence).attrs
    reworded = attributes["quote"].history.has_changes() and evidence.quote != ""
    if reworded or any(attributes[name].history.has_changes() for name in _CAME_FROM):
        raise RuntimeError("a quotation never changes")


class Decision(Base):
    """Hold what an officer decided on a revision, and why."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("note_revision.id", ondelete="CASCADE"), index=True
    )
    action: Mapped[str] = mapped_column(String(20))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    internal_comment: Mapped[str] = mapped_column(Text, default="")

    revision: Mapped[NoteRevision] = relationship(back_populates="decisions")
    officer: Mapped[User | None] = relationship()


class NoteTranslation(Base):
    """Hold a translation of one revision's parts; the original prevails."""

    __tablename__ = "note_translation"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("note_revision.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    done: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    women: Mapped[str] = mapped_column(Text, default="")
    obstacles: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]

    revision: Mapped[NoteRevision] = relationship(back_populates="translations")

    @property
    def texts(self) -> dict[str, str]:
        """Return the parts of the text by name, in their order."""
        return {part: getattr(self, part) for part in PARTS}

    __table_args__ = (
        UniqueConstraint("revision_id", "language"),
        CheckConstraint("kind IN ('official', 'unofficial', 'machine')", name="kind"),
    )
