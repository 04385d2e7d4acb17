"""Say where documents hold text and files, so that a passage or a file can be taken out of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from policytrack.core import changes
from policytrack.core.files.models import StoredFile
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.core.redaction import (
    HeldFile,
    Holding,
    Passage,
    Shelf,
    Thing,
    Version,
    table_of,
)
from policytrack.library import queries
from policytrack.library.models import (
    FileText,
    LibraryDecision,
    LibraryDocument,
    LibraryFile,
    LibraryRevision,
    LibraryTerm,
    TextPage,
)

KIND = "document"


def _of_document(public_id: str) -> ColumnElement[bool]:
    document = select(LibraryDocument.id).where(LibraryDocument.public_id == public_id)
    return LibraryRevision.document_id == document.scalar_subquery()


def _below(column: Any) -> Callable[[str], ColumnElement[bool]]:
    """Return the condition for rows that hang on a document's revisions by this column."""

    def within(public_id: str) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = column.in_(
            select(LibraryRevision.id).where(_of_document(public_id))
        )
        return condition

    return within


_SHELVES = (
    Shelf(
        LibraryDocument,
        lambda public_id: LibraryDocument.public_id == public_id,
        {"document": LibraryDocument.public_id},
        _("Reason for withdrawing"),
        texts=("retraction_reason", "redaction_note"),
        # Without it, the same entry of another database is known by its file alone.
        whole={"source_key": None},
        labels={
            "redaction_note": _("What the page says of a redaction"),
            "source_key": _("What its source calls it"),
        },
    ),
    Shelf(
        LibraryRevision,
        _of_document,
        {"revision": LibraryRevision.public_id},
        _("Description"),
        texts=(
            "title", "summary", "authors", "publisher", "place", "official_number", "licence",
            "practice",
        ),
        whole={"source_url": ""},
        version="version",
        revision="id",
        spelled=unquote,
        labels={
            "title": _("Title"),
            "summary": _("Summary"),
            "authors": _("Authors"),
            "source_url": _("Address of the source"),
            "practice": _("The practice"),
        },
    ),
    Shelf(
        LibraryDecision,
        _below(LibraryDecision.revision_id),
        {
            "revision": select(LibraryRevision.public_id)
            .where(LibraryRevision.id == LibraryDecision.revision_id)
            .scalar_subquery(),
            "action": LibraryDecision.action,
            "at": LibraryDecision.at,
        },
        _("Reason of a decision"),
        texts=("reason", "internal_comment"),
        revision="revision_id",
        labels={"internal_comment": _("Internal comment")},
    ),
    Shelf(
        LibraryTerm,
        _below(LibraryTerm.revision_id),
        {
            "revision": select(LibraryRevision.public_id)
            .where(LibraryRevision.id == LibraryTerm.revision_id)
            .scalar_subquery(),
            "column_code": LibraryTerm.column_code,
        },
        _("What it lays down"),
        texts=("value", "article"),
        revision="revision_id",
    ),
    Shelf(
        LibraryFile,
        _below(LibraryFile.revision_id),
        {"file": LibraryFile.public_id},
        _("Name of a file"),
        texts=("name",),
        revision="revision_id",
    ),
)  # fmt: skip


