"""Say which organisations are concerned with which commitments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased, joinedload

from policytrack.commitments.models import (
    Commitment,
    revision_corridor,
    revision_country,
    revision_supporter,
)
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import TRIPARTITE, group_order
from policytrack.core.permissions import Seat
from policytrack.places.models import Corridor


def touching(iso2: str) -> Select[int]:
    """Return a select of the corridors that begin or end in a country."""
    return select(Corridor.id).where(
        or_(Corridor.origin_iso2 == iso2, Corridor.destination_iso2 == iso2)
    )


def concerned(session: Session, commitment: Commitment) -> Sequence[Constituent]:
    """Return the constituents concerned with a commitment in force, by group, then name.

    They are its lead and supporters; the tripartite constituents of its lead's country, of its
    countries and of both ends of its corridors; and, where it has corridors, the regional ones.
    Invented commitments concern invented organisations only; who is retired is asked no more.
    """
    text = commitment.in_force_id
    corridors = select(revision_corridor.c.corridor_id).where(
        revision_corridor.c.revision_id == text
    )
    places = [
        select(revision_country.c.country_iso2).where(revision_country.c.revision_id == text),
        select(Corridor.origin_iso2).where(Corridor.id.in_(corridors)),
        select(Corridor.destination_iso2).where(Corridor.id.in_(corridors)),
        select(Constituent.country_iso2).where(Constituent.id == commitment.lead_id),
    ]
    supporters = select(revision_supporter.c.constituent_id).where(
        revision_supporter.c.revision_id == text
    )
    body = aliased(Constituent)
    found = session.scalars(
        select(body)
        .where(
            ~body.retired,
            or_(
                body.id == commitment.lead_id,
                body.id.in_(supporters),
                and_(
                    body.group.in_(TRIPARTITE),
                    body.demonstration == commitment.demonstration,
                    or_(
                        *(body.country_iso2.in_(place) for place in places),
                        and_(body.country_iso2.is_(None), corridors.exists()),
                    ),
                ),
            ),
        )
        .options(joinedload(body.country))
    ).all()
    return sorted(
        found, key=lambda each: (group_order(each.group), each.country_iso2 or "", each.id)
    )


def answerable_by(body: Constituent | Seat) -> ColumnElement[bool]:
    """Return the clause on `Commitment` for those in force that an organisation is concerned with.

    The inverse of `concerned`.
    """
    own_id = body.constituent_id if isinstance(body, Seat) else body.id
    country = body.country if isinstance(body, Seat) else body.country_iso2
    text = Commitment.in_force_id
    lead = aliased(Constituent)
    supported = exists().where(
        revision_supporter.c.revision_id == text, revision_supporter.c.constituent_id == own_id
    )
    crossing = exists().where(revision_corridor.c.revision_id == text)
    if body.group not in TRIPARTITE:
        shared: ColumnElement[bool] = false()
    elif country is None:
        shared = crossing
    else:
        shared = or_(
            exists().where(
                revision_country.c.revision_id == text,
                revision_country.c.country_iso2 == country,
            ),
            crossing.where(revision_corridor.c.corridor_id.in_(touching(country))),
            exists().where(lead.id == Commitment.lead_id, lead.country_iso2 == country),
        )
    same_world = select(Constituent.demonstration).where(Constituent.id == own_id).scalar_subquery()
    retired = exists().where(Constituent.id == own_id, Constituent.retired)
    return and_(
        text.is_not(None),
        ~retired,
        or_(
            Commitment.lead_id == own_id,
            supported,
            and_(shared, Commitment.demonstration == same_world),
        ),
    )
