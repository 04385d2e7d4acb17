"""Read sectors, target groups, and what the words for statuses mean."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core.codes import is_code
from policytrack.core.errors import NotFound
from policytrack.frameworks.models import Sector, StatusWord, TargetGroup


def sectors(session: Session) -> Sequence[Sector]:
    """Return the sectors of work in their order, those offered no more left out."""
    return session.scalars(
        select(Sector).where(~Sector.retired).order_by(Sector.position, Sector.code)
    ).all()


def sector(session: Session, code: str) -> Sector:
    """Return a sector; raise `NotFound`."""
    found = session.get(Sector, code) if is_code(code) else None
    if found is None:
        raise NotFound()
    return found


def target_groups(session: Session) -> Sequence[TargetGroup]:
    """Return the target groups in their order, those offered no more left out."""
    return session.scalars(
        select(TargetGroup)
        .where(~TargetGroup.retired)
        .order_by(TargetGroup.position, TargetGroup.code)
    ).all()


def target_group(session: Session, code: str) -> TargetGroup:
    """Return a target group; raise `NotFound`."""
    found = session.get(TargetGroup, code) if is_code(code) else None
    if found is None:
        raise NotFound()
    return found


def status_words(session: Session) -> Sequence[StatusWord]:
    """Return what each status and flag means, in their order."""
    return session.scalars(select(StatusWord).order_by(StatusWord.position, StatusWord.code)).all()
