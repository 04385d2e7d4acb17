"""Find out what uses a row, from the foreign keys of the database itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from policytrack.commitments.models import Commitment
from policytrack.constituents.models import Membership
from policytrack.core.db import Base
from policytrack.progress.models import LatestWord, Note
from policytrack.reference.kinds import KINDS, Kind

# What belongs to one row of a kind stands for that row.
_OWNERS: Mapping[str, str] = {
    **{kind.model.__tablename__: kind.name for kind in KINDS.values()},
    **{part: kind.name for kind in KINDS.values() for part in kind.parts if part != "designation"},
}
_REVISION = "commitment_revision_"


@dataclass(frozen=True, slots=True)
class Uses:
    """Hold how many of what use a row: kinds, `commitment`, `note`, `seat`.

    Counts are of what everybody may see; `hidden` tells that there is something else, without
    saying what.
    """

    counts: Mapping[str, int]
    hidden: bool = False

    def __bool__(self) -> bool:
        return bool(self.counts) or self.hidden


def uses(session: Session, kind: Kind, row: Base) -> Uses:
    """Return what uses a row, in one query."""
    each = [
        select(literal(what), literal(shown), func.count()).select_from(table).where(where)
        for what, shown, table, where in _places(kind, row)
    ]
    if not each:
        return Uses({})
    counts: dict[str, int] = {}
    there: dict[str, bool] = {}
    for what, shown, count in session.execute(union_all(*each)):
        if shown:
            counts[what] = counts.get(what, 0) + count
        elif count:
            there[what] = True
    hidden = any(not counts.get(what) for what in there)
    return Uses({what: count for what, count in counts.items() if count}, hidden)


def _places(kind: Kind, row: Base) -> Iterator[tuple[str, bool, Any, ColumnElement[bool]]]:
    """Yield (what, whether it is shown, table, condition) of everything that can point here."""
    for table in Base.metadata.sorted_tables:
        points = _points(table, kind, row)
        if not points or table.name in kind.parts:
            continue
        condition = or_(*points)
        if table.name in _OWNERS:
            yield _OWNERS[table.name], True, table, condition
        elif table.name.startswith(_REVISION):
            in_force = Commitment.in_force_id == table.c.revision_id
            yield "commitment", False, table, condition
            yield "commitment", True, Commitment, select(table).where(condition, in_force).exists()
        elif table is Commitment.__table__:
            yield "commitment", False, table, condition
            yield "commitment", True, Commitment, condition & Commitment.in_force_id.is_not(None)
        elif table is Note.__table__:
            yield "note", False, table, condition
            yield "note", True, Note, condition & Note.published_id.is_not(None)
        elif table is Membership.__table__:
            yield "seat", True, table, condition
        elif table is not LatestWord.__table__:  # it follows from a note
            yield table.name, False, table, condition


def _points(table: Table, kind: Kind, row: Base) -> list[ColumnElement[bool]]:
    own = kind.model.__table__
    return [
        key.parent == getattr(row, key.column.name)
        for key in table.foreign_keys
        if key.column.table is own
    ]
