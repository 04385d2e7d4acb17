"""Hold what a download carries: tables, and what must be said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | bool | Decimal | date | datetime | None


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


@dataclass(frozen=True, slots=True)
class Download:
    """Hold the tables of one page, its address, and notes: sources, licence, the disclaimer."""

    name: str
    title: str
    address: str
    made_at: datetime
    notes: Sequence[str]
    tables: Sequence[Table]
