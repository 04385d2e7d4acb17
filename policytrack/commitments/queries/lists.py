"""Read the public list, what is open, and what is related: sets, never loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from policytrack.commitments import policy
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    CommitmentTranslation,
    revision_corridor,
    revision_country,
    revision_provision,
    revision_sector,
    revision_supporter,
    revision_target_group,
    revision_theme,
)
from policytrack.commitments.queries.classification import Tag
from policytrack.commitments.queries.concern import touching
from policytrack.commitments.queries.filters import Filters, Sort
from policytrack.commitments.rules import PUBLIC_STATES
from policytrack.constituents.models import Constituent
from policytrack.core import paging
from policytrack.core.permissions import Actor
from policytrack.core.translations import Offer, preferred
from policytrack.frameworks.models import Provision, Theme
from policytrack.places.models import Corridor, Country


@dataclass(frozen=True, slots=True)
class Row:
    """Hold what a list shows of a commitment in force, in the reader's language."""

    id: int
    address: str
    title: str
    title_language: str
    lead: Mapping[str, str]
    lead_country: Tag | None
    gender_marker: int
    due_on: date | None
    demonstration: bool


def listing(
    session: Session,
    filters: Filters,
    *,
    today: date,
    reader: str,
    extra_where: Sequence[ColumnElement[bool]] = (),
    size: int = paging.SIZE,
) -> paging.Page[Row]:
    """Return one page of the commitments in force, in three queries whatever their number.

    `extra_where` may speak of `Commitment`, of `CommitmentRevision` (the text in force) and of
    `Constituent` (the lead); what features above know of progress comes in that way.
    """
    clauses = [*conditions(filters, today), *extra_where]
    total = session.scalar(_public(func.count()).where(*clauses)) or 0
    number, offset = paging.offset(filters.page, total, size)
    chosen = _public(Commitment.id).where(*clauses).order_by(*_ORDERS[filters.sort])
    items = _rows(session, chosen.limit(size).offset(offset), filters.sort, reader) if total else ()
    return paging.Page(items=items, number=number, total=total, size=size)


def beginnings(
    session: Session,
    where: ColumnElement[bool],
    part: ColumnElement[str],
    *,
    reader: str,
    size: int,
) -> Mapping[str, paging.Page[Row]]:
    """Return the first commitments of each part of a list, in three queries.

    `part` names the part that a commitment belongs to; it may speak of what `listing` joins.
    """
    ranked = (
        _public(
            Commitment.id,
            part.label("part"),
            func.row_number().over(partition_by=part, order_by=_ORDERS[Sort.DUE]).label("place"),
            func.count().over(partition_by=part).label("total"),
        )
        .where(where)
        .subquery()
    )
    first = ranked.c.place <= size
    chosen = session.execute(select(ranked.c.id, ranked.c.part, ranked.c.total).where(first)).all()
    rows = {
        row.id: row for row in _rows(session, select(ranked.c.id).where(first), Sort.DUE, reader)
    }
    ids = {name: {row[0] for row in chosen if row[1] == name} for _id, name, _total in chosen}
    return {
        name: paging.Page(
            items=[row for id_, row in rows.items() if id_ in ids[name]],
            number=1,
            total=total,
            size=size,
        )
        for _id, name, total in chosen
    }


def _public(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Commitment)
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.in_force_id)
        .join(Constituent, Constituent.id == Commitment.lead_id)
    )


_ORDERS: Mapping[Sort, tuple[ColumnElement[Any], ...]] = {
    Sort.DUE: (CommitmentRevision.due_on.asc().nulls_last(), Commitment.code.asc()),
    Sort.CODE: (Commitment.code.asc(), Commitment.id.asc()),
    Sort.RECENT: (CommitmentRevision.decided_at.desc().nulls_last(), Commitment.id.desc()),
}


