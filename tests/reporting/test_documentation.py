"""The page about the workbook names every sheet and every column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policytrack.reporting.workbook.columns import Sheet
from policytrack.reporting.workbook.sheets import SHEETS

PAGE = Path(__file__).parent.parent.parent / "docs" / "moving-in.md"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_column_is_documented(sheet: Sheet) -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| {sheet.name} |")]
    named = {part.strip() for part in re.split(r"[|;,]", row)}
    translated = re.compile(r"(Title|Text|Translation) \((en|ar|fr)\)")
    headings = {column.heading for column in sheet.columns if column.heading != "Demonstration"}
    assert {each for each in headings if not translated.fullmatch(each)} <= named


def test_keys_come_first_and_headings_are_distinct() -> None:
    for sheet in SHEETS:
        assert len(sheet.by_heading) == len(sheet.columns)
        assert all(column.required for column in sheet.columns[: sheet.keys])
