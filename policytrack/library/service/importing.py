"""Take documents in from outside: new ones, and what has changed about known ones.

Whoever may run the command may do this; it is on the trail without a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from policytrack.constituents.models import Constituent
from policytrack.core import files
from policytrack.core.errors import RuleViolation
from policytrack.core.files import Accepted
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import ANONYMOUS
from policytrack.core.review import State
from policytrack.library import description as descriptions
from policytrack.library import queries
from policytrack.library.description import Attachment, Description
from policytrack.library.models import LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.reading import Reading
from policytrack.library.service.keeping import put_in_force, record
from policytrack.library.service.texts import keep_text
from policytrack.library.service.writing import new_revision


class Taken(StrEnum):
    """Say what became of a document that came in."""

    NEW = "taken"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold a file that comes in: the hash of what was handed in, what is kept, what was read.

    `accepted` and `reading` are None where the content is known already.
    """

    source_sha256: str
    accepted: Accepted | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """Hold what somebody wants of a document that comes in.

    `describe` returns what is to be said of it, given what is said so far.
    """

    describe: Callable[[Description], Description]
    organisation: Constituent | None = None
    source_key: str | None = None
    publish: bool = False


def take(
    session: Session, *, arrival: Arrival, wishes: Wishes, now: datetime
) -> tuple[Taken, LibraryDocument]:
    """Take a document in, or bring a known one up to date; call it inside `transaction()`.

    It is known by what its source calls it, else by its file. Raises `RuleViolation` where people
    are at work on it, `InvalidInput` for what a document cannot say.
    """
    known = _known(session, arrival.source_sha256, wishes.source_key)
    if known is None:
        return Taken.NEW, _begin(session, arrival, wishes, now)
    queries.lock(session, known)
    return _update(session, known, arrival, wishes, now), known


def _known(session: Session, sha256: str, source_key: str | None) -> LibraryDocument | None:
    if source_key is not None:
        found = session.scalar(
            select(LibraryDocument).where(LibraryDocument.source_key == source_key)
        )
        if found is not None:
            return found
    return session.scalar(
        select(LibraryDocument)
        .join(LibraryRevision, LibraryRevision.document_id == LibraryDocument.id)
        .join(LibraryFile, LibraryFile.revision_id == LibraryRevision.id)
        .where(LibraryFile.source_sha256 == sha256)
        .order_by(LibraryDocument.id)
        .limit(1)
    )


def _begin(session: Session, arrival: Arrival, wishes: Wishes, now: datetime) -> LibraryDocument:
    body = wishes.organisation
    document = LibraryDocument(
        constituent_id=body.id if body else None,
        source_key=wishes.source_key,
        created_at=now,
        demonstration=body.demonstration if body else False,
        retracted_at=None,
    )
    # All that is said of it is said before the database hears of it: a row is written once.
    revision = LibraryRevision(
        document=document,
        number=1,
        state=State.DRAFT,
        version=0,
        on_behalf=True,
        created_at=now,
        saved_at=now,
    )
    _say(session, revision, wishes.describe(Description()), _attached(session, arrival, now))
    if not wishes.publish:
        document.open = revision
    session.add_all([document, revision])
    _settle(session, document, revision, wishes, now)
    record(session, ANONYMOUS, "document.import", document, now, details={"number": 1})
    return document


def _attached(session: Session, arrival: Arrival, now: datetime) -> list[Attachment]:
    accepted = arrival.accepted
    if accepted is None:
        return []
    stored = files.store(session, accepted, now)
    if arrival.reading is not None:
        keep_text(session, stored, arrival.reading, now)
    return [Attachment(stored, accepted.name, arrival.source_sha256)]


def _say(
    session: Session,
    revision: LibraryRevision,
    given: Description,
    attachments: list[Attachment],
) -> None:
    descriptions.check(given)
    descriptions.put(session, revision, given, attachments)
    revision.version += 1


def _settle(
    session: Session,
    document: LibraryDocument,
    revision: LibraryRevision,
    wishes: Wishes,
    now: datetime,
) -> None:
    """Publish what was written, or hand it to the secretariat."""
    revision.submitted_at = now
    if wishes.publish:
        put_in_force(session, document, revision, now)
    else:
        revision.state = State.SUBMITTED


def _update(
    session: Session, document: LibraryDocument, arrival: Arrival, wishes: Wishes, now: datetime
) -> Taken:
    if document.retracted_at is not None and document.open is None:
        return Taken.UNCHANGED
    present = document.open or document.published
    if present is None:
        raise RuleViolation(_("This document was thrown away here."))
    before = descriptions.described(
        session.scalars(
            select(LibraryRevision)
            .where(LibraryRevision.id == present.id)
            .options(selectinload(LibraryRevision.files))
        ).one()
    )
    wanted = wishes.describe(before)
    same_file = any(each.source_sha256 == arrival.source_sha256 for each in present.files)
    to_publish = wishes.publish and document.open is not None
    if wanted == before and same_file and not to_publish:
        return Taken.UNCHANGED
    _require_untouched(document)
    number = queries.last_number(session, document) + 1
    if document.open is not None:
        document.open.state = State.DISCARDED
        document.open = None
        session.flush()
    revision = new_revision(
        session, document, author_id=None, on_behalf=True, number=number, now=now
    )
    if same_file:
        descriptions.copy(session, present, revision)
    attachments = [] if same_file else _attached(session, arrival, now)
    _say(session, revision, wanted, attachments)
    _settle(session, document, revision, wishes, now)
    record(session, ANONYMOUS, "document.import", document, now, details={"number": number})
    return Taken.UPDATED


def _require_untouched(document: LibraryDocument) -> None:
    """Raise `RuleViolation` where somebody has taken a document further on the site."""
    revision = document.open
    if revision is not None and not (
        revision.author_id is None and revision.state == State.SUBMITTED
    ):
        raise RuleViolation(_("People are at work on this document here; it was left alone."))
