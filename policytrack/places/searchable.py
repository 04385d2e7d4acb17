"""Turn countries and corridors into search documents: their own names, nobody else's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from policytrack.core.documents import PUBLIC, Passage, Result, SearchDocument
from policytrack.core.i18n import label, label_language
from policytrack.core.looking import named, says
from policytrack.core.permissions import Actor
from policytrack.places.models import Corridor, Country

# Where a name goes on in another language, the dash reads as "to" in all of them.
_ARROW = " – "


def _key(kind: str, code: str) -> str:
    return f"{kind}:{code}:names"


def _codes(keys: Sequence[str], kind: str) -> list[str]:
    return [code for found, code, _part in (key.split(":", 2) for key in keys) if found == kind]


class CountrySource:
    """Offer countries and territories to the index."""

    kind = "country"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield all country codes."""
        yield from session.scalars(select(Country.iso2).order_by(Country.iso2))

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        """Return one public document for each country: its names."""
        rows = session.scalars(select(Country).where(Country.iso2.in_(public_ids)))
        return [
            SearchDocument(
                kind=self.kind,
                public_id=row.iso2,
                part="names",
                access=(PUBLIC,),
                passages=tuple(
                    Passage(name, language, "title") for language, name in row.labels.items()
                ),
                codes={"country": (row.iso2,)},
            )
            for row in rows
        ]

    def look(
        self, session: Session, words: Sequence[str], actor: Actor, most: int
    ) -> Sequence[str]:
        """Return the keys of countries with every word in their names."""
        del actor
        wanted = (
            select(Country.iso2).where(says(words, *named(Country.labels))).order_by(Country.iso2)
        )
        return [_key(self.kind, code) for code in session.scalars(wanted.limit(most))]

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        """Return countries by key; everybody may see them."""
        del actor
        rows = session.scalars(
            select(Country)
            .where(Country.iso2.in_(_codes(keys, self.kind)))
            .options(joinedload(Country.region))
        )
        return {
            _key(self.kind, row.iso2): Result(
                key=_key(self.kind, row.iso2),
                kind=self.kind,
                title=label(row.labels, language),
                title_language=label_language(row.labels, language),
                text=label(row.region.labels, language),
                text_language=label_language(row.region.labels, language),
                endpoint="pages.country",
                values={"iso2": row.iso2},
            )
            for row in rows
        }


class CorridorSource:
    """Offer corridors to the index."""

    kind = "corridor"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield all corridor codes."""
        yield from session.scalars(select(Corridor.code).order_by(Corridor.code))

    def _rows(self, session: Session, codes: Sequence[str]) -> Sequence[Corridor]:
        return session.scalars(
            select(Corridor)
            .where(Corridor.code.in_(codes))
            .options(joinedload(Corridor.origin), joinedload(Corridor.destination))
        ).all()

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        """Return one public document for each corridor: the names of both ends."""
        return [
            SearchDocument(
                kind=self.kind,
                public_id=row.code,
                part="names",
                access=(PUBLIC,),
                passages=tuple(
                    Passage(f"{name}{_ARROW}{row.destination.labels[language]}", language, "title")
                    for language, name in row.origin.labels.items()
                    if language in row.destination.labels
                ),
                codes={
                    "corridor": (row.code,),
                    "country": (row.origin_iso2, row.destination_iso2),
                },
            )
            for row in self._rows(session, public_ids)
        ]

    def look(
        self, session: Session, words: Sequence[str], actor: Actor, most: int
    ) -> Sequence[str]:
        """Return the keys of corridors with every word in the names of their ends."""
        del actor
        origin, destination = aliased(Country), aliased(Country)
        wanted = (
            select(Corridor.code)
            .join(origin, Corridor.origin)
            .join(destination, Corridor.destination)
            .where(says(words, *named(origin.labels), *named(destination.labels)))
            .order_by(Corridor.code)
        )
        return [_key(self.kind, code) for code in session.scalars(wanted.limit(most))]

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        """Return corridors by key; everybody may see them."""
        del actor
        return {
            _key(self.kind, row.code): Result(
                key=_key(self.kind, row.code),
                kind=self.kind,
                title=_ARROW.join(
                    (label(row.origin.labels, language), label(row.destination.labels, language))
                ),
                title_language=label_language(row.origin.labels, language),
                text="",
                text_language=language,
                endpoint="pages.corridor",
                values={"code": row.code},
            )
            for row in self._rows(session, _codes(keys, self.kind))
        }


sources = (CountrySource(), CorridorSource())
