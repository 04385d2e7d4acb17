"""Hold what a download carries: tables, and what must be said beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")
# A tuple is a list of texts.
Cell = str | int | bool | Decimal | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """Hold a column: its name for programs, its heading for people."""

    name: str
    heading: str


@dataclass(frozen=True, slots=True)
class Table:
    """Hold rows of cells, as many as there are columns."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


# A column's name, its heading, and what stands in it.
Field = tuple[str, str, Callable[[T], Cell]]


def table_of(name: str, title: str, fields: Sequence[Field[T]], rows: Sequence[T]) -> Table:
    """Return rows as a table with a column for each field."""
    return Table(
        name,
        title,
        [Column(key, heading) for key, heading, _value in fields],
        [[value(row) for _key, _heading, value in fields] for row in rows],
    )


def table_from(name: str, title: str, fields: Sequence[Field[T]], rows: Iterable[T]) -> Table:
    """Return rows as a table that is made as it is read, once."""
    return Table(
        name,
        title,
        [Column(key, heading) for key, heading, _value in fields],
        ([value(row) for _key, _heading, value in fields] for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Download:
    """Hold the tables of one page, its address, and notes: sources, licence, the disclaimer."""

    name: str
    title: str
    address: str
    made_at: datetime
    notes: Sequence[str]
    tables: Sequence[Table]
