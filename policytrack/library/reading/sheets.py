"""Read workbooks (XLSX): a page for each sheet, a line for each row."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl

from policytrack.library.reading.blocks import BETWEEN_CELLS
from policytrack.library.reading.draft import Block, Draft, RawPage, counted
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.package import Package
from policytrack.library.reading.parts import parts
from policytrack.library.reading.properties import properties
from policytrack.library.reading.results import Unit

# A longer sheet is data: it is cut into parts, so that no page is a megabyte.
_MOST_ON_A_SHEET = 60_000
# A sheet may claim a million empty rows.
_MOST_ROWS = 200_000


def read(package: Package, file: int, limits: Limits) -> Draft:
    """Return the values of a workbook as they were last reckoned; hidden sheets are left out."""
    with os.fdopen(file, "rb", closefd=False) as whole:
        whole.seek(0)
        book = openpyxl.load_workbook(whole, read_only=True, data_only=True)
        sheets = [
            (sheet.title, list(counted(_rows(sheet), limits)))
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]
    unit, pages = _paged([(title, rows) for title, rows in sheets if rows])
    said = properties(package)
    return Draft(unit, pages, said.title, said.authors, said.created, said.language)


def _rows(sheet: Any) -> Iterator[Block]:
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if number > _MOST_ROWS:
            return
        text = BETWEEN_CELLS.join(filter(None, map(_shown, row)))
        if text:
            yield Block(text)


def _paged(sheets: list[tuple[str, list[Block]]]) -> tuple[Unit, list[RawPage]]:
    whole = [RawPage("\n".join([title, *(row.text for row in rows)])) for title, rows in sheets]
    if all(len(page.text) <= _MOST_ON_A_SHEET for page in whole):
        return Unit.SHEET, whole
    return Unit.PART, parts(_run(sheets))


def _run(sheets: Iterable[tuple[str, list[Block]]]) -> Iterator[Block]:
    for title, rows in sheets:
        yield Block(title, heading=True, breaks=True)
        yield from rows


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).strip()
