"""Read one document with its history, its files, and how it stands to others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from policytrack.constituents.models import Constituent
from policytrack.core import ids
from policytrack.core.errors import NotFound
from policytrack.core.permissions import Actor
from policytrack.library import policy
from policytrack.library.models import (
    FileText,
    LibraryDecision,
    LibraryDocument,
    LibraryFile,
    LibraryRelation,
    LibraryRevision,
)
from policytrack.places.models import Corridor

_OF = joinedload(LibraryDocument.constituent).joinedload(Constituent.country)
# What every row of a list needs to name a document.
NAMED: tuple[ExecutableOption, ...] = (
    _OF,
    joinedload(LibraryDocument.published).selectinload(LibraryRevision.countries),
)
_WHOLE: tuple[ExecutableOption, ...] = (
    selectinload(LibraryRevision.files).joinedload(LibraryFile.file),
    selectinload(LibraryRevision.relations).joinedload(LibraryRelation.target),
    selectinload(LibraryRevision.terms),
    selectinload(LibraryRevision.themes),
    selectinload(LibraryRevision.sectors),
    selectinload(LibraryRevision.target_groups),
    selectinload(LibraryRevision.countries),
    selectinload(LibraryRevision.corridors).joinedload(Corridor.origin),
    selectinload(LibraryRevision.corridors).joinedload(Corridor.destination),
    joinedload(LibraryRevision.author),
    joinedload(LibraryRevision.reviewer),
)


def get(session: Session, actor: Actor, public_id: str, now: datetime) -> LibraryDocument:
    """Return a document that the actor may see; raise `NotFound` for any other."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(LibraryDocument)
            .where(LibraryDocument.public_id == public_id, policy.visible_to(actor, now))
            .options(_OF, joinedload(LibraryDocument.published), joinedload(LibraryDocument.open))
        )
    if found is None:
        raise NotFound()
    return found


def lock(session: Session, document: LibraryDocument) -> None:
    """Hold a document's row until the commit, and read afresh what it and its revisions say."""
    session.execute(
        select(LibraryDocument.id).where(LibraryDocument.id == document.id).with_for_update()
    )
    session.refresh(document)
    for revision in (document.open, document.published):
        if revision is not None:
            session.refresh(revision)


def whole(session: Session, revision: LibraryRevision) -> LibraryRevision:
    """Return a revision with all that its page shows, in a fixed number of queries."""
    return session.scalars(
        select(LibraryRevision).where(LibraryRevision.id == revision.id).options(*_WHOLE)
    ).one()


def history(
    session: Session, actor: Actor, document: LibraryDocument, now: datetime
) -> Sequence[LibraryRevision]:
    """Return the revisions that the actor may read, newest first."""
    found = session.scalars(
        select(LibraryRevision)
        .where(LibraryRevision.document_id == document.id)
        .options(
            joinedload(LibraryRevision.author),
            selectinload(LibraryRevision.decisions).joinedload(LibraryDecision.officer),
        )
        .order_by(LibraryRevision.number.desc())
    )
    return [each for each in found if policy.revision_visible(actor, document, each, now)]


def last(session: Session, document: LibraryDocument) -> LibraryRevision:
    """Return a document's last revision."""
    return session.scalars(
        select(LibraryRevision)
        .where(LibraryRevision.document_id == document.id)
        .order_by(LibraryRevision.number.desc())
        .limit(1)
    ).one()


def last_number(session: Session, document: LibraryDocument) -> int:
    """Return the number of a document's last revision, 0 before the first."""
    return (
        session.scalar(
            select(func.max(LibraryRevision.number)).where(
                LibraryRevision.document_id == document.id
            )
        )
        or 0
    )


def superseded(session: Session, document: LibraryDocument) -> Sequence[LibraryRevision]:
    """Return the revisions that were replaced."""
    return session.scalars(
        select(LibraryRevision).where(
            LibraryRevision.document_id == document.id, LibraryRevision.state == "superseded"
        )
    ).all()


def file_of(session: Session, actor: Actor, public_id: str, now: datetime) -> LibraryFile:
    """Return a file of a revision that the actor may read; raise `NotFound` for any other."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(LibraryFile)
            .join(LibraryFile.revision)
            .join(LibraryRevision.document)
            .where(LibraryFile.public_id == public_id, policy.visible_to(actor, now))
            .options(
                joinedload(LibraryFile.file),
                joinedload(LibraryFile.revision)
                .joinedload(LibraryRevision.document)
                .joinedload(LibraryDocument.published),
            )
        )
    if found is None:
        raise NotFound()
    revision = found.revision
    if not policy.revision_visible(actor, revision.document, revision, now):
        raise NotFound()
    return found


def texts_of(session: Session, file_ids: Collection[int]) -> dict[int, FileText]:
    """Return what was read out of these files, by file; a file that waits is missing."""
    rows = session.scalars(select(FileText).where(FileText.file_id.in_(file_ids)))
    return {row.file_id: row for row in rows}
