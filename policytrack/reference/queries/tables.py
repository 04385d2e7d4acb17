"""Read the rows of any kind as it declares them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from policytrack.core import errors
from policytrack.core.db import Base
from policytrack.reference import rows
from policytrack.reference.files import PACKAGED
from policytrack.reference.kinds import KINDS, Kind
from policytrack.reference.rules import LANGUAGES


def packaged(name: str) -> list[dict[str, str]]:
    """Return the rows of one packaged data file as they are, `clusters` for instance."""
    text = PACKAGED.joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def labels(row: Mapping[str, str], stem: str = "label") -> dict[str, str]:
    """Return the labels of a packaged row by language."""
    return {code: row[f"{stem}_{code}"] for code in LANGUAGES if row.get(f"{stem}_{code}")}


def kind_of(name: str) -> Kind:
    """Return a kind by its name; raise `NotFound`."""
    if name not in KINDS:
        raise errors.NotFound()
    return KINDS[name]


def present(session: Session, kind: Kind, *, lock: bool = False) -> dict[str, Any]:
    """Return all rows of a kind by their keys, with their lists, in the order of its lists."""
    wanted = select(kind.model).options(*rows.whole(kind)).order_by(*rows.ordered(kind))
    found = session.scalars(wanted.with_for_update() if lock else wanted)
    return {rows.key_of(kind, row): row for row in found}


def find(session: Session, kind: Kind, key: str, *, lock: bool = False) -> Base | None:
    """Return the row of that key, or None."""
    try:
        wanted = select(kind.model).options(*rows.whole(kind)).where(rows.identified(kind, key))
    except ValueError:
        return None
    return session.scalar(wanted.with_for_update() if lock else wanted)


def get(session: Session, kind: Kind, key: str, *, lock: bool = False) -> Base:
    """Return the row of that key; raise `NotFound`."""
    found = find(session, kind, key, lock=lock)
    if found is None:
        raise errors.NotFound()
    return found


def counts(session: Session) -> dict[str, int]:
    """Return how many rows each kind has, in one query."""
    each = [
        select(literal(kind.name), func.count()).select_from(kind.model) for kind in KINDS.values()
    ]
    return {name: int(count) for name, count in session.execute(union_all(*each))}


def codes(session: Session, kind: str) -> frozenset[str]:
    """Return the keys of a kind, for checking what points to it."""
    if kind not in KINDS:
        return frozenset(row["code"] for row in packaged(kind))
    found = KINDS[kind]
    attribute = getattr(found.model, found.by_name[found.key[0]].holder)
    return frozenset(session.scalars(select(attribute)))
