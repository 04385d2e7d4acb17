"""Read dialogues: the timeline, what it can be narrowed by, and one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from policytrack.constituents.models import Constituent
from policytrack.core import ids, paging
from policytrack.core.confidence import WEAK
from policytrack.core.errors import NotFound
from policytrack.core.permissions import Actor
from policytrack.dialogues.models import (
    Dialogue,
    DialogueDocument,
    dialogue_corridor,
    dialogue_country,
)
from policytrack.library import policy as library_policy
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.places.models import Corridor, Country

# What is known badly is left out everywhere.
_SURE = Dialogue.confidence.not_in(WEAK)
_ABOUT = (
    selectinload(Dialogue.themes),
    selectinload(Dialogue.countries),
    selectinload(Dialogue.corridors).options(
        joinedload(Corridor.origin), joinedload(Corridor.destination)
    ),
)


def timeline(
    session: Session,
    *,
    series: str = "",
    country: str = "",
    page: int = 1,
    size: int = paging.SIZE,
) -> paging.Page[Dialogue]:
    """Return one page of the dialogues, the latest first, of a series or a country alone."""
    where = [
        _SURE,
        *([Dialogue.series == series] if series else []),
        *([_in_country(country)] if country else []),
    ]
    total = session.scalar(select(func.count()).select_from(Dialogue).where(*where)) or 0
    number, offset = paging.offset(page, total, size)
    items = session.scalars(
        select(Dialogue)
        .where(*where)
        .options(joinedload(Dialogue.host))
        .order_by(Dialogue.starts.desc(), Dialogue.id.desc())
        .limit(size)
        .offset(offset)
    ).all()
    return paging.Page(items=items, number=number, total=total, size=size)


def _in_country(iso2: str) -> ColumnElement[bool]:
    """Return the clause for dialogues held in a country, naming it, or about a corridor of it."""
    named = select(dialogue_country.c.dialogue_id).where(dialogue_country.c.country_iso2 == iso2)
    crossing = (
        select(dialogue_corridor.c.dialogue_id)
        .join(Corridor, Corridor.code == dialogue_corridor.c.corridor_code)
        .where(or_(Corridor.origin_iso2 == iso2, Corridor.destination_iso2 == iso2))
    )
    return or_(Dialogue.host_iso2 == iso2, Dialogue.id.in_(named), Dialogue.id.in_(crossing))


def series(session: Session) -> Sequence[str]:
    """Return the series in use."""
    return session.scalars(
        select(Dialogue.series)
        .where(Dialogue.series != "", _SURE)
        .distinct()
        .order_by(Dialogue.series)
    ).all()


def countries(session: Session) -> Sequence[Country]:
    """Return the countries and territories that host a dialogue or are named by one."""
    named = select(dialogue_country.c.country_iso2)
    hosts = select(Dialogue.host_iso2).where(Dialogue.host_iso2.is_not(None))
    return session.scalars(
        select(Country).where(or_(Country.iso2.in_(named), Country.iso2.in_(hosts)))
    ).all()


def dialogue(session: Session, public_id: str) -> Dialogue:
    """Return a dialogue with its themes, countries and corridors; raise `NotFound`."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(Dialogue)
            .where(Dialogue.public_id == public_id, _SURE)
            .options(joinedload(Dialogue.host), *_ABOUT)
        )
    if found is None:
        raise NotFound()
    return found


def of_series(session: Session, other_than: Dialogue) -> Sequence[Dialogue]:
    """Return the other dialogues of one's series, the latest first."""
    if not other_than.series:
        return ()
    return session.scalars(
        select(Dialogue)
        .where(Dialogue.series == other_than.series, Dialogue.id != other_than.id, _SURE)
        .order_by(Dialogue.starts.desc(), Dialogue.id.desc())
    ).all()


def read_about(session: Session, found: Collection[Dialogue]) -> None:
    """Read what dialogues are about, for all of them at once."""
    wanted = select(Dialogue).where(Dialogue.id.in_([each.id for each in found]))
    session.scalars(wanted.options(*_ABOUT)).all()


def documents(
    session: Session, actor: Actor, dialogue_ids: Collection[int], now: datetime
) -> Mapping[int, Sequence[LibraryDocument]]:
    """Return, by dialogue, the documents that it names and the actor may read, in their order.

    Two queries, whatever their number; none where no dialogue is asked for.
    """
    if not dialogue_ids:
        return {}
    rows = session.execute(
        select(DialogueDocument.dialogue_id, LibraryDocument)
        .join(LibraryDocument, LibraryDocument.id == DialogueDocument.document_id)
        .join(LibraryRevision, LibraryRevision.id == LibraryDocument.published_id)
        .where(
            DialogueDocument.dialogue_id.in_(dialogue_ids), library_policy.readable_by(actor, now)
        )
        .options(
            contains_eager(LibraryDocument.published).selectinload(LibraryRevision.countries),
            joinedload(LibraryDocument.constituent).joinedload(Constituent.country),
        )
        .order_by(DialogueDocument.position, DialogueDocument.document_id)
    )
    found: dict[int, list[LibraryDocument]] = {}
    for dialogue_id, document in rows:
        found.setdefault(dialogue_id, []).append(document)
    return found


def document_at(session: Session, actor: Actor, public_id: str, now: datetime) -> int | None:
    """Return the id of the published document of that public id, if the actor may read it."""
    return session.scalar(
        select(LibraryDocument.id).where(
            LibraryDocument.public_id == public_id, library_policy.readable_by(actor, now)
        )
    )


def citing(session: Session, document_id: int) -> Sequence[Dialogue]:
    """Return the dialogues that name a document, the latest first.

    Dialogues are public; whether the document may be read is for the caller to ask.
    """
    naming = select(DialogueDocument.dialogue_id).where(DialogueDocument.document_id == document_id)
    return session.scalars(
        select(Dialogue)
        .where(Dialogue.id.in_(naming), _SURE)
        .order_by(Dialogue.starts.desc(), Dialogue.id.desc())
    ).all()


def lock(session: Session, found: Dialogue) -> None:
    """Hold a dialogue's row until the commit, and read afresh what belongs to it."""
    session.execute(select(Dialogue.id).where(Dialogue.id == found.id).with_for_update())
    session.expire_all()
