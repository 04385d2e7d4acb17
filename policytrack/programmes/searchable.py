"""Offer programmes to the index by their names, and by what they achieved and taught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from policytrack.core.confidence import WEAK
from policytrack.core.looking import named, says
from policytrack.core.names import NamesSource, Thing
from policytrack.programmes.models import Programme, ProgrammeItem


class ProgrammeSource(NamesSource):
    """Offer programmes to the index."""

    kind = "programme"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the codes of all programmes."""
        yield from session.scalars(select(Programme.code).order_by(Programme.code))

    def saying(self, words: Sequence[str]) -> Select[str]:
        """Return the statement for programmes with every word in name or summary."""
        return (
            select(Programme.code)
            .where(
                Programme.confidence.not_in(WEAK),
                says(words, *named(Programme.labels), *named(Programme.summary)),
            )
            .order_by(Programme.ends_on.desc().nulls_last(), Programme.position)
        )

    def things(self, session: Session, public_ids: Sequence[str]) -> Sequence[Thing]:
        """Return programmes with where and on what they work."""
        rows = session.scalars(
            select(Programme)
            .where(Programme.code.in_(public_ids), Programme.confidence.not_in(WEAK))
            .options(
                selectinload(Programme.countries),
                selectinload(Programme.themes),
                selectinload(Programme.sectors),
                selectinload(Programme.items),
            )
        )
        return [
            Thing(
                public_id=row.code,
                labels=row.labels,
                endpoint="pages.programme",
                values={"code": row.code},
                beneath=row.summary,
                texts=(row.summary, *(each.labels for each in row.items if _is_shown(each))),
                codes={
                    "country": tuple(link.country_iso2 for link in row.countries),
                    "theme": tuple(theme.code for theme in row.themes),
                    "sector": tuple(sector.code for sector in row.sectors),
                },
                on=row.ends_on,
            )
            for row in rows
        ]


def _is_shown(item: ProgrammeItem) -> bool:
    return not item.retired and item.confidence not in WEAK


source = ProgrammeSource()