class DocumentRedactions:
    """Offer documents of the library to redaction."""

    kind = KIND

    def thing(self, session: Session, actor: Actor, public_id: str, now: datetime) -> Thing:
        """Return a document that the actor may see; raise `errors.NotFound` for any other."""
        document = queries.get(session, actor, public_id, now)
        return Thing(KIND, document.public_id, document.constituent_id, document.demonstration)

    def versions(
        self, session: Session, actor: Actor, public_id: str, now: datetime
    ) -> Mapping[int, Version]:
        """Return all revisions of a document, by the number of their rows."""
        document = queries.get(session, actor, public_id, now)
        readable = {each.id for each in queries.history(session, actor, document, now)}
        rows = session.execute(
            select(LibraryRevision.id, LibraryRevision.number, LibraryRevision.state).where(
                LibraryRevision.document_id == document.id
            )
        )
        return {number: Version(count, state, number in readable) for number, count, state in rows}

    def shelves(self, kind: str) -> Sequence[Shelf]:
        """Return where documents hold text, beside their files."""
        return _SHELVES if kind == KIND else ()

    def files(self, session: Session, public_id: str) -> Sequence[HeldFile]:
        """Return the files of a document, in all its revisions, but for those redacted already."""
        rows = session.execute(
            select(LibraryFile.public_id, LibraryFile.name, LibraryFile.revision_id, StoredFile.id)
            .join(StoredFile, LibraryFile.file_id == StoredFile.id)
            .where(_below(LibraryFile.revision_id)(public_id), StoredFile.redacted_at.is_(None))
            .order_by(LibraryFile.id)
        )
        return [HeldFile(*row) for row in rows]

    def named(self, session: Session, stored_ids: Sequence[int]) -> Mapping[int, int]:
        """Return how many rows name each content."""
        rows = session.execute(
            select(LibraryFile.file_id, func.count())
            .where(LibraryFile.file_id.in_(stored_ids))
            .group_by(LibraryFile.file_id)
        )
        return dict(rows.all())

    def sources(self, session: Session, stored_id: int) -> set[str]:
        """Return the hashes of what was handed in, before anything was taken out of it."""
        return set(
            session.scalars(
                select(LibraryFile.source_sha256).where(LibraryFile.file_id == stored_id)
            )
        )

    def empty(self, session: Session, stored: StoredFile) -> None:
        """Empty the names of a content that is taken away, and forget its text."""
        table = table_of(LibraryFile)
        session.execute(update(table).where(table.c.file_id == stored.id).values(name=""))
        session.execute(delete(TextPage).where(TextPage.file_id == stored.id))
        session.execute(delete(FileText).where(FileText.file_id == stored.id))
        for public_id in session.scalars(
            select(LibraryDocument.public_id)
            .join(LibraryRevision, LibraryRevision.document_id == LibraryDocument.id)
            .join(LibraryFile, LibraryFile.revision_id == LibraryRevision.id)
            .where(LibraryFile.file_id == stored.id)
            .distinct()
        ):
            changes.append(session, KIND, public_id)

    def say(
        self, session: Session, public_id: str, *, at: datetime, sentence: str, language: str
    ) -> None:
        """Have a document's page say that something was redacted, and the index look again."""
        table = table_of(LibraryDocument)
        values: dict[str, object] = {"redacted_at": at}
        if sentence:  # an earlier one stays where this redaction brings none
            values |= {"redaction_note": sentence, "redaction_language": language}
        session.execute(update(table).where(table.c.public_id == public_id).values(values))
        changes.append(session, KIND, public_id)


redactions = DocumentRedactions()


def holding(session: Session, stored_ids: Sequence[int], passage: Passage) -> dict[int, Holding]:
    """Return which of these contents hold a passage in their text, or in what they say of it.

    It may begin on one page and end on the next.
    """
    found: dict[int, Holding] = {}
    said = session.execute(
        select(FileText.file_id, FileText.title, FileText.authors).where(
            FileText.file_id.in_(stored_ids)
        )
    )
    for stored_id, title, authors in said:
        if any(passage.stands_in(each) for each in (title, *authors)):
            found[stored_id] = Holding(stored_id, 0)
    pages = session.execute(
        select(TextPage.file_id, TextPage.text)
        .where(TextPage.file_id.in_(stored_ids))
        .order_by(TextPage.file_id, TextPage.number)
        .execution_options(yield_per=50)
    )
    for stored_id, of_file in groupby(pages, key=lambda page: page.file_id):
        if count := _count([page.text for page in of_file], passage):
            found[stored_id] = Holding(stored_id, count)
    return found


def _count(texts: Sequence[str], passage: Passage) -> int:
    """Return on how many pages a passage begins."""
    # Enough of the next page to hold the rest, white space among it.
    reach = 4 * len(passage) + 200
    count = 0
    for text, following in zip(texts, [*texts[1:], ""], strict=True):
        joined = f"{text}\n{following[:reach]}"
        count += any(start < len(text) for start, _length in passage.spans(joined))
    return count


def unread(session: Session, stored_ids: Sequence[int]) -> set[int]:
    """Return which of these contents have no text in which a passage could be found, or not all."""
    read = session.scalars(
        select(FileText.file_id).where(
            FileText.file_id.in_(stored_ids),
            FileText.characters > 0,
            ~select(TextPage.file_id)
            .where(TextPage.file_id == FileText.file_id, TextPage.origin == "none")
            .exists(),
        )
    )
    return set(stored_ids) - set(read)
