"""Show what a workbook would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from policytrack.core.i18n import designations, direction, language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.text import excerpt, isolated
from policytrack.exports.tables import Cell, Column, Download, Table
from policytrack.reporting.workbook.columns import Sheet
from policytrack.reporting.workbook.plans import Fault, Outcome, Planned, Report
from policytrack.reporting.workbook.sheets import PEOPLE, SHEETS

# More would make the page too heavy for a telephone; the download has them all.
SHOWN_FAULTS = 100
SHOWN_ROWS = 25
SHOWN_CHANGES = 8
_LONGEST = 160

OUTCOMES = {
    Outcome.NEW: _l("new"),
    Outcome.CHANGED: _l("changed"),
    Outcome.UNCHANGED: _l("unchanged"),
    Outcome.REFUSED: _l("refused"),
    Outcome.PASSED: _l("demonstration, passed over"),
}


_USUAL = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Hold one field that changes, shortened."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowView:
    """Hold a row that does something."""

    number: int
    key: str
    label: str
    is_new: bool
    changes: tuple[ChangeView, ...]
    more_changes: int
    remark: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """Hold what one sheet does."""

    id: str
    name: str
    words: object
    counts: Mapping[Outcome, int]
    rows: tuple[RowView, ...]
    more_rows: int


@dataclass(frozen=True, slots=True)
class FaultView:
    """Hold a fault as people read it: the place, then the sentence."""

    place: str
    sentence: object


@dataclass(frozen=True, slots=True)
class ReportView:
    """Hold the page of a report; `does` names what the button would bring in."""

    sheets: tuple[SheetView, ...]
    faults: tuple[FaultView, ...]
    total_faults: int
    more_faults: int
    does: str
    newcomers: int
    stamp: str

    @property
    def outcomes(self) -> Sequence[tuple[Outcome, object]]:
        """Return the ends that rows meet here, with their words; the usual ones always."""
        return [
            (outcome, word)
            for outcome, word in OUTCOMES.items()
            if outcome in _USUAL or any(sheet.counts[outcome] for sheet in self.sheets)
        ]


def view(report: Report) -> ReportView:
    """Return the page of a report."""
    faults = tuple(_fault(each) for each in report.faults.listed[:SHOWN_FAULTS])
    return ReportView(
        sheets=tuple(_sheet(sheet, report) for sheet in SHEETS if sheet.name in report.lines),
        faults=faults,
        total_faults=report.faults.total,
        more_faults=report.faults.total - len(faults),
        does=does(report),
        newcomers=report.counts(PEOPLE.name)[Outcome.NEW],
        stamp="" if report.faults.total else report.stamp,
    )


def does(report: Report) -> str:
    """Return what is new or changes: 3 organisations, 12 people."""
    parts = []
    for sheet in SHEETS:
        counts = report.counts(sheet.name)
        if number := counts[Outcome.NEW] + counts[Outcome.CHANGED]:
            parts.append(sheet.counted(number))
    return ("، " if language().code == "ar" else ", ").join(parts)


def place(fault: Fault) -> str:
    """Return where a fault is: sheet, row, column."""
    parts = [isolated(fault.sheet) if fault.sheet else ""]
    if fault.row:
        parts.append(_("row %(row)s", row=fault.row))
    if fault.column:
        parts.append(_("column %(column)s", column=isolated(fault.column)))
    return ("، " if direction(language().code) == "rtl" else ", ").join(filter(None, parts))


def _fault(fault: Fault) -> FaultView:
    return FaultView(place(fault) or _("The workbook"), fault.sentence)


def _sheet(sheet: Sheet, report: Report) -> SheetView:
    doing = [
        each for each in report.lines[sheet.name] if each.outcome in {Outcome.NEW, Outcome.CHANGED}
    ]
    # What changes asks for more care than what comes in.
    doing.sort(key=lambda each: (each.outcome is Outcome.NEW, each.line.number))
    return SheetView(
        id=f"sheet-{sheet.name.casefold()}",
        name=sheet.name,
        words=sheet.words,
        counts=report.counts(sheet.name),
        rows=tuple(_row(each) for each in doing[:SHOWN_ROWS]),
        more_rows=max(len(doing) - SHOWN_ROWS, 0),
    )


def _row(planned: Planned) -> RowView:
    is_new = planned.outcome is Outcome.NEW
    changes = () if is_new else planned.changes
    return RowView(
        number=planned.line.number,
        key=planned.line.key,
        label=excerpt(planned.label, _LONGEST),
        is_new=is_new,
        changes=tuple(
            ChangeView(each.heading, excerpt(each.before, _LONGEST), excerpt(each.after, _LONGEST))
            for each in changes[:SHOWN_CHANGES]
        ),
        more_changes=max(len(changes) - SHOWN_CHANGES, 0),
        remark=str(planned.remark),
    )


def download(report: Report, *, name: str, address: str, now: datetime) -> Download:
    """Return the whole report as a table: faults first, then what every row would do."""
    columns = (
        Column("sheet", _("Sheet")),
        Column("row", _("Row")),
        Column("key", _("Key")),
        Column("outcome", _("What happens")),
        Column("column", _("Column")),
        Column("before", _("Before")),
        Column("after", _("After")),
        Column("sentence", _("What is wrong, or what follows")),
    )
    counted = _("%(num)s faults in all.", num=report.faults.total)
    return Download(
        name="workbook-report",
        title=_("What the workbook %(name)s would do", name=name),
        address=address,
        made_at=now,
        notes=(counted, designations()),
        tables=(Table("report", _("Report"), columns, list(_cells(report))),),
    )


def _cells(report: Report) -> Iterator[Sequence[Cell]]:
    refused = str(OUTCOMES[Outcome.REFUSED])
    for fault in report.faults.listed:
        where = fault.row or None
        yield fault.sheet, where, "", refused, fault.column, "", "", str(fault.sentence)
    for sheet, planned in report.lines.items():
        for each in planned:
            if each.outcome is Outcome.REFUSED:
                continue
            head = sheet, each.line.number, each.line.key, str(OUTCOMES[each.outcome])
            if each.outcome is not Outcome.CHANGED:
                yield *head, "", "", "", str(each.remark)
            for change in each.changes if each.outcome is Outcome.CHANGED else ():
                yield *head, change.heading, change.before, change.after, str(each.remark)
