"""Note in the change log what the search index must read again after a row changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.commitments.models import Commitment, revision_theme
from policytrack.constituents.models import Constituent
from policytrack.core import changes
from policytrack.places.models import Corridor
from policytrack.progress.models import Note
from policytrack.reference.kinds import Kind


def note(session: Session, kind: Kind, row: Any, key: str, columns: Collection[str]) -> None:
    """Note that a row changed, and whatever is found by what changed in it.

    `columns` are those that changed; none for a row that came in. The index knows things by their
    public id where they have one, else by their code.
    """
    if kind.subject:
        changes.append(session, kind.subject, getattr(row, "public_id", key))
    holders = {kind.by_name[name].holder for name in columns}
    for attributes, follow in _FOLLOWERS.get(kind.name, {}).items():
        if holders & attributes:
            follow(session, row)


def _corridors(session: Session, row: Any) -> None:
    """Note the corridors that carry a country's name."""
    ends = Corridor.origin_iso2 == row.iso2, Corridor.destination_iso2 == row.iso2
    for code in session.scalars(select(Corridor.code).where(ends[0] | ends[1])):
        changes.append(session, "corridor", code)


def _of_theme(session: Session, row: Any) -> None:
    """Note what is found under the key area of a theme."""
    in_force = select(revision_theme.c.revision_id).where(revision_theme.c.theme_code == row.code)
    _append(session, Commitment.in_force_id.in_(in_force) | Commitment.open_id.in_(in_force))
    for public_id in session.scalars(select(Note.public_id).where(Note.theme_code == row.code)):
        changes.append(session, "note", public_id)


def _of_organisation(session: Session, row: Constituent) -> None:
    """Note what is found under the group and the country of an organisation."""
    _append(session, Commitment.lead_id == row.id)
    said = select(Note.public_id).where(Note.constituent_id == row.id)
    for public_id in session.scalars(said):
        changes.append(session, "note", public_id)


def _append(session: Session, which: Any) -> None:
    """Note commitments and the notes on them."""
    for public_id in session.scalars(select(Commitment.public_id).where(which)):
        changes.append(session, "commitment", public_id)
    on_them = select(Note.public_id).join(Note.commitment).where(which)
    for public_id in session.scalars(on_them):
        changes.append(session, "note", public_id)


# Kind -> {attributes: what must be noted as well when one of them changed}.
_FOLLOWERS: Mapping[str, Mapping[frozenset[str], Callable[[Session, Any], None]]] = {
    "countries": {frozenset({"labels"}): _corridors},
    "themes": {frozenset({"parent_code"}): _of_theme},
    "constituents": {frozenset({"group", "country_iso2"}): _of_organisation},
}