def _linked(table: Any, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    return CommitmentRevision.id.in_(select(table.c.revision_id).where(*where))


def _answering_to(which: ColumnElement[bool]) -> ColumnElement[bool]:
    ids = select(Provision.id).where(which)
    return _linked(revision_provision, revision_provision.c.provision_id.in_(ids))


def conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """Return the clauses that the filters ask for."""
    found: list[ColumnElement[bool]] = []
    if filters.framework:
        found.append(_answering_to(Provision.framework_code == filters.framework))
    if filters.provision:
        framework, _, code = filters.provision.partition(":")
        found.append(
            _answering_to(and_(Provision.framework_code == framework, Provision.code == code))
        )
    if filters.theme:
        codes = select(Theme.code).where(
            or_(Theme.code == filters.theme, Theme.parent_code == filters.theme)
        )
        found.append(_linked(revision_theme, revision_theme.c.theme_code.in_(codes)))
    if filters.sector:
        found.append(_linked(revision_sector, revision_sector.c.sector_code == filters.sector))
    if filters.target:
        found.append(
            _linked(
                revision_target_group,
                revision_target_group.c.target_group_code == filters.target,
            )
        )
    if filters.country:
        found.append(concerns_country(filters.country))
    if filters.corridor:
        found.append(names_corridor(filters.corridor))
    if filters.group:
        found.append(Constituent.group == filters.group)
    if filters.lead:
        found.append(Constituent.public_id == filters.lead)
    if filters.supporter:
        found.append(_supported_by(filters.supporter))
    if filters.gender:
        found.append(CommitmentRevision.gender_marker == int(filters.gender))
    if filters.due_from:
        found.append(CommitmentRevision.due_on >= filters.due_from)
    if filters.due_to:
        found.append(CommitmentRevision.due_on <= filters.due_to)
    if filters.overdue:
        found.append(CommitmentRevision.due_on < today)
    if filters.words:
        found.append(_words(filters.words))
    return found


def concerns_country(iso2: str) -> ColumnElement[bool]:
    """Return the clause of `listing` for a country: named, at a corridor's end, or the lead's."""
    # A union of what the indexes find: with OR all commitments would be read through.
    of, lead = aliased(Commitment), aliased(Constituent)
    return Commitment.id.in_(
        union_all(
            select(of.id).join(lead, lead.id == of.lead_id).where(lead.country_iso2 == iso2),
            select(of.id)
            .join(revision_country, revision_country.c.revision_id == of.in_force_id)
            .where(revision_country.c.country_iso2 == iso2),
            select(of.id)
            .join(revision_corridor, revision_corridor.c.revision_id == of.in_force_id)
            .where(revision_corridor.c.corridor_id.in_(touching(iso2))),
        )
    )


def names_corridor(code: str) -> ColumnElement[bool]:
    """Return the clause of `listing` for the commitments that name a corridor."""
    ids = select(Corridor.id).where(Corridor.code == code)
    return _linked(revision_corridor, revision_corridor.c.corridor_id.in_(ids))


def _supported_by(public_id: str) -> ColumnElement[bool]:
    body = aliased(Constituent)
    ids = select(body.id).where(body.public_id == public_id)
    return _linked(revision_supporter, revision_supporter.c.constituent_id.in_(ids))


def _words(words: str) -> ColumnElement[bool]:
    translated = select(CommitmentTranslation.revision_id).where(
        CommitmentTranslation.title.icontains(words, autoescape=True)
    )
    return or_(
        Commitment.code.icontains(words, autoescape=True),
        CommitmentRevision.title.icontains(words, autoescape=True),
        CommitmentRevision.id.in_(translated),
    )


def _rows(session: Session, chosen: Select[int], sort: Sort, reader: str) -> Sequence[Row]:
    """Return the rows of the commitments that a select of their ids names, in two queries."""
    country = aliased(Country)
    found = session.execute(
        _public(Commitment, CommitmentRevision, Constituent, country.labels)
        .outerjoin(country, country.iso2 == Constituent.country_iso2)
        .where(Commitment.id.in_(chosen.subquery().select()))
        .order_by(*_ORDERS[sort])
    ).all()
    offers = _title_offers(session, [commitment.id for commitment, *_ in found])
    return [
        _row(commitment, text, lead, names, offers.get(commitment.id, ()), reader)
        for commitment, text, lead, names in found
    ]


def _row(
    commitment: Commitment,
    text: CommitmentRevision,
    lead: Constituent,
    country_labels: Mapping[str, str] | None,
    offers: Sequence[Offer[str]],
    reader: str,
) -> Row:
    offer = preferred(text.language, offers, reader)
    return Row(
        id=commitment.id,
        address=commitment.address,
        title=offer.content if offer else text.title,
        title_language=offer.language if offer else text.language,
        lead=lead.labels,
        lead_country=Tag(lead.country_iso2, country_labels)
        if lead.country_iso2 and country_labels
        else None,
        gender_marker=text.gender_marker,
        due_on=text.due_on,
        demonstration=commitment.demonstration,
    )


def _title_offers(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[Offer[str]]]:
    found: dict[int, list[Offer[str]]] = {}
    query = (
        select(
            Commitment.id,
            CommitmentTranslation.language,
            CommitmentTranslation.kind,
            CommitmentTranslation.title,
            CommitmentTranslation.revision_id != Commitment.in_force_id,
        )
        .join(CommitmentRevision, CommitmentRevision.commitment_id == Commitment.id)
        .join(CommitmentTranslation, CommitmentTranslation.revision_id == CommitmentRevision.id)
        .where(Commitment.id.in_(ids), CommitmentRevision.state.in_(PUBLIC_STATES))
        .order_by(CommitmentRevision.number.desc())
    )
    for commitment_id, language, kind, title, outdated in session.execute(query):
        found.setdefault(commitment_id, []).append(Offer(language, kind, title, bool(outdated)))
    return found


@dataclass(frozen=True, slots=True)
class OpenText:
    """Hold an open text that waits for somebody, for those who may see it."""

    address: str
    title: str
    language: str
    state: str


def open_texts(session: Session, actor: Actor, limit: int = 50) -> Sequence[OpenText]:
    """Return the drafts and proposals that the actor may see, newest first."""
    if not actor.signed_in:
        return ()
    query = (
        select(Commitment, CommitmentRevision)
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.open_id)
        .where(policy.visible_revisions(actor))
        .order_by(CommitmentRevision.id.desc())
        .limit(limit)
    )
    return [
        OpenText(
            address=commitment.address,
            title=text.title,
            language=text.language,
            state=text.state,
        )
        for commitment, text in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Related:
    """Hold another commitment in force, in the reader's language."""

    address: str
    title: str
    title_language: str


def related(
    session: Session, commitment: Commitment, *, reader: str, limit: int = 5
) -> Sequence[Related]:
    """Return a few others in force: on the mirror corridor first, then by themes shared."""
    ranked = _ranked(commitment).limit(limit).subquery()
    rows = session.execute(
        select(Commitment, CommitmentRevision, CommitmentTranslation)
        .join(ranked, ranked.c.id == Commitment.id)
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.in_force_id)
        .outerjoin(
            CommitmentTranslation, CommitmentTranslation.revision_id == CommitmentRevision.id
        )
        .order_by(ranked.c.weight.desc(), Commitment.id)
    )
    found: dict[int, tuple[Commitment, CommitmentRevision, list[Offer[str]]]] = {}
    for other, text, translation in rows:
        offers = found.setdefault(other.id, (other, text, []))[2]
        if translation is not None:
            offers.append(Offer(translation.language, translation.kind, translation.title))
    return [_related(*each, reader=reader) for each in found.values()]


