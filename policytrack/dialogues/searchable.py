"""Offer dialogues to the index by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from policytrack.core.confidence import WEAK
from policytrack.core.looking import named, says
from policytrack.core.names import NamesSource, Thing
from policytrack.dialogues.models import Dialogue


class DialogueSource(NamesSource):
    """Offer dialogues to the index."""

    kind = "dialogue"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the ids of all dialogues."""
        yield from session.scalars(select(Dialogue.public_id).order_by(Dialogue.id))

    def saying(self, words: Sequence[str]) -> Select[str]:
        """Return the statement for dialogues with every word in name or summary."""
        return (
            select(Dialogue.public_id)
            .where(
                Dialogue.confidence.not_in(WEAK),
                says(words, *named(Dialogue.labels), *named(Dialogue.summary)),
            )
            .order_by(Dialogue.starts_on.desc().nulls_last(), Dialogue.id.desc())
        )

    def things(self, session: Session, public_ids: Sequence[str]) -> Sequence[Thing]:
        """Return dialogues with what and whom they are about."""
        rows = session.scalars(
            select(Dialogue)
            .where(Dialogue.public_id.in_(public_ids), Dialogue.confidence.not_in(WEAK))
            .options(
                selectinload(Dialogue.countries),
                selectinload(Dialogue.corridors),
                selectinload(Dialogue.themes),
            )
        )
        return [
            Thing(
                public_id=row.public_id,
                labels=row.labels,
                endpoint="pages.dialogue",
                values={"public_id": row.public_id},
                beneath=row.summary,
                codes={
                    "country": _countries(row),
                    "corridor": tuple(corridor.code for corridor in row.corridors),
                    "theme": tuple(theme.code for theme in row.themes),
                },
                on=row.starts_on,
            )
            for row in rows
        ]


def _countries(dialogue: Dialogue) -> tuple[str, ...]:
    """Return where a dialogue was held and whom it names, with both ends of its corridors."""
    codes = {country.iso2 for country in dialogue.countries}
    codes |= {dialogue.host_iso2} if dialogue.host_iso2 else set()
    for corridor in dialogue.corridors:
        codes |= {corridor.origin_iso2, corridor.destination_iso2}
    return tuple(sorted(codes))


source = DialogueSource()
