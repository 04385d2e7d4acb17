"""Take away what is marked as invented, and nothing else.

What hangs on a marked row (revisions of a marked note, seats of a marked person) is a part of it
and goes with it. What is not marked and still points at something marked stands in the way: then
nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, func, or_, select, update
from sqlalchemy.orm import Session

from policytrack.core import audit, changes
from policytrack.core.db import Base
from policytrack.core.errors import RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import ANONYMOUS
from policytrack.demonstration import edits, memory, redactions, trail

# Parts of marked things: table, and through which columns each hangs on which table. Parents come
# before their parts.
PARTS: Mapping[str, Mapping[str, str]] = {
    "commitment_revision": {"commitment_id": "commitment"},
    "commitment_translation": {"revision_id": "commitment_revision"},
    "indicator": {"commitment_id": "commitment"},
    "milestone": {"commitment_id": "commitment"},
    "note_revision": {"note_id": "note"},
    "reading": {"revision_id": "note_revision"},
    "decision": {"revision_id": "note_revision"},
    "note_translation": {"revision_id": "note_revision"},
    "library_revision": {"document_id": "library_document"},
    "library_file": {"revision_id": "library_revision"},
    # After the files, of which there are quotations.
    "evidence": {"revision_id": "note_revision"},
    "library_relation": {"revision_id": "library_revision"},
    "library_decision": {"revision_id": "library_revision"},
    "library_term": {"revision_id": "library_revision"},
    "membership": {"user_id": "user", "constituent_id": "constituent"},
    "programme_item": {"programme_code": "programme"},
    "programme_contribution": {"programme_code": "programme", "commitment_id": "commitment"},
}
# What has no key of its own but its two ends.
TIES: Mapping[str, Mapping[str, str]] = {
    "latest_word": {"commitment_id": "commitment"},
    "office": {"user_id": "user"},
    **{
        f"commitment_revision_{end}": {"revision_id": "commitment_revision"}
        for end in (
            "provision",
            "theme",
            "sector",
            "target_group",
            "country",
            "corridor",
            "supporter",
        )
    },
    **{
        f"library_{end}": {"revision_id": "library_revision"}
        for end in ("theme", "sector", "target_group", "country", "corridor")
    },
    **{
        f"programme_{end}": {"programme_code": "programme"}
        for end in ("theme", "sector", "target_group", "country")
    },
    "programme_keeper": {"programme_code": "programme", "constituent_id": "constituent"},
    "programme_document": {"programme_code": "programme", "document_id": "library_document"},
    **{f"dialogue_{end}": {"dialogue_id": "dialogue"} for end in ("theme", "country", "corridor")},
    "dialogue_document": {"dialogue_id": "dialogue", "document_id": "library_document"},
}
# What the index knows them by.
_SEARCHED = {
    "note": "public_id",
    "document": "public_id",
    "commitment": "public_id",
    "dialogue": "public_id",
    "programme": "code",
    "constituent": "public_id",
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Hold how many unmarked rows of one table point at marked ones of another."""

    table: str
    points_at: str
    count: int


def _tables() -> Mapping[str, Table]:
    return Base.metadata.tables


def _marked() -> list[str]:
    return sorted(name for name, table in _tables().items() if "demonstration" in table.c)


def _key(table: Table) -> ColumnElement[Any]:
    (column,) = table.primary_key.columns
    return column


def _doomed(name: str, column: ColumnElement[Any] | None = None) -> Select[Any]:
    """Return what the rows of a table that go have in a column: their keys, if none is given."""
    table = _tables()[name]
    wanted = select(_key(table) if column is None else column)
    if "demonstration" in table.c:
        return wanted.where(table.c.demonstration)
    return wanted.where(_hangs(table, PARTS[name]))


def _hangs(table: Table, through: Mapping[str, str]) -> ColumnElement[bool]:
    return or_(*(table.c[column].in_(_doomed(parent)) for column, parent in through.items()))


def obstacles(session: Session) -> list[Obstacle]:
    """Return what is not marked and points at what is."""
    found = []
    going = {*_marked(), *PARTS}
    for table in _tables().values():
        for key in table.foreign_keys:
            target = key.column.table.name
            if target not in going or key.ondelete is not None:
                continue
            clauses: list[ColumnElement[bool]] = [key.parent.in_(_doomed(target, key.column))]
            if table.name in going:
                clauses.append(_key(table).not_in(_doomed(table.name)))
            elif table.name in TIES:
                clauses.append(~_hangs(table, TIES[table.name]))
            count = session.scalar(select(func.count()).select_from(table).where(*clauses)) or 0
            if count:
                found.append(Obstacle(table.name, target, count))
    return found


def remove(session: Session, *, now: datetime) -> Mapping[str, int]:
    """Take away all that is marked; return how many rows of each kind. Call it in `transaction()`.

    Raises `RuleViolation` where something unmarked points at something marked.
    """
    in_the_way = obstacles(session)
    if in_the_way:
        raise RuleViolation(
            _(
                "Nothing was removed: content that is not marked as demonstration rests on content"
                " that is (%(what)s). Remove or move it first.",
                what=", ".join(
                    f"{each.table} -> {each.points_at}: {each.count}" for each in in_the_way
                ),
            )
        )
    for kind, public in _SEARCHED.items():
        table = _tables()["library_document" if kind == "document" else kind]
        for value in session.scalars(select(table.c[public]).where(table.c.demonstration)):
            changes.append(session, kind, value)
    memory.forget(session)
    trail.forget(session)
    taken_out = redactions.hashes(session)
    counts = dict(_take_away(session))
    redactions.forget(session, taken_out)
    audit.record(
        session,
        actor=ANONYMOUS,
        action="demonstration.remove",
        kind="demonstration",
        public_id="",
        now=now,
        details=counts,
    )
    session.expire_all()
    return counts


def _take_away(session: Session) -> Iterator[tuple[str, int]]:
    tables = _tables()
    # Notes and commitments point at their own revisions: let go first.
    for name, pointers in (
        ("note", ("published_id", "open_id")),
        ("commitment", ("in_force_id", "open_id")),
        ("library_document", ("published_id", "open_id")),
    ):
        table = tables[name]
        session.execute(update(table).where(table.c.demonstration).values(dict.fromkeys(pointers)))
    for name, through in TIES.items():
        table = tables[name]
        session.execute(delete(table).where(_hangs(table, through)))
    for name, through in reversed(list(PARTS.items())):
        table = tables[name]
        session.execute(delete(table).where(_hangs(table, through)))
    # Notes before commitments and rounds, these before organisations, these before people.
    for name in (
        "redaction",
        "note",
        "library_document",
        "commitment",
        "dialogue",
        "programme",
        "reporting_round",
    ):
        yield name, _delete_marked(session, tables[name])
    yield "reference_edit", edits.take_back(session)
    for name in ("corridor", "constituent", "user"):
        yield name, _delete_marked(session, tables[name])


def _delete_marked(session: Session, table: Table) -> int:
    count = session.scalar(select(func.count()).select_from(table).where(table.c.demonstration))
    session.execute(delete(table).where(table.c.demonstration))
    return count or 0
