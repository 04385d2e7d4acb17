"""Read where the change log stands, and the labels of what the index holds as codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from policytrack.accounts.models import AccountState, User
from policytrack.core import changes
from policytrack.core.changes import Change, Epoch
from policytrack.core.db import Labels
from policytrack.frameworks.models import Theme
from policytrack.places.models import Corridor, Country


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold which life of the database this is, and the numbers of its last change and redaction."""

    epoch: str
    newest: int
    redacted: int = 0


# Every search asks this: it is made once.
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


def country_labels(session: Session) -> Mapping[str, Labels]:
    """Return the names of countries and territories by code."""
    return dict(session.execute(select(Country.iso2, Country.labels)).all())


def theme_labels(session: Session) -> Mapping[str, Labels]:
    """Return the labels of themes by code, in their order, without those that are retired."""
    rows = session.execute(
        select(Theme.code, Theme.labels).where(~Theme.retired).order_by(Theme.position, Theme.code)
    )
    return dict(rows.all())


def corridor_labels(session: Session) -> Mapping[str, tuple[Labels, Labels]]:
    """Return the names of both ends of corridors by code."""
    origin, destination = aliased(Country), aliased(Country)
    rows = session.execute(
        select(Corridor.code, origin.labels, destination.labels)
        .join(origin, Corridor.origin_iso2 == origin.iso2)
        .join(destination, Corridor.destination_iso2 == destination.iso2)
    )
    return {code: (first, second) for code, first, second in rows}


def person(session: Session, email: str) -> User | None:
    """Return the active account with a mail address, if there is one."""
    return session.scalar(
        select(User).where(
            func.lower(User.email) == email.strip().lower(), User.state == AccountState.ACTIVE
        )
    )
