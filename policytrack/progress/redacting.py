"""Say where notes hold text and files, so that a passage or a file can be taken out of them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from policytrack.core import changes
from policytrack.core.files.models import StoredFile
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.core.redaction import HeldFile, Shelf, Thing, Version, table_of
from policytrack.library.models import LibraryFile
from policytrack.progress import queries
from policytrack.progress.models import (
    Decision,
    Evidence,
    Note,
    NoteRevision,
    NoteTranslation,
)
from policytrack.progress.rules import PARTS
from policytrack.progress.words import PART_HEADINGS

KIND = "note"
_EVIDENCE = table_of(Evidence)
# A quotation that is empty was redacted: it goes whole, whatever part of it was to go.
_NO_QUOTATION = ""


def _of_note(public_id: str) -> ColumnElement[bool]:
    note = select(Note.id).where(Note.public_id == public_id)
    return NoteRevision.note_id == note.scalar_subquery()


def _below(column: Any) -> Callable[[str], ColumnElement[bool]]:
    """Return the condition for rows that hang on a note's revisions by this column."""

    def within(public_id: str) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = column.in_(
            select(NoteRevision.id).where(_of_note(public_id))
        )
        return condition

    return within


def _revision(column: Any) -> Any:
    """Return the name of the revision that a row hangs on by this column."""
    return select(NoteRevision.public_id).where(NoteRevision.id == column).scalar_subquery()


_SHELVES = (
    Shelf(
        Note,
        lambda public_id: Note.public_id == public_id,
        {"note": Note.public_id},
        _("Reason for retracting"),
        texts=("retraction_reason", "redaction_note"),
        labels={"redaction_note": _("What the page says of a redaction")},
    ),
    Shelf(
        NoteRevision,
        _of_note,
        {"revision": NoteRevision.public_id},
        _("Text"),
        texts=PARTS,
        version="version",
        revision="id",
        labels=PART_HEADINGS,
    ),
    Shelf(
        NoteTranslation,
        _below(NoteTranslation.revision_id),
        {"revision": _revision(NoteTranslation.revision_id), "language": NoteTranslation.language},
        _("Translation"),
        texts=PARTS,
        version="created_at",
        revision="revision_id",
    ),
    Shelf(
        Decision,
        _below(Decision.revision_id),
        {
            "revision": _revision(Decision.revision_id),
            "action": Decision.action,
            "at": Decision.at,
        },
        _("Reason of a decision"),
        texts=("reason", "internal_comment"),
        revision="revision_id",
        labels={"internal_comment": _("Internal comment")},
    ),
    Shelf(
        Evidence,
        _below(Evidence.revision_id),
        {"evidence": Evidence.public_id},
        _("Title of a piece of evidence"),
        texts=("title", "file_name"),
        whole={"url": "", "quote": _NO_QUOTATION},
        revision="revision_id",
        spelled=unquote,
        labels={
            "file_name": _("Name of a file"),
            "url": _("Address of a link"),
            "quote": _("Quotation"),
        },
    ),
)


class NoteRedactions:
    """Offer notes to redaction."""

    kind = KIND

    def thing(self, session: Session, actor: Actor, public_id: str, _now: datetime) -> Thing:
        """Return a note that the actor may see; raise `errors.NotFound` for any other."""
        note = queries.get(session, actor, public_id)
        return Thing(KIND, note.public_id, note.constituent_id, note.demonstration)

    def versions(
        self, session: Session, actor: Actor, public_id: str, _now: datetime
    ) -> Mapping[int, Version]:
        """Return all revisions of a note, by the number of their rows."""
        note = queries.get(session, actor, public_id)
        readable = {each.id for each in queries.history(session, actor, note)}
        rows = session.execute(
            select(NoteRevision.id, NoteRevision.number, NoteRevision.state).where(
                NoteRevision.note_id == note.id
            )
        )
        return {number: Version(count, state, number in readable) for number, count, state in rows}

    def shelves(self, kind: str) -> Sequence[Shelf]:
        """Return where notes hold text of their own; quotations go with the file they are from."""
        return _SHELVES if kind == KIND else ()

    def files(self, session: Session, public_id: str) -> Sequence[HeldFile]:
        """Return the files of a note, in all its revisions, but for those redacted already."""
        rows = session.execute(
            select(Evidence.public_id, Evidence.file_name, Evidence.revision_id, StoredFile.id)
            .join(StoredFile, Evidence.file_id == StoredFile.id)
            .where(_below(Evidence.revision_id)(public_id), StoredFile.redacted_at.is_(None))
            .order_by(Evidence.id)
        )
        return [HeldFile(*row) for row in rows]

    def named(self, session: Session, stored_ids: Sequence[int]) -> Mapping[int, int]:
        """Return how many pieces of evidence are each content, or quote it."""
        found: dict[int, int] = {}
        counts = (
            select(StoredFile.id, func.count())
            .join(Evidence, Evidence.file_id == StoredFile.id)
            .where(StoredFile.id.in_(stored_ids))
            .group_by(StoredFile.id),
            select(LibraryFile.file_id, func.count())
            .join(Evidence, Evidence.library_file_id == LibraryFile.id)
            .where(LibraryFile.file_id.in_(stored_ids))
            .group_by(LibraryFile.file_id),
        )
        for wanted in counts:
            for stored_id, count in session.execute(wanted):
                found[stored_id] = found.get(stored_id, 0) + count
        return found

    def sources(self, _session: Session, _stored_id: int) -> set[str]:
        """Return nothing: of evidence, only the hash of what is kept is known."""
        return set()

    def empty(self, session: Session, stored: StoredFile) -> None:
        """Empty what names a content that is taken away, and what was quoted from it."""
        named = _EVIDENCE.c.file_id == stored.id
        session.execute(update(_EVIDENCE).where(named).values(title="", file_name=""))
        session.execute(
            update(_EVIDENCE)
            .where(_EVIDENCE.c.library_file_id.in_(_carrying(stored)))
            .values(title="", quote=_NO_QUOTATION)
        )
        for public_id in self._touched(session, stored):
            changes.append(session, KIND, public_id)

    def _touched(self, session: Session, stored: StoredFile) -> Sequence[str]:
        concerned = (_EVIDENCE.c.file_id == stored.id) | _EVIDENCE.c.library_file_id.in_(
            _carrying(stored)
        )
        return session.scalars(
            select(Note.public_id)
            .join(NoteRevision, NoteRevision.note_id == Note.id)
            .join(_EVIDENCE, _EVIDENCE.c.revision_id == NoteRevision.id)
            .where(concerned)
            .distinct()
        ).all()

    def say(
        self, session: Session, public_id: str, *, at: datetime, sentence: str, language: str
    ) -> None:
        """Have a note's page say that something was redacted, and have the index look again."""
        table = table_of(Note)
        values: dict[str, object] = {"redacted_at": at}
        if sentence:  # an earlier one stays where this redaction brings none
            values |= {"redaction_note": sentence, "redaction_language": language}
        session.execute(update(table).where(table.c.public_id == public_id).values(values))
        changes.append(session, KIND, public_id)


def _carrying(stored: StoredFile) -> Select[int]:
    """Return the rows of the library that carry a content."""
    return select(LibraryFile.id).where(LibraryFile.file_id == stored.id)


redactions = NoteRedactions()
