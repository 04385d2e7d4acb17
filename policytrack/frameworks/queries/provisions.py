"""Read frameworks and their provisions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from policytrack.core.codes import is_code
from policytrack.core.errors import NotFound
from policytrack.frameworks.models import Framework, Provision, provision_theme
from policytrack.frameworks.queries.themes import under


def frameworks(session: Session) -> Sequence[Framework]:
    """Return all frameworks with their provisions, by code."""
    return session.scalars(
        select(Framework).options(selectinload(Framework.provisions)).order_by(Framework.code)
    ).all()


def framework(session: Session, code: str) -> Framework:
    """Return a framework with its provisions and their themes; raise `NotFound`."""
    found = None
    if is_code(code):
        found = session.scalar(
            select(Framework)
            .where(Framework.code == code)
            .options(selectinload(Framework.provisions).selectinload(Provision.themes))
        )
    if found is None:
        raise NotFound()
    return found


def provision(session: Session, framework_code: str, code: str) -> Provision:
    """Return a provision with its framework and themes; raise `NotFound`."""
    found = None
    if is_code(framework_code) and is_code(code):
        found = session.scalar(
            select(Provision)
            .where(Provision.framework_code == framework_code, Provision.code == code)
            .options(joinedload(Provision.framework), selectinload(Provision.themes))
        )
    if found is None:
        raise NotFound()
    return found


def mapped(session: Session, of: Provision) -> Sequence[Provision]:
    """Return the provisions of other frameworks that share a theme with one, by framework."""
    own = select(provision_theme.c.theme_code).where(provision_theme.c.provision_id == of.id)
    sharing = select(provision_theme.c.provision_id).where(provision_theme.c.theme_code.in_(own))
    return session.scalars(
        select(Provision)
        .where(
            Provision.id.in_(sharing),
            Provision.framework_code != of.framework_code,
            ~Provision.retired,
        )
        .options(joinedload(Provision.framework), selectinload(Provision.themes))
        .order_by(Provision.framework_code, Provision.position, Provision.code)
    ).all()


def provisions_under(session: Session, theme_code: str) -> Sequence[Provision]:
    """Return the provisions that map to a theme or to its sub-themes, by framework."""
    linked = select(provision_theme.c.provision_id).where(
        provision_theme.c.theme_code.in_(under(theme_code))
    )
    return session.scalars(
        select(Provision)
        .where(Provision.id.in_(linked), ~Provision.retired)
        .options(joinedload(Provision.framework))
        .order_by(Provision.framework_code, Provision.position, Provision.code)
    ).all()
