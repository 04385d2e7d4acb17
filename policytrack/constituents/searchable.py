"""Offer organisations to the index by their names and acronyms, nobody's people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from policytrack.constituents.models import Constituent
from policytrack.core.looking import named, says
from policytrack.core.names import NamesSource, Thing


class ConstituentSource(NamesSource):
    """Offer organisations to the index."""

    kind = "constituent"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the ids of all organisations."""
        yield from session.scalars(select(Constituent.public_id).order_by(Constituent.id))

    def saying(self, words: Sequence[str]) -> Select[str]:
        """Return the statement for organisations with every word in name or acronym."""
        return (
            select(Constituent.public_id)
            .where(says(words, *named(Constituent.labels), Constituent.acronym))
            .order_by(Constituent.id)
        )

    def things(self, session: Session, public_ids: Sequence[str]) -> Sequence[Thing]:
        """Return organisations with their countries."""
        rows = session.scalars(
            select(Constituent)
            .where(Constituent.public_id.in_(public_ids))
            .options(joinedload(Constituent.country))
        )
        return [
            Thing(
                public_id=row.public_id,
                labels=row.labels,
                others=(row.acronym,),
                endpoint="pages.constituent",
                values={"public_id": row.public_id},
                beneath=row.country.labels if row.country else {},
                codes={
                    "group": (row.group,),
                    "country": (row.country_iso2,) if row.country_iso2 else (),
                },
            )
            for row in rows
        ]


source = ConstituentSource()
