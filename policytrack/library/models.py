"""Map library documents, their revisions, files and relations, and the text of files by page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.accounts.models import User
from policytrack.constituents.models import Constituent
from policytrack.core.db import Base, Labels, PublicId
from policytrack.core.files.models import StoredFile
from policytrack.core.ids import new_id
from policytrack.core.review import State
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.library import rules, terms
from policytrack.places.models import Corridor, Country

# What a revision says; it never changes once it was submitted.
SAID = (
    "type", "language", "title", "summary", "authors", "publisher", "place", "official_number",
    "issued", "source_url", "legal_status", "in_force_from", "in_force_until", "rights", "licence",
    "visibility", "embargo_until", "practice",
)  # fmt: skip


def _one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _link(name: str, column: str, target: str) -> Table:
    return Table(
        name,
        Base.metadata,
        Column(
            "revision_id", ForeignKey("library_revision.id", ondelete="CASCADE"), primary_key=True
        ),
        Column(column, ForeignKey(target), primary_key=True, index=True),
    )


library_theme = _link("library_theme", "theme_code", "theme.code")
library_sector = _link("library_sector", "sector_code", "sector.code")
library_target_group = _link("library_target_group", "target_group_code", "target_group.code")
library_country = _link("library_country", "country_iso2", "country.iso2")
library_corridor = _link("library_corridor", "corridor_id", "corridor.id")


class LibraryDocument(Base):
    """Hold a document of the library; without an organisation the secretariat collected it.

    `source_key` is what the database that it came from calls it; no two documents share one.
    """

    __tablename__ = "library_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    constituent_id: Mapped[int | None] = mapped_column(ForeignKey("constituent.id"), index=True)
    source_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    created_at: Mapped[datetime]
    published_id: Mapped[int | None] = mapped_column(
        ForeignKey("library_revision.id", use_alter=True), unique=True
    )
    open_id: Mapped[int | None] = mapped_column(
        ForeignKey("library_revision.id", use_alter=True), unique=True
    )
    retracted_at: Mapped[datetime | None]
    retraction_reason: Mapped[str] = mapped_column(Text, default="")
    retraction_language: Mapped[str] = mapped_column(String(20), default="")
    # Who may read the page that says so: who could read the document. Empty: its own people only.
    retracted_for: Mapped[str] = mapped_column(String(20), default="")
    # When something was last taken out of it for good, and what its page says of that.
    redacted_at: Mapped[datetime | None]
    redaction_note: Mapped[str] = mapped_column(Text, default="")
    redaction_language: Mapped[str] = mapped_column(String(20), default="")
    demonstration: Mapped[bool] = mapped_column(default=False)

    constituent: Mapped[Constituent | None] = relationship()
    published: Mapped[LibraryRevision | None] = relationship(
        foreign_keys=[published_id], post_update=True
    )
    open: Mapped[LibraryRevision | None] = relationship(foreign_keys=[open_id], post_update=True)


class LibraryRevision(Base):
    """Hold one description of a document with its files; a submitted one never changes.

    Dates are as exact as they are known: `2016`, `2016-12` or `2016-12-09`; `issued_on` is the
    first day that `issued` can mean, to sort by. `authors` are persons (`family`, `given`) and
    organisations (`literal`). `practice` holds the fields of `rules.PRACTICE_TEXTS` and lists.
    """

    __tablename__ = "library_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    document_id: Mapped[int] = mapped_column(ForeignKey("library_document.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=State.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    type: Mapped[str] = mapped_column(String(30), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(rules.TITLE_LENGTH), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    authors: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    publisher: Mapped[str] = mapped_column(String(rules.LINE_LENGTH), default="")
    place: Mapped[str] = mapped_column(String(rules.LINE_LENGTH), default="")
    official_number: Mapped[str] = mapped_column(String(rules.LINE_LENGTH), default="")
    issued: Mapped[str] = mapped_column(String(10), default="")
    issued_on: Mapped[date | None] = mapped_column(index=True)
    source_url: Mapped[str] = mapped_column(String(rules.URL_LENGTH), default="")
    legal_status: Mapped[str] = mapped_column(String(20), default="")
    in_force_from: Mapped[str] = mapped_column(String(10), default="")
    in_force_until: Mapped[str] = mapped_column(String(10), default="")
    rights: Mapped[str] = mapped_column(String(10), default=rules.Rights.COPY)
    licence: Mapped[str] = mapped_column(String(rules.LINE_LENGTH), default="")
    visibility: Mapped[str] = mapped_column(String(20), default=rules.Visibility.PUBLIC)
    embargo_until: Mapped[datetime | None]
    practice: Mapped[dict[str, Any]] = mapped_column(default=dict)
    people_protected: Mapped[bool] = mapped_column(default=False)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)

    document: Mapped[LibraryDocument] = relationship(foreign_keys=[document_id])
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[User | None] = relationship(foreign_keys=[reviewer_id])
    files: Mapped[list[LibraryFile]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by="LibraryFile.position"
    )
    relations: Mapped[list[LibraryRelation]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by="LibraryRelation.id"
    )
    decisions: Mapped[list[LibraryDecision]] = relationship(
        back_populates="revision", order_by="LibraryDecision.id"
    )
    terms: Mapped[list[LibraryTerm]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by="LibraryTerm.column_code"
    )
    themes: Mapped[list[Theme]] = relationship(secondary=library_theme, order_by=Theme.position)
    sectors: Mapped[list[Sector]] = relationship(secondary=library_sector, order_by=Sector.position)
    target_groups: Mapped[list[TargetGroup]] = relationship(
        secondary=library_target_group, order_by=TargetGroup.position
    )
    countries: Mapped[list[Country]] = relationship(secondary=library_country)
    corridors: Mapped[list[Corridor]] = relationship(secondary=library_corridor)

    @property
    def stamp(self) -> str:
        """Return what a form carries, so that a save from an older one is noticed."""
        return f"{self.public_id}-{self.version}"

    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        _one_of("state", State),
        _one_of("type", ("", *rules.Type)),
        _one_of("legal_status", ("", *rules.LegalStatus)),
        _one_of("rights", rules.Rights),
        _one_of("visibility", rules.Visibility),
        Index(
            "uq_library_revision_open",
            "document_id",
            unique=True,
            sqlite_where=sql("state IN ('draft', 'submitted', 'in_review')"),
            postgresql_where=sql("state IN ('draft', 'submitted', 'in_review')"),
        ),
        Index(
            "uq_library_revision_published",
            "document_id",
            unique=True,
            sqlite_where=sql("state = 'published'"),
            postgresql_where=sql("state = 'published'"),
        ),
        Index("ix_library_revision_queue", "state", "submitted_at"),
    )


@event.listens_for(LibraryRevision, "before_update")
def _keep_what_was_submitted(
    _mapper: object, _connection: object, revision: LibraryRevision
) -> None:
    """Refuse to change what is no draft any more; its state and its officers move on."""
    attributes = inspect(revision).attrs
    before = attributes["state"].history.deleted or (revision.state,)
    if before[0] != State.DRAFT and any(attributes[name].history.has_changes() for name in SAID):
        raise RuntimeError("what was submitted never changes")


class LibraryFile(Base):
    """Hold a file of a revision. Access is by this row, never by a file's hash.

    `source_sha256` is the hash of what was handed in, before place and device were taken out of
    its pictures: by it the same file is known when it comes again.
    """

    __tablename__ = "library_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("library_revision.id", ondelete="CASCADE"), index=True
    )
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    source_sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[int] = mapped_column(default=0)

    revision: Mapped[LibraryRevision] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()
    # What was read out of it; None while it waits to be read.
    said: Mapped[FileText | None] = relationship(
        primaryjoin="foreign(LibraryFile.file_id) == FileText.file_id", viewonly=True
    )


class LibraryRelation(Base):
    """Say how a document stands to another one."""

    __tablename__ = "library_relation"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("library_revision.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[int] = mapped_column(ForeignKey("library_document.id"), index=True)

    revision: Mapped[LibraryRevision] = relationship(back_populates="relations")
    target: Mapped[LibraryDocument] = relationship()

    __table_args__ = (
        UniqueConstraint("revision_id", "kind", "target_id"),
        _one_of("kind", rules.Relation),
    )


class LawColumn(Base):
    """Hold a column in which the laws on a theme are compared.

    `hint` says what is asked for, `unit` what a number counts. A retired one is offered no more.
    """

    __tablename__ = "law_column"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    theme_code: Mapped[str] = mapped_column(ForeignKey("theme.code"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    labels: Mapped[Labels]
    hint: Mapped[Labels] = mapped_column(default=dict)
    unit: Mapped[Labels] = mapped_column(default=dict)
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)

    theme: Mapped[Theme] = relationship()
    choices: Mapped[list[LawChoice]] = relationship(
        back_populates="column", order_by="LawChoice.position"
    )

    __table_args__ = (_one_of("kind", terms.ColumnKind),)


class LawChoice(Base):
    """Hold one of the answers that a column offers."""

    __tablename__ = "law_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    column_code: Mapped[str] = mapped_column(ForeignKey("law_column.code"))
    code: Mapped[str] = mapped_column(String(15))
    labels: Mapped[Labels]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)

    column: Mapped[LawColumn] = relationship(back_populates="choices")

    __table_args__ = (UniqueConstraint("column_code", "code"),)


class PracticeTerm(Base):
    """Hold a name by which practices are marked, and which no commitment answers to.

    `list` is `gcm_principle`, or `sdg` for goals and targets; the objectives of the Compact, and
    the targets that commitments answer to, are provisions.
    """

    __tablename__ = "practice_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(20))
    labels: Mapped[Labels]
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))

    __table_args__ = (
        UniqueConstraint("list", "code"),
        _one_of("list", ("gcm_principle", "sdg")),
    )


class LibraryTerm(Base):
    """Hold what a law lays down on one point, and where: see `terms.Term`."""

    __tablename__ = "library_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("library_revision.id", ondelete="CASCADE"))
    column_code: Mapped[str] = mapped_column(ForeignKey("law_column.code"), index=True)
    choice_id: Mapped[int | None] = mapped_column(ForeignKey("law_choice.id"), index=True)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    currency: Mapped[str] = mapped_column(String(3), default="")
    value: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    article: Mapped[str] = mapped_column(String(terms.ARTICLE_LENGTH), default="")
    page: Mapped[int | None]

    revision: Mapped[LibraryRevision] = relationship(back_populates="terms")
    choice: Mapped[LawChoice | None] = relationship(lazy="joined")

    def as_term(self) -> terms.Term:
        """Return what it says as a plain value."""
        amount = None if self.amount is None else Decimal(self.amount)
        return terms.Term(
            column=self.column_code,
            choice=self.choice.code if self.choice else "",
            amount=amount,
            currency=self.currency,
            value=self.value,
            language=self.language,
            article=self.article,
            page=self.page,
        )

    __table_args__ = (
        UniqueConstraint("revision_id", "column_code"),
        CheckConstraint("page > 0", name="page"),
        CheckConstraint("amount >= 0", name="amount"),
    )


class LibraryDecision(Base):
    """Hold what an officer decided on a revision, and why."""

    __tablename__ = "library_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("library_revision.id", ondelete="CASCADE"), index=True
    )
    action: Mapped[str] = mapped_column(String(20))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    internal_comment: Mapped[str] = mapped_column(Text, default="")

    revision: Mapped[LibraryRevision] = relationship(back_populates="decisions")
    officer: Mapped[User | None] = relationship()


class FileText(Base):
    """Hold what was read out of a file, and what the file says of itself; no row: not read yet.

    The text belongs to the content: whoever keeps the same file shares it. `language`, `title`,
    `authors` and `created` are offered to whoever describes the document, never taken over.
    """

    __tablename__ = "file_text"

    file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True
    )
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    # What a page is: a page, slide, sheet or chapter of the file, or a part that was cut here.
    unit: Mapped[str] = mapped_column(String(10), default="")
    pages: Mapped[int] = mapped_column(default=0)
    characters: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(rules.TITLE_LENGTH), default="")
    authors: Mapped[list[str]] = mapped_column(default=list)
    created: Mapped[str] = mapped_column(String(10), default="")
    read_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()


class TextPage(Base):
    """Hold the text of one page; `origin` is its text layer, a machine's reading, or none.

    `recognition` is how far a machine has come with a page without a text layer.
    """

    __tablename__ = "text_page"

    file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20), default="")
    recognition: Mapped[str] = mapped_column(String(10), default="")

    __table_args__ = (
        _one_of("origin", ("layer", "machine", "none")),
        _one_of("recognition", rules.Recognition),
        # A document's page counts those without a text layer: without reading what the others say.
        Index(
            "ix_text_page_origin",
            "file_id",
            "origin",
            sqlite_where=sql("origin <> 'layer'"),
            postgresql_where=sql("origin <> 'layer'"),
        ),
    )
