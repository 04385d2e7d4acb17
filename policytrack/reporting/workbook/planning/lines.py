"""Read the rows of one sheet, each cell on its own; compare them with what stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from policytrack.core.i18n import lazy_gettext as _
from policytrack.reporting.workbook import arranging, cells
from policytrack.reporting.workbook.arranging import Arranged
from policytrack.reporting.workbook.cells import Lists, Unfit
from policytrack.reporting.workbook.columns import Sheet
from policytrack.reporting.workbook.plans import Change, Faults, Line, Outcome, Planned


def read(arranged: Arranged, lists: Lists, epoch: int, faults: Faults) -> list[Line]:
    """Return the rows of a sheet; each cell that cannot be read is a fault of its row."""
    sheet = arranged.sheet
    lines = []
    for row, held in arranging.lines_of(arranged):
        values: dict[str, str] = {}
        wrong: list[tuple[str, object]] = []
        for name, cell in held.items():
            column = sheet.by_name[name]
            try:
                text = cells.value(column, cell, lists, epoch)
            except Unfit as refusal:
                wrong.append((name, refusal.sentence))
                continue
            if text or not column.keeps:
                values[name] = text
        line = Line(sheet, row.number, values)
        read_badly = {name for name, _sentence in wrong}
        wrong += [
            (column.name, _("This says which row is meant: fill it in."))
            for column in sheet.columns[: sheet.keys]
            if not values.get(column.name) and column.name not in read_badly
        ]
        for name, sentence in wrong:
            faults.of_line(line, name, sentence)
        lines.append(line)
    return lines


def distinct(lines: Sequence[Line], faults: Faults, key: Callable[[Line], object]) -> list[Line]:
    """Return the lines of which no earlier one names the same thing; the others are faults."""
    first: dict[object, Line] = {}
    kept = []
    for line in lines:
        if not line.key:
            continue
        other = first.setdefault(key(line), line)
        if other is line:
            kept.append(line)
        else:
            sentence = _(
                "“%(key)s” stands in row %(row)s already. Each has one row.",
                key=line.key,
                row=other.number,
            )
            faults.of_line(line, line.sheet.key, sentence)
    return kept


def check_required(line: Line, before: Mapping[str, str] | None, faults: Faults) -> None:
    """Note what a new row lacks, and what a known one would lose."""
    for column in line.sheet.columns:
        emptied = before is not None and line.values.get(column.name) == "" != before[column.name]
        missing = before is None and not line.given(column.name)
        if column.required and (emptied or missing) and not _is_noted(line, column.name, faults):
            faults.of_line(line, column, _("Fill this in."))


def _is_noted(line: Line, name: str, faults: Faults) -> bool:
    heading = line.sheet.by_name[name].heading
    return line.faulty and any(
        (fault.sheet, fault.row, fault.column) == (line.sheet.name, line.number, heading)
        for fault in reversed(faults.listed[-40:])
    )


def check_retired(
    line: Line, before: Mapping[str, str] | None, lists: Lists, faults: Faults
) -> None:
    """Note codes that are offered no more and that the row does not have yet."""
    for column in line.sheet.columns:
        if not column.of or not lists[column.of].retired:
            continue
        has = set((before or {}).get(column.name, "").split(";"))
        gone = (set(line.given(column.name).split(";")) & lists[column.of].retired) - has
        for code in sorted(gone):
            faults.of_line(line, column, _("“%(code)s” is offered no more.", code=code))


def changes(
    sheet: Sheet, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Change, ...]:
    """Return what differs, in the order of the columns."""
    return tuple(
        Change(column.heading, before.get(column.name, ""), after[column.name])
        for column in sheet.columns
        if column.name in after and after[column.name] != before.get(column.name, "")
    )


def ended(line: Line, changed: Sequence[Change], *, is_new: bool, remark: object = "") -> Planned:
    """Return what a row does, once all that is wrong with it has been noted."""
    if line.faulty:
        return Planned(line, Outcome.REFUSED)
    if is_new:
        return Planned(line, Outcome.NEW, tuple(changed), remark)
    return Planned(line, Outcome.CHANGED if changed else Outcome.UNCHANGED, tuple(changed), remark)


def passed(line: Line) -> Planned:
    """Return that a row marked as demonstration is left alone."""
    return Planned(line, Outcome.REFUSED if line.faulty else Outcome.PASSED)


INVENTED = _(
    "This is demonstration content: a workbook does not touch it. Remove the row, or write “yes” in"
    " the column “Demonstration” to pass over it."
)
