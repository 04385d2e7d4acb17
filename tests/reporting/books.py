"""Make workbooks as people and programs make them, and look at what they would do."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.permissions import Actor
from policytrack.reporting.cli import OPERATOR
from policytrack.reporting.workbook import applying, planning, reading, writing
from policytrack.reporting.workbook.plans import Report
from tests.factories import NOW

Row = Mapping[str, Any]

BODY = {
    "Code": "NP-MOL",
    "Group": "governments",
    "Country": "NP",
    "Name (en)": "Ministry of Labour",
}
PERSON = {"Mail address": "asha@example.org", "Name": "Asha Rai"}
PROMISE = {
    "Key": "K1",
    "Lead": "NP-MOL",
    "Title": "No recruitment fee",
    "Text": "No worker pays a fee.",
    "Language": "en",
    "Provisions": "BALI:B1",
    "Themes": "A1.1",
    "Gender marker": 3,
}
INDICATOR = {"Commitment": "K1", "Number": 1, "Name": "Workers who paid no fee", "Unit": "people"}
MILESTONE = {"Commitment": "K1", "Number": 1, "Name": "Decree", "Due": "2027-01-31"}


def book(change: Callable[[Any], None] | None = None, **sheets: Sequence[Row]) -> bytes:
    """Return a workbook of these sheets; each has the columns that its rows use."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
            for cell in sheet[sheet.max_row]:
                # As people type them: only a test that asks for a formula gets one.
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    if change is not None:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cells(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of an export, without its explanations."""
    rows = openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True)
    headings, _explained, *held = list(rows)
    return [dict(zip(headings, row, strict=True)) for row in held]


def edited(data: bytes, sheet: str, row: int, **values: Any) -> bytes:
    """Return a workbook with cells of one row changed, as a spreadsheet program saves it."""
    made = openpyxl.load_workbook(io.BytesIO(data))
    headings = [cell.value for cell in made[sheet][1]]
    for heading, value in values.items():
        made[sheet].cell(row, headings.index(heading.replace("_", " ")) + 1).value = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(data: bytes, parts: Mapping[str, Callable[[bytes], bytes] | bytes]) -> bytes:
    """Return an archive with parts replaced, changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            change = parts.get(name)
            content = old.read(name)
            new.writestr(name, change(content) if callable(change) else change or content)
        for name in set(parts) - set(old.namelist()):
            new.writestr(name, parts[name])  # type: ignore[arg-type]  # a new part is bytes
    return out.getvalue()


def look(data: bytes, actor: Actor = OPERATOR) -> Report:
    """Return what a workbook would do."""
    current_session().rollback()
    return planning.plan(current_session(), actor=actor, book=reading.read(data))


def bring_in(data: bytes, actor: Actor = OPERATOR, *, invite: bool = False) -> Report:
    """Look at a workbook, find it sound, and bring it in."""
    report = look(data, actor)
    assert faults(report) == []
    read = reading.read(data)
    with transaction() as session:
        return applying.apply(
            session, actor=actor, book=read, seen=report.stamp, invite=invite, now=NOW
        )


def export(*, with_demonstration: bool = False, actor: Actor = OPERATOR) -> bytes:
    """Return the export."""
    current_session().rollback()
    return writing.export(
        current_session(),
        actor=actor,
        address="https://example.org",
        with_demonstration=with_demonstration,
        now=NOW,
    )


def faults(report: Report) -> list[tuple[str, int, str, str]]:
    """Return the faults, each with its place and its sentence."""
    return [
        (each.sheet, each.row, each.column, re.sub("[\u2068\u2069]", "", str(each.sentence)))
        for each in report.faults.listed
    ]


def outcomes(report: Report) -> dict[str, list[str]]:
    """Return what the rows of each sheet do, in order."""
    return {name: [str(each.outcome) for each in planned] for name, planned in report.lines.items()}


def count(session: Session, thing: Any) -> int:
    """Return how many rows a table has."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(thing)) or 0
