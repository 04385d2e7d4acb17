"""Read where the change log stands, and the labels of what the index holds as codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, null, select, union_all
from sqlalchemy.orm import Session, contains_eager

from policytrack.accounts.models import AccountState, User
from policytrack.commitments.models import Commitment
from policytrack.constituents.models import Constituent
from policytrack.core import changes
from policytrack.core.changes import Change, Epoch
from policytrack.core.db import Labels
from policytrack.core.permissions import Actor
from policytrack.frameworks.models import Sector, Theme
from policytrack.library import policy
from policytrack.library.models import (
    LibraryDocument,
    LibraryFile,
    LibraryRelation,
    LibraryRevision,
)
from policytrack.library.rules import Relation
from policytrack.places.models import Corridor, Country


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold which life of the database this is, and the numbers of its last change and redaction."""

    epoch: str
    newest: int
    redacted: int = 0


_STANDING = select(
    func.coalesce(select(Epoch.name).limit(1).scalar_subquery(), ""),
    func.coalesce(select(func.max(Change.seq)).scalar_subquery(), 0),
    func.coalesce(
        select(func.max(Change.seq)).where(Change.kind == changes.REDACTION).scalar_subquery(), 0
    ),
)


def standing(session: Session) -> Standing:
    """Return where the change log stands, in one query."""
    found = session.execute(_STANDING).one()
    return Standing(*found)


_EPOCH = str(select(Epoch.name))


def epoch_of(session: Session) -> str:
    """Return which life of the database this is; every search asks."""
    # As directly as can be: all else that is done for a statement costs many times as much.
    found = session.connection().connection.cursor().execute(_EPOCH).fetchone()
    return str(found[0]) if found else ""


# Facets whose codes are called something in the database.
NAMED = ("theme", "sector", "country", "corridor")
_CALLED = union_all(
    select(literal("theme"), Theme.code, Theme.labels, Theme.position).where(~Theme.retired),
    select(literal("sector"), Sector.code, Sector.labels, Sector.position).where(~Sector.retired),
    select(literal("country"), Country.iso2, Country.labels, literal(0)),
    select(literal("corridor"), Corridor.code, null(), literal(0)),
).subquery()
_FACET, _CODE, _LABELS, _POSITION = _CALLED.c
_NAMED = select(_FACET, _CODE, _LABELS).order_by(_FACET, _POSITION, _CODE)


def named(session: Session) -> Sequence[tuple[str, str, Labels | None]]:
    """Return facet, code and labels of reference data in their order, in one query.

    What is offered no more is left out. A corridor is called by its two ends.
    """
    return [(row[0], row[1], row[2]) for row in session.execute(_NAMED)]


def person(session: Session, email: str) -> User | None:
    """Return the active account with a mail address, if there is one."""
    return session.scalar(
        select(User).where(
            func.lower(User.email) == email.strip().lower(), User.state == AccountState.ACTIVE
        )
    )


def documents(
    session: Session, public_ids: Sequence[str], actor: Actor, now: datetime
) -> Mapping[str, LibraryDocument]:
    """Return the published documents among these that an actor may read, for their citations."""
    if not public_ids:
        return {}
    text = contains_eager(LibraryDocument.published)
    rows = session.scalars(
        select(LibraryDocument)
        .join(LibraryRevision, LibraryRevision.id == LibraryDocument.published_id)
        .where(LibraryDocument.public_id.in_(public_ids), policy.readable_by(actor, now))
        .options(
            text.selectinload(LibraryRevision.files).joinedload(LibraryFile.file),
            text.selectinload(LibraryRevision.countries),
        )
    )
    return {row.public_id: row for row in rows}


def translated(
    session: Session, found: Iterable[LibraryDocument], actor: Actor, now: datetime
) -> Mapping[int, str]:
    """Return the title of what each of these documents translates, by their revisions' ids."""
    rows = session.execute(
        select(LibraryRelation.revision_id, LibraryRevision.title)
        .join(LibraryDocument, LibraryRelation.target_id == LibraryDocument.id)
        .join(LibraryRevision, LibraryRevision.id == LibraryDocument.published_id)
        .where(
            LibraryRelation.kind == Relation.TRANSLATES,
            LibraryRelation.revision_id.in_([row.published_id for row in found]),
            policy.readable_by(actor, now),
        )
    )
    return dict(rows.all())


def leads(session: Session, public_ids: Sequence[str]) -> Mapping[str, Labels]:
    """Return the names of the organisations that lead these commitments."""
    if not public_ids:
        return {}
    rows = session.execute(
        select(Commitment.public_id, Constituent.labels)
        .join(Constituent, Commitment.lead_id == Constituent.id)
        .where(Commitment.public_id.in_(public_ids))
    )
    return dict(rows.all())
