"""Read what is known of rows: what the files said last, and what was edited since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from policytrack.core.db import Base
from policytrack.reference import rows
from policytrack.reference.kinds import KINDS, Kind
from policytrack.reference.models import LoadedRow, ReferenceEdit
from policytrack.reference.queries.tables import present


def loaded(session: Session, kind: Kind | None = None) -> dict[tuple[str, str], LoadedRow]:
    """Return what the files said at the last load, by kind and key."""
    wanted = select(LoadedRow)
    if kind is not None:
        wanted = wanted.where(LoadedRow.kind == kind.name)
    return {(row.kind, row.key): row for row in session.scalars(wanted)}


def edited(session: Session, kind: Kind | None = None) -> frozenset[tuple[str, str]]:
    """Return (kind, key) of the rows that were edited on the site."""
    wanted = select(ReferenceEdit.kind, ReferenceEdit.key).distinct()
    if kind is not None:
        wanted = wanted.where(ReferenceEdit.kind == kind.name)
    found = session.execute(wanted)
    return frozenset((kind, key) for kind, key in found)


def history(session: Session, kind: Kind, key: str) -> Sequence[ReferenceEdit]:
    """Return what was edited of a row, newest first, with who did it."""
    return session.scalars(
        select(ReferenceEdit)
        .options(joinedload(ReferenceEdit.actor))
        .where(ReferenceEdit.kind == kind.name, ReferenceEdit.key == key)
        .order_by(ReferenceEdit.id.desc())
    ).all()


def edit(session: Session, kind: Kind, number: str) -> ReferenceEdit | None:
    """Return one entry of the history of a kind, None for what is no such number."""
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return session.scalar(
        select(ReferenceEdit).where(
            ReferenceEdit.id == int(number), ReferenceEdit.kind == kind.name
        )
    )


def file_row(session: Session, kind: Kind, key: str) -> LoadedRow | None:
    """Return what the file said of one row at the last load."""
    return session.get(LoadedRow, (kind.name, key))


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold where a row here differs from what its file said last; empty for a whole row."""

    key: str
    columns: tuple[str, ...] = ()


def differences(session: Session, kind: Kind | None = None) -> dict[str, list[Difference]]:
    """Return, by kind, where the site differs from the files because it was edited here."""
    edits = edited(session, kind)
    found: dict[str, list[Difference]] = {}
    said = loaded(session, kind) if edits else {}
    for name in dict.fromkeys(of for of, _key in sorted(edits) if of in KINDS):
        here = present(session, KINDS[name])
        keys = sorted(key for of, key in edits if of == name)
        of_kind = (_difference(KINDS[name], key, here.get(key), said) for key in keys)
        found[name] = [each for each in of_kind if each is not None]
    return found


def _difference(
    kind: Kind, key: str, row: Base | None, said: Mapping[tuple[str, str], LoadedRow]
) -> Difference | None:
    file = said.get((kind.name, key))
    if row is None or file is None:
        return None if row is None and file is None else Difference(key)
    differing = differing_columns(kind, rows.read(kind, row), file.content)
    return Difference(key, tuple(differing)) if differing else None


def differing_columns(kind: Kind, here: Mapping[str, str], said: Mapping[str, Any]) -> list[str]:
    """Return the columns of which a file said something else than what stands here."""
    return [
        column.name
        for column in kind.loaded
        if column.name in said and said[column.name] != here[column.name]
    ]
