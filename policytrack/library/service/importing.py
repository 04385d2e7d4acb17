"""Take documents in from outside: new ones, and what has changed about known ones.

Whoever may run the command may do this; it is on the trail without a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from policytrack.constituents.models import Constituent
from policytrack.core import changes, files, ids
from policytrack.core.errors import RuleViolation
from policytrack.core.files import Accepted
from policytrack.core.files.models import StoredFile
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import ANONYMOUS
from policytrack.core.review import State
from policytrack.library import description as descriptions
from policytrack.library import queries
from policytrack.library.description import Attachment, Description
from policytrack.library.models import LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.reading import Reading
from policytrack.library.service.deciding import lacking
from policytrack.library.service.keeping import KIND, put_in_force, record
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
class Withdrawn:
    """Hold when and why a document was withdrawn, and who may read that."""

    at: datetime
    reason: str
    language: str
    readers: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """Hold what somebody wants of a document that comes in.

    `describe` returns what is to be said of it, given what is said so far. `public_id` is kept, so
    that a library that moves keeps its addresses, and of a new document since when it is published.
    `apart` are the ids of other documents that come in: no file of this one makes them the same.
    What is to be published and lacks what a submission needs waits for review.
    """

    describe: Callable[[Description], Description]
    organisation: Constituent | None = None
    source_key: str | None = None
    publish: bool = False
    public_id: str = ""
    apart: frozenset[str] = frozenset()
    published_at: datetime | None = None
    withdrawn: Withdrawn | None = None
    demonstration: bool = False


def take(
    session: Session, *, arrivals: Sequence[Arrival], wishes: Wishes, now: datetime
) -> tuple[Taken, LibraryDocument]:
    """Take a document in, or bring a known one up to date; call it inside `transaction()`.

    It is known by its public id, else by what its source calls it, else by one of its files; it
    may have none. Raises `RuleViolation` where people are at work on it or one of its files was
    redacted, `InvalidInput` for what a document cannot say.
    """
    found = known(session, arrivals, wishes)
    if found is None:
        return Taken.NEW, _begin(session, arrivals, wishes, now)
    queries.lock(session, found)
    # Its files may be the same, so that nothing is stored and nobody else asks.
    files.require_welcome(session, *(each.source_sha256 for each in arrivals))
    if wishes.source_key and found.source_key is None:
        found.source_key = wishes.source_key
    return _update(session, found, arrivals, wishes, now), found


def known(session: Session, arrivals: Sequence[Arrival], wishes: Wishes) -> LibraryDocument | None:
    """Return the document that comes in, where it is here already."""
    said: tuple[tuple[ColumnElement[bool], str | None], ...] = (
        (LibraryDocument.public_id == wishes.public_id, wishes.public_id),
        (LibraryDocument.source_key == wishes.source_key, wishes.source_key),
    )
    found = [
        each
        for clause, name in said
        if name and (each := session.scalar(select(LibraryDocument).where(clause))) is not None
    ]
    if len({each.id for each in found}) > 1:
        raise RuleViolation(_("Its id and its source’s id name two documents here."))
    return found[0] if found else _by_file(session, arrivals, wishes.apart)


def _by_file(
    session: Session, arrivals: Sequence[Arrival], apart: frozenset[str]
) -> LibraryDocument | None:
    """Return the document that has one of the files: as it was handed in, or as it is kept."""
    hashes = [each.source_sha256 for each in arrivals]
    if not hashes:
        return None
    handed_in = LibraryFile.source_sha256.in_(hashes)
    rows = session.scalars(
        select(LibraryDocument)
        .join(LibraryRevision, LibraryRevision.document_id == LibraryDocument.id)
        .join(LibraryFile, LibraryFile.revision_id == LibraryRevision.id)
        .join(LibraryFile.file)
        .where(handed_in | StoredFile.sha256.in_(hashes))
        .order_by(handed_in.desc(), LibraryDocument.id)
    )
    return next((each for each in rows.unique() if each.public_id not in apart), None)


def _begin(
    session: Session, arrivals: Sequence[Arrival], wishes: Wishes, now: datetime
) -> LibraryDocument:
    body = wishes.organisation
    document = LibraryDocument(
        public_id=wishes.public_id or ids.new_id(),
        constituent_id=body.id if body else None,
        source_key=wishes.source_key,
        created_at=now,
        demonstration=wishes.demonstration or (body is not None and body.demonstration),
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
    _say(session, revision, wishes.describe(Description()), _attached(session, arrivals, now))
    if not wishes.publish or lacks(revision):
        document.open = revision
    session.add_all([document, revision])
    changes.append(session, KIND, document.public_id, new=True)
    _settle(session, document, revision, wishes, now)
    record(session, ANONYMOUS, "document.import", document, now, details={"number": 1})
    return document


def _attached(session: Session, arrivals: Sequence[Arrival], now: datetime) -> list[Attachment]:
    return [found for each in arrivals if (found := _attachment(session, each, now)) is not None]


def _attachment(session: Session, arrival: Arrival, now: datetime) -> Attachment | None:
    accepted = arrival.accepted
    if accepted is None:
        return _again(session, arrival.source_sha256)
    stored, new = files.store_new(session, accepted, now, arrival.source_sha256)
    if arrival.reading is not None:
        keep_text(session, stored, arrival.reading, now, new=new)
    return Attachment(stored, accepted.name, arrival.source_sha256)


def _again(session: Session, sha256: str) -> Attachment | None:
    """Return what is here already, for another document."""
    files.require_welcome(session, sha256)
    row = session.scalar(
        select(LibraryFile)
        .join(LibraryFile.file)
        .where((LibraryFile.source_sha256 == sha256) | (StoredFile.sha256 == sha256))
        .limit(1)
    )
    return Attachment(row.file, row.name, row.source_sha256) if row else None


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
    if not wishes.publish or lacks(revision):
        revision.state = State.SUBMITTED
        return
    put_in_force(session, document, revision, now)
    if wishes.published_at is not None and revision.number == 1:
        revision.published_at = min(wishes.published_at, now)
    if wishes.withdrawn is not None:
        _withdraw(document, revision, wishes.withdrawn)


def lacks(revision: LibraryRevision) -> list[str]:
    """Return the fields that a revision lacks to be published by a command.

    That nobody can be identified in it, no command can confirm: whoever gives it answers for it,
    and the revision says that nobody has.
    """
    return sorted(lacking(revision, people_protected=True))


def _withdraw(document: LibraryDocument, revision: LibraryRevision, withdrawn: Withdrawn) -> None:
    revision.state = State.RETRACTED
    document.published = None
    document.retracted_at = withdrawn.at
    document.retraction_reason = withdrawn.reason
    document.retraction_language = withdrawn.language
    document.retracted_for = withdrawn.readers


def _update(
    session: Session,
    document: LibraryDocument,
    arrivals: Sequence[Arrival],
    wishes: Wishes,
    now: datetime,
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
            .options(selectinload(LibraryRevision.files).joinedload(LibraryFile.file))
        ).one()
    )
    wanted = wishes.describe(before)
    here = {sha for each in present.files for sha in (each.source_sha256, each.file.sha256)}
    same_files = here.issuperset(each.source_sha256 for each in arrivals)
    to_publish = wishes.publish and document.open is not None and not lacks(document.open)
    if wishes.withdrawn is not None:
        raise RuleViolation(_("It was withdrawn where it comes from, and not here."))
    if wanted == before and same_files and not to_publish:
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
    if same_files:
        descriptions.copy(session, present, revision)
    attachments = [] if same_files else _attached(session, arrivals, now)
    _say(session, revision, wanted, attachments)
    _settle(session, document, revision, wishes, now)
    record(session, ANONYMOUS, "document.import", document, now, details={"number": number})
    return Taken.UPDATED


def relate(session: Session, *, revision_id: int, relations: Sequence[tuple[str, int]]) -> None:
    """Say how a document stands to others that came in after it, in the same run.

    It belongs to the revision that the run made; what people have done since is left alone.
    """
    revision = session.get_one(LibraryRevision, revision_id)
    document = revision.document
    queries.lock(session, document)
    kinds = {kind for kind, _target in relations}
    kept = [(each.kind, each.target_id) for each in revision.relations if each.kind not in kinds]
    if queries.last_number(session, document) == revision.number and descriptions.put_relations(
        revision, [*kept, *relations]
    ):
        changes.append(session, KIND, document.public_id)


def _require_untouched(document: LibraryDocument) -> None:
    """Raise `RuleViolation` where somebody has taken a document further on the site."""
    revision = document.open
    if revision is not None and not (
        revision.author_id is None and revision.state == State.SUBMITTED
    ):
        raise RuleViolation(_("People are at work on this document here; it was left alone."))
