"""Read the columns in which laws are compared, and the laws that stand in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from policytrack.core.permissions import Actor
from policytrack.frameworks.models import Theme
from policytrack.library import policy, rules
from policytrack.library.models import (
    LawColumn,
    LibraryDocument,
    LibraryFile,
    LibraryRevision,
    LibraryTerm,
    library_corridor,
    library_country,
    library_theme,
)
from policytrack.places.models import Corridor


def law_columns(session: Session, theme: str = "") -> Sequence[LawColumn]:
    """Return the columns of a theme, or all, with their answers and themes: two queries.

    They stand in the order of the themes, then in their own.
    """
    query = (
        select(LawColumn)
        .join(LawColumn.theme)
        .options(selectinload(LawColumn.choices), contains_eager(LawColumn.theme))
        .order_by(Theme.position, LawColumn.position, LawColumn.code)
    )
    return session.scalars(query.where(Theme.code == theme) if theme else query).all()


def compared_themes(session: Session) -> Sequence[tuple[Theme, bool]]:
    """Return all themes, each with whether laws are compared in it, in their order."""
    offered = exists().where(LawColumn.theme_code == Theme.code, ~LawColumn.retired)
    return [
        (theme, bool(has))
        for theme, has in session.execute(select(Theme, offered).order_by(Theme.position))
    ]


def is_compared(session: Session, theme: str) -> bool:
    """Tell whether laws are compared under a theme."""
    offered = select(LawColumn.code).where(LawColumn.theme_code == theme, ~LawColumn.retired)
    return session.scalar(select(offered.exists())) or False


def laws(
    session: Session, actor: Actor, theme: str, places: Collection[str], now: datetime
) -> Sequence[LibraryDocument]:
    """Return the legal texts on a theme that concern any of these countries.

    Those that say something in its columns, and those that stand under the theme. Only what the
    actor may read, the newest first, in a fixed number of queries.
    """
    text = LibraryRevision
    about = select(library_theme.c.revision_id).where(library_theme.c.theme_code == theme)
    columns = select(LawColumn.code).where(LawColumn.theme_code == theme)
    says = select(LibraryTerm.revision_id).where(LibraryTerm.column_code.in_(columns))
    loaded = contains_eager(LibraryDocument.published)
    return session.scalars(
        select(LibraryDocument)
        .join(text, text.id == LibraryDocument.published_id)
        .where(
            policy.readable_by(actor, now),
            text.type.in_(rules.LEGAL),
            or_(text.id.in_(about), text.id.in_(says)),
            _concern(places),
        )
        .options(
            joinedload(LibraryDocument.constituent),
            loaded.selectinload(text.countries),
            loaded.selectinload(text.corridors),
            loaded.selectinload(text.files).joinedload(LibraryFile.file),
            loaded.selectinload(text.terms),
        )
        .order_by(text.issued_on.desc().nulls_last(), text.title, LibraryDocument.id)
    ).all()


def _concern(places: Collection[str]) -> ColumnElement[bool]:
    named = select(library_country.c.revision_id).where(library_country.c.country_iso2.in_(places))
    touched = (
        select(library_corridor.c.revision_id)
        .join(Corridor, Corridor.id == library_corridor.c.corridor_id)
        .where(or_(Corridor.origin_iso2.in_(places), Corridor.destination_iso2.in_(places)))
    )
    # A law that names a country concerns that one; what names none concerns both ends of corridors.
    none = ~LibraryRevision.id.in_(select(library_country.c.revision_id))
    return or_(LibraryRevision.id.in_(named), and_(none, LibraryRevision.id.in_(touched)))


def corridors(session: Session) -> Sequence[Corridor]:
    """Return all corridors with both ends."""
    return session.scalars(
        select(Corridor)
        .options(joinedload(Corridor.origin), joinedload(Corridor.destination))
        .order_by(Corridor.code)
    ).all()
