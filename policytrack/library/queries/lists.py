"""Read lists of what an actor may read, and what they can be narrowed by: sets, never loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from policytrack.constituents.models import Constituent
from policytrack.core import paging
from policytrack.core.permissions import Actor
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.library import policy
from policytrack.library.models import (
    FileText,
    LibraryDocument,
    LibraryFile,
    LibraryRelation,
    LibraryRevision,
    library_corridor,
    library_country,
    library_sector,
    library_target_group,
    library_theme,
)
from policytrack.library.queries.filters import Filters, conditions
from policytrack.library.rules import Relation
from policytrack.places.models import Corridor, Country

# The newest first; what has no date comes last.
_ORDER: tuple[ColumnElement[Any], ...] = (
    LibraryRevision.issued_on.desc().nulls_last(),
    LibraryRevision.title.asc(),
    LibraryDocument.id.asc(),
)


def listing(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    *,
    size: int = paging.SIZE,
    with_text: bool = False,
) -> paging.Page[LibraryDocument]:
    """Return one page of the published documents that an actor may read.

    `with_text` leaves those out from whose files no text was read. Three queries, whatever their
    number.
    """
    clauses = [policy.readable_by(actor, now), *conditions(filters)]
    if with_text:
        files = select(LibraryFile.revision_id).join(
            FileText, FileText.file_id == LibraryFile.file_id
        )
        clauses.append(LibraryRevision.id.in_(files.where(FileText.characters > 0)))
    total = session.scalar(_published(select(func.count())).where(*clauses)) or 0
    number, offset = paging.offset(filters.page, total, size)
    if not total:
        return paging.Page(items=(), number=number, total=0, size=size)
    items = session.scalars(
        _published(select(LibraryDocument))
        .where(*clauses)
        .options(
            contains_eager(LibraryDocument.published).selectinload(LibraryRevision.countries),
            joinedload(LibraryDocument.constituent).joinedload(Constituent.country),
        )
        .order_by(*_ORDER)
        .limit(size)
        .offset(offset)
    ).all()
    return paging.Page(items=items, number=number, total=total, size=size)


def count(session: Session, actor: Actor, now: datetime) -> int:
    """Return how many published documents an actor may read."""
    query = _published(select(func.count())).where(policy.readable_by(actor, now))
    return session.scalar(query) or 0


def _published(query: Any) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = query
    return found.select_from(LibraryDocument).join(
        LibraryRevision, LibraryRevision.id == LibraryDocument.published_id
    )


def everything(
    session: Session, actor: Actor, filters: Filters, now: datetime
) -> Sequence[LibraryDocument]:
    """Return all published documents that an actor may read and filters leave, whole."""
    text = contains_eager(LibraryDocument.published)
    return session.scalars(
        _published(select(LibraryDocument))
        .where(policy.readable_by(actor, now), *conditions(filters))
        .options(
            joinedload(LibraryDocument.constituent).joinedload(Constituent.country),
            text.selectinload(LibraryRevision.files).joinedload(LibraryFile.file),
            text.selectinload(LibraryRevision.terms),
            text.selectinload(LibraryRevision.themes),
            text.selectinload(LibraryRevision.sectors),
            text.selectinload(LibraryRevision.target_groups),
            text.selectinload(LibraryRevision.countries),
            text.selectinload(LibraryRevision.corridors),
        )
        .order_by(*_ORDER)
    ).all()


@dataclass(frozen=True, slots=True)
class Option:
    """Hold a value in use.

    `end_labels` are those of a corridor's destination, or of an organisation's country. What has no
    labels is a word of the rules, or the tag of a language.
    """

    value: str
    labels: Mapping[str, str] | None
    end_labels: Mapping[str, str] | None
    parent: str
    position: int


def options(
    session: Session, actor: Actor, now: datetime, *, kind: str = ""
) -> Mapping[str, Sequence[Option]]:
    """Return, by filter, the values that occur in what the actor may read, in one query.

    Of documents of one `kind`, where one is given.
    """
    text = LibraryRevision
    of_kind = text.type == kind if kind else true()
    visible = (
        select(LibraryDocument.published_id.label("id"), LibraryDocument.constituent_id)
        .join(text, text.id == LibraryDocument.published_id)
        .where(policy.readable_by(actor, now), of_kind)
        .cte("visible")
    )

    def said(name: str, column: Any) -> Select[Any]:
        return (
            select(literal(name), column, *_nothing())
            .join(visible, visible.c.id == text.id)
            .where(column != "")
            .group_by(column)
        )

    def tied(link: Any, on: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(on, link.c.revision_id == visible.c.id)

    sub = aliased(Theme)
    themes = or_(
        tied(library_theme, library_theme.c.theme_code == Theme.code),
        exists().where(
            sub.parent_code == Theme.code,
            tied(library_theme, library_theme.c.theme_code == sub.code),
        ),
    )
    touched = tied(library_corridor, library_corridor.c.corridor_id == Corridor.id)
    countries = or_(
        tied(library_country, library_country.c.country_iso2 == Country.iso2),
        exists().where(Corridor.origin_iso2 == Country.iso2, touched),
        exists().where(Corridor.destination_iso2 == Country.iso2, touched),
    )
    sectors = tied(library_sector, library_sector.c.sector_code == Sector.code)
    targets = tied(
        library_target_group, library_target_group.c.target_group_code == TargetGroup.code
    )
    origin, destination, home = aliased(Country), aliased(Country), aliased(Country)
    query: CompoundSelect[Any] = union_all(
        said("type", text.type),
        said("language", text.language),
        said("status", text.legal_status),
        select(literal("group"), cast(Constituent.group, String), *_nothing())
        .join(visible, visible.c.constituent_id == Constituent.id)
        .group_by(Constituent.group),
        _labelled("theme", Theme.code, Theme, func.coalesce(Theme.parent_code, "")).where(themes),
        _labelled("sector", Sector.code, Sector).where(sectors),
        _labelled("target_group", TargetGroup.code, TargetGroup).where(targets),
        select(
            literal("organisation"),
            cast(Constituent.public_id, String),
            Constituent.labels,
            home.labels,
            literal(""),
            literal(0),
        )
        .outerjoin(home, home.iso2 == Constituent.country_iso2)
        .where(exists().where(visible.c.constituent_id == Constituent.id)),
        _labelled("country", Country.iso2, Country, position=literal(0)).where(countries),
        select(
            literal("corridor"),
            cast(Corridor.code, String),
            origin.labels,
            destination.labels,
            literal(""),
            literal(0),
        )
        .join(origin, origin.iso2 == Corridor.origin_iso2)
        .join(destination, destination.iso2 == Corridor.destination_iso2)
        .where(touched),
    )
    found: dict[str, list[Option]] = {}
    for name, *values in session.execute(query):
        found.setdefault(name, []).append(Option(*values))
    return {
        name: sorted(each, key=lambda option: (option.parent, option.position, option.value))
        for name, each in found.items()
    }


def _nothing() -> tuple[Any, ...]:
    return cast(null(), JSON), cast(null(), JSON), literal(""), literal(0)


def _labelled(
    name: str, value: Any, thing: Any, parent: Any = None, *, position: Any = None
) -> Select[Any]:
    return select(
        literal(name),
        cast(value, String),
        thing.labels.label("labels"),
        cast(null(), JSON).label("end_labels"),
        cast(literal("") if parent is None else parent, String),
        thing.position if position is None else position,
    )


@dataclass(frozen=True, slots=True)
class Related:
    """Hold another document that stands to one; `back` where it is the other that says so."""

    kind: str
    back: bool
    document: LibraryDocument
    text: LibraryRevision


def related(
    session: Session, actor: Actor, revision: LibraryRevision, now: datetime
) -> Sequence[Related]:
    """Return the documents that stand to this one, both ways, of those that the actor may read.

    Two queries; what is not published yet says nothing of others.
    """
    readable = policy.readable_by(actor, now)
    ahead = session.execute(
        _published(select(LibraryRelation.kind, LibraryDocument, LibraryRevision))
        .join(LibraryRelation, LibraryRelation.target_id == LibraryDocument.id)
        .where(LibraryRelation.revision_id == revision.id, readable)
        .order_by(LibraryRelation.id)
    )
    found = [Related(kind, False, document, text) for kind, document, text in ahead]
    back = session.execute(
        _published(select(LibraryRelation.kind, LibraryDocument, LibraryRevision))
        .join(LibraryRelation, LibraryRelation.revision_id == LibraryRevision.id)
        .where(LibraryRelation.target_id == revision.document_id, readable)
        .order_by(*_ORDER)
    )
    return [*found, *(Related(kind, True, document, text) for kind, document, text in back)]


def originals(
    session: Session, actor: Actor, revision: LibraryRevision | None, now: datetime
) -> Mapping[int, str]:
    """Return the title of what a revision translates, where the actor may read it, by its id.

    Without a revision, of all.
    """
    query = (
        _published(select(LibraryRelation.revision_id, LibraryRevision.title))
        .join(LibraryRelation, LibraryRelation.target_id == LibraryDocument.id)
        .where(LibraryRelation.kind == Relation.TRANSLATES, policy.readable_by(actor, now))
    )
    if revision is not None:
        query = query.where(LibraryRelation.revision_id == revision.id)
    return {row[0]: row[1] for row in session.execute(query)}