def _related(
    other: Commitment, text: CommitmentRevision, offers: Sequence[Offer[str]], *, reader: str
) -> Related:
    chosen = preferred(text.language, offers, reader)
    return Related(
        address=other.address,
        title=chosen.content if chosen else text.title,
        title_language=chosen.language if chosen else text.language,
    )


def _ranked(commitment: Commitment) -> Select[int, Any]:
    own_themes = select(revision_theme.c.theme_code).where(
        revision_theme.c.revision_id == commitment.in_force_id
    )
    here, back = aliased(Corridor), aliased(Corridor)
    mirrors = (
        select(back.id)
        .join(
            here,
            and_(
                here.origin_iso2 == back.destination_iso2,
                here.destination_iso2 == back.origin_iso2,
            ),
        )
        .join(revision_corridor, revision_corridor.c.corridor_id == here.id)
        .where(revision_corridor.c.revision_id == commitment.in_force_id)
    )
    shared = union_all(
        select(revision_theme.c.revision_id, literal(1).label("weight")).where(
            revision_theme.c.theme_code.in_(own_themes)
        ),
        select(revision_corridor.c.revision_id, literal(100)).where(
            revision_corridor.c.corridor_id.in_(mirrors)
        ),
    ).subquery()
    weight = func.sum(shared.c.weight).label("weight")
    return (
        select(Commitment.id, weight)
        .join(shared, shared.c.revision_id == Commitment.in_force_id)
        .where(Commitment.id != commitment.id)
        .group_by(Commitment.id)
        .order_by(weight.desc(), Commitment.id)
    )
