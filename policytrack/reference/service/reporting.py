"""Hold what a load did, or would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from policytrack.reference.kinds import Kind
from policytrack.reference.rules import Outcome
from policytrack.reference.service.merging import Cell, KindPlan, Plan


@dataclass(frozen=True, slots=True)
class KindReport:
    """Hold what a load did with one kind."""

    kind: Kind
    rows: int
    left_out: int
    added: tuple[str, ...]
    # (key, cell) of all cells that were written, or left as they were edited here.
    cells: tuple[tuple[str, Cell], ...]
    # Rows that were removed here, and that the file has with new content.
    missed: tuple[str, ...]
    # Rows that had been removed here and are back, as was asked for.
    returned: tuple[str, ...]
    gone: tuple[str, ...]
    # Rows left out because they point to something that was removed here.
    dangling: tuple[str, ...] = ()

    def cells_with(self, *outcomes: Outcome) -> list[tuple[str, Cell]]:
        """Return (key, cell) of the cells that met one of these ends."""
        return [(key, cell) for key, cell in self.cells if cell.outcome in outcomes]

    @property
    def written(self) -> bool:
        """Tell whether anything was written."""
        return bool(
            self.added or self.returned or self.cells_with(Outcome.TAKEN, Outcome.OVERWRITTEN)
        )


@dataclass(slots=True)
class Report:
    """Hold what a load did with every kind that has a file."""

    kinds: list[KindReport] = field(default_factory=list)

    @property
    def written(self) -> bool:
        """Tell whether anything was written."""
        return any(each.written for each in self.kinds)

    def cells_with(self, *outcomes: Outcome) -> Sequence[tuple[Kind, str, Cell]]:
        """Return (kind, key, cell) of the cells that met one of these ends."""
        return [
            (each.kind, key, cell)
            for each in self.kinds
            for key, cell in each.cells_with(*outcomes)
        ]


def of(plan: KindPlan) -> KindReport:
    """Return the report on one kind."""
    return KindReport(
        kind=plan.kind,
        rows=len(plan.plans),
        left_out=plan.table.left_out,
        added=tuple(each.key for each in plan.plans if each.adds and not each.returns),
        cells=tuple(
            (each.key, cell) for each in plan.plans if not each.dangles for cell in each.cells
        ),
        missed=tuple(each.key for each in plan.plans if _missed(each)),
        returned=tuple(each.key for each in plan.plans if each.returns and each.adds),
        gone=tuple(plan.gone),
        dangling=tuple(each.key for each in plan.plans if each.dangles),
    )


def _missed(plan: Plan) -> bool:
    return plan.removed and not plan.returns and plan.is_news


def conflicts(report: Report) -> list[str]:
    """Return a line for everything new in the files that an edit made here kept out.

    For the operator, in English, as all commands speak.
    """
    lines = [
        f"{kind.name} {key}, {cell.column}: here {_short(cell.here)}, the file says"
        f" {_short(cell.said)}"
        for kind, key, cell in report.cells_with(Outcome.CONFLICT)
    ]
    lines += [
        f"{each.kind.name} {key}: removed here, and new in the file"
        for each in report.kinds
        for key in each.missed
    ]
    return lines


def written(report: Report) -> list[str]:
    """Return a line for every row that came in and every cell that was written."""
    lines = []
    for each in report.kinds:
        if each.added:
            lines.append(f"{each.kind.name}: added {', '.join(each.added)}")
        if each.returned:
            lines.append(f"{each.kind.name}: back again {', '.join(each.returned)}")
        lines += [
            f"{each.kind.name} {key}, {cell.column}: {_short(cell.here)} becomes"
            f" {_short(cell.said)}" + _loses(cell)
            for key, cell in each.cells_with(Outcome.TAKEN, Outcome.OVERWRITTEN)
        ]
    return lines


def _loses(cell: Cell) -> str:
    return " (this had been edited here)" if cell.outcome is Outcome.OVERWRITTEN else ""


def _short(text: str, limit: int = 70) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= limit else f"“{line[:limit].rstrip()}…”"
