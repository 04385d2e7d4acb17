"""Write tables as JSON, CSV and workbooks.

Nothing in a cell may run in the reader's program: workbooks hold text as text, and in CSV, which
has no types, what a spreadsheet would take for a formula begins with an apostrophe. Source: OWASP,
CSV injection.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from policytrack.exports.tables import Cell, Column, Download, Table

# What a spreadsheet program may read as the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# XML 1.0 knows no other control characters than tab and the line ends.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# The longest text of a cell; source: Microsoft, Excel specifications and limits.
LONGEST = 32_767
_WIDTHS = (10, 60)


def plain(cell: Cell) -> str | int | float | bool | None:
    """Return a cell as JSON can hold it: dates in ISO 8601, whole numbers as such."""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell


def as_json(download: Download) -> bytes:
    """Return a download as JSON: tables as lists of objects."""
    content = {
        "title": download.title,
        "address": download.address,
        "made_at": download.made_at.isoformat(),
        "notes": list(download.notes),
        **{
            table.name: [
                {column.name: plain(cell) for column, cell in zip(table.columns, row, strict=True)}
                for row in table.rows
            ]
            for table in download.tables
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def as_csv(table: Table, notes: Sequence[str] = ()) -> bytes:
    """Return one table as CSV in UTF-8 with its mark, so that spreadsheets read every script.

    Notes follow the rows, after an empty line.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([_defused(cell) for cell in row])
    if notes:
        writer.writerow([])
        writer.writerows([[_defused(note)] for note in notes])
    return text.getvalue().encode("utf-8-sig")


def _defused(cell: Cell) -> object:
    value = plain(cell)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def as_workbook(download: Download, *, right_to_left: bool = False) -> bytes:
    """Return a download as an Office Open XML workbook: a sheet on it, then one for each table."""
    book: Any = Workbook(write_only=True)
    about = Table(
        "about",
        download.title,
        (Column("about", download.title),),
        [
            [download.address],
            [download.made_at.isoformat(timespec="minutes")],
            *([note] for note in download.notes),
        ],
    )
    for table in (about, *download.tables):
        _sheet(book, table, right_to_left=right_to_left)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _sheet(book: Any, table: Table, *, right_to_left: bool) -> None:
    rows = [list(row) for row in table.rows]
    sheet = book.create_sheet(title=table.name[:31])
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_widths(table, rows), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_cell(sheet, column.heading, bold=True) for column in table.columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _widths(table: Table, rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    narrow, wide = _WIDTHS
    for number, column in enumerate(table.columns):
        longest = max((len(str(row[number] or "")) for row in rows[:200]), default=0)
        yield min(max(longest, len(column.heading), narrow), wide) + 2


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    # Spreadsheets know no zones: a moment goes out as text, with its own.
    shown = value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
    text = _UNWRITABLE.sub("", shown)[:LONGEST] if isinstance(shown, str) else shown
    cell = WriteOnlyCell(sheet, value=text)
    if isinstance(text, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
