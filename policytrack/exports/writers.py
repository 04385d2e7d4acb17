"""Write tables as JSON, CSV and workbooks.

Nothing in a cell may run in the reader's program: workbooks hold text as text, and CSV guards it
(`core/cells.py`). A cell of several texts is a list in JSON, and one text elsewhere.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from policytrack.core import cells
from policytrack.exports.tables import Cell, Column, Download, Table

# XML 1.0 knows no other control characters than tab and the line ends.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# The longest text of a cell; source: Microsoft, Excel specifications and limits.
LONGEST = 32_767
_WIDTHS = (10, 60)
# By so many rows the columns get their widths.
_LOOKED_AT = 200


def plain(cell: Cell) -> str | int | float | bool | list[str] | None:
    """Return a cell as JSON can hold it: dates in ISO 8601, whole numbers as such."""
    if isinstance(cell, tuple):
        return list(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell


def as_json(download: Download) -> bytes:
    """Return a download as JSON: tables as lists of objects."""
    return "".join(json_parts(download)).encode()


def json_parts(download: Download) -> Iterator[str]:
    """Yield a download as JSON, row by row."""
    head = {
        "title": download.title,
        "address": download.address,
        "made_at": download.made_at.isoformat(),
        "notes": list(download.notes),
    }
    # The closing brace comes after the tables.
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    for table in download.tables:
        yield f',\n "{table.name}": ['
        between = "\n"
        for row in table.rows:
            said = {
                column.name: plain(cell) for column, cell in zip(table.columns, row, strict=True)
            }
            yield f"{between}  {json.dumps(said, ensure_ascii=False)}"
            between = ",\n"
        yield "\n ]"
    yield "\n}\n"


def as_csv(table: Table, notes: Sequence[str] = ()) -> bytes:
    """Return one table as CSV in UTF-8 with its mark, so that spreadsheets read every script.

    Notes follow the rows, after an empty line.
    """
    return "".join(csv_parts(table, notes)).encode()


def csv_parts(table: Table, notes: Sequence[str] = ()) -> Iterator[str]:
    """Yield a table as CSV, row by row, beginning with the mark of UTF-8."""
    yield "\ufeff"
    yield _line([column.name for column in table.columns])
    for row in table.rows:
        yield _line([as_text(cell) for cell in row])
    if notes:
        yield _line([])
        yield from (_line([cells.guarded(note)]) for note in notes)


def _line(row: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(row)
    return text.getvalue()


def as_text(cell: Cell) -> str:
    """Return a cell as CSV holds it: `true` or `false`, a number, a text in which nothing runs."""
    value = cells.joined(cell) if isinstance(cell, tuple) else plain(cell)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return cells.guarded(value) if isinstance(value, str) else ""


def as_workbook(download: Download, *, right_to_left: bool = False) -> bytes:
    """Return a download as an Office Open XML workbook: a sheet on it, then one for each table."""
    made = io.BytesIO()
    write_workbook(made, download, right_to_left=right_to_left)
    return made.getvalue()


def write_workbook(made: IO[bytes], download: Download, *, right_to_left: bool = False) -> None:
    """Write a download as a workbook into a file; rows are read one by one."""
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
    book.save(made)


def _sheet(book: Any, table: Table, *, right_to_left: bool) -> None:
    rows = iter(table.rows)
    first = list(islice(rows, _LOOKED_AT))
    sheet = book.create_sheet(title=table.name[:31])
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_widths(table, first), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_cell(sheet, column.heading, bold=True) for column in table.columns])
    for row in chain(first, rows):
        sheet.append([_cell(sheet, value) for value in row])


def _widths(table: Table, rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    narrow, wide = _WIDTHS
    for number, column in enumerate(table.columns):
        longest = max((len(str(row[number] or "")) for row in rows), default=0)
        yield min(max(longest, len(column.heading), narrow), wide) + 2


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    # Spreadsheets know no zones: a moment goes out as text, with its own.
    shown: object = value
    if isinstance(value, datetime):
        shown = value.isoformat(timespec="seconds")
    elif isinstance(value, tuple):
        shown = cells.joined(value)
    text = _UNWRITABLE.sub("", shown)[:LONGEST] if isinstance(shown, str) else shown
    cell = WriteOnlyCell(sheet, value=text)
    if isinstance(text, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
