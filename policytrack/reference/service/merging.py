"""Plan what a load does with the rows of one kind, without doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from policytrack.reference import rows
from policytrack.reference.files import Line, Table
from policytrack.reference.kinds import Kind
from policytrack.reference.models import LoadedRow
from policytrack.reference.rules import Outcome, listed, merge

# All rows of a kind, and what is known about them.
Loaded = Mapping[tuple[str, str], LoadedRow]
Edited = frozenset[tuple[str, str]]
Lacking = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold what a load does with one cell that differs: what stands here, what the file says."""

    column: str
    outcome: Outcome
    here: str
    said: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold what a load does with one row of a file; `row` is None where there is none here."""

    key: str
    line: int
    said: Mapping[str, str]
    row: Any
    merged: Mapping[str, str]
    # What the file said at the last load.
    base: Mapping[str, str]
    cells: tuple[Cell, ...] = ()
    # It was taken away here; it comes back only where the files were asked to prevail.
    removed: bool = False
    returns: bool = False
    # It points to something that was taken away here.
    dangles: bool = False

    @property
    def adds(self) -> bool:
        """Tell whether a row comes in."""
        return self.row is None and not self.dangles and (not self.removed or self.returns)

    @property
    def is_news(self) -> bool:
        """Tell whether the file says something that it did not say at the last load."""
        return any(self.base.get(name) != text for name, text in self.said.items())

    def with_outcome(self, *outcomes: Outcome) -> tuple[Cell, ...]:
        """Return the cells that meet one of these ends."""
        return tuple(cell for cell in self.cells if cell.outcome in outcomes)

    @property
    def changes(self) -> tuple[Cell, ...]:
        """Return the cells that the load writes."""
        return () if self.dangles else self.with_outcome(Outcome.TAKEN, Outcome.OVERWRITTEN)


@dataclass(slots=True)
class KindPlan:
    """Hold what a load does with one kind."""

    table: Table
    here: dict[str, Any]
    plans: list[Plan] = field(default_factory=list)
    # Rows that an earlier load brought and that the file has no more.
    gone: list[str] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """Return the kind."""
        return self.table.kind


def lacking_of(plans: Sequence[KindPlan]) -> Lacking:
    """Return, by kind, the keys that the files have and this site has not, now or afterwards."""
    return {
        plan.kind.name: frozenset(
            each.key for each in plan.plans if each.row is None and not each.adds
        )
        for plan in plans
    }


def plan(
    table: Table,
    here: dict[str, Any],
    loaded: Loaded,
    edited: Edited,
    *,
    lacking: Lacking,
    overwrite: bool,
) -> KindPlan:
    """Return what a load does with one kind; those that it points to were planned before."""
    kind = table.kind
    made = KindPlan(table, here)
    for line in table.lines:
        key = kind.key_of(line.values)
        file = loaded.get((kind.name, key))
        is_edited = (kind.name, key) in edited
        row = _row(table, line, here.get(key), file, edited=is_edited, overwrite=overwrite)
        made.plans.append(replace(row, dangles=_dangles(kind, row.merged, lacking)))
    # And those of its own kind: a sub-theme whose key area was removed here.
    own = lacking_of([made])
    made.plans = [
        replace(each, dangles=each.dangles or _dangles(kind, each.merged, own))
        for each in made.plans
    ]
    named = {each.key for each in made.plans}
    made.gone = sorted(
        key for name, key in loaded if name == kind.name and key not in named and key in here
    )
    return made


def _dangles(kind: Kind, values: Mapping[str, str], lacking: Lacking) -> bool:
    return any(
        lacking[column.of].intersection(listed(values[column.name]))
        for column in kind.loaded
        if lacking.get(column.of)
    )


def _row(
    table: Table,
    line: Line,
    row: Any,
    file: LoadedRow | None,
    *,
    edited: bool,
    overwrite: bool,
) -> Plan:
    kind, key = table.kind, table.kind.key_of(line.values)
    said = {column.name: line.values[column.name] for column in table.columns}
    base = file.content if file is not None else {}
    if row is None:
        gone = file is not None and edited
        back = gone and overwrite
        return Plan(key, line.number, said, None, line.values, base, removed=gone, returns=back)
    here = rows.read(kind, row)
    cells = []
    for name, text in said.items():
        outcome = merge(base.get(name), here[name], text, edited=edited, overwrite=overwrite)
        if outcome is not Outcome.SAME:
            cells.append(Cell(name, outcome, here[name], text))
    written = {Outcome.TAKEN, Outcome.OVERWRITTEN}
    taken = {cell.column: cell.said for cell in cells if cell.outcome in written}
    return Plan(key, line.number, said, row, {**here, **taken}, base, tuple(cells))
