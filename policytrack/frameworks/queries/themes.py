"""Read themes: key areas and their sub-themes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from policytrack.core.codes import is_code
from policytrack.core.errors import NotFound
from policytrack.frameworks.models import Theme


def themes(session: Session) -> Sequence[Theme]:
    """Return all themes in their order, those that are offered no more left out."""
    return session.scalars(
        select(Theme).where(~Theme.retired).order_by(Theme.position, Theme.code)
    ).all()


def theme(session: Session, code: str) -> Theme:
    """Return a theme with its key area; raise `NotFound`."""
    found = None
    if is_code(code):
        found = session.scalar(
            select(Theme).where(Theme.code == code).options(joinedload(Theme.parent))
        )
    if found is None:
        raise NotFound()
    return found


def sub_themes(session: Session, area: str) -> Sequence[Theme]:
    """Return the sub-themes of a key area in their order, those offered no more left out."""
    return session.scalars(
        select(Theme)
        .where(Theme.parent_code == area, ~Theme.retired)
        .order_by(Theme.position, Theme.code)
    ).all()


def under(code: str) -> Select[str]:
    """Return a select of the codes that a theme stands for: its own and its sub-themes'."""
    return select(Theme.code).where(or_(Theme.code == code, Theme.parent_code == code))
