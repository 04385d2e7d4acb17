"""Read where the change log stands, and the labels of what the index holds as codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal, null, select, union_all
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.core import changes
from policytrack.core.changes import Change, Epoch
from policytrack.core.db import Labels
from policytrack.frameworks.models import Sector, Theme
from policytrack.places.models import Corridor, Country


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold which life of the database this is, and the numbers of its last change and redaction."""

    epoch: str
    newest: int
    redacted: int = 0


def standing(session: Session) -> Standing:
    """Return where the change log stands, in one query."""
    epoch = select(Epoch.name).limit(1).scalar_subquery()
    newest = select(func.max(Change.seq)).scalar_subquery()
    redacted = (
        select(func.max(Change.seq)).where(Change.kind == changes.REDACTION).scalar_subquery()
    )
    found = session.execute(
        select(func.coalesce(epoch, ""), func.coalesce(newest, 0), func.coalesce(redacted, 0))
    ).one()
    return Standing(*found)


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
