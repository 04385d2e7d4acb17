"""What goes out as data says what it holds, in every script, and runs nothing."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from policytrack.exports import writers
from policytrack.exports.tables import Column, Download, Table

COLUMNS = (Column("code", "Code"), Column("title", "العنوان"), Column("women", "Women"))
ROWS = (
    ("NP-1", '=HYPERLINK("https://example.org")', Decimal("12.00")),
    ("NP-2", "নারী শ্রমিক\x07, “two” lines\nof text", None),
    ("NP-3", "-1+1", Decimal("12.5")),
)


@pytest.fixture
def download() -> Download:
    return Download(
        name="country-NP",
        title="Nepal",
        address="https://example.org/countries/NP",
        made_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        notes=("Source: demonstration.",),
        tables=(Table("commitments", "Commitments", COLUMNS, ROWS),),
    )


def test_json_keeps_names_numbers_and_every_script(download: Download) -> None:
    found = json.loads(writers.as_json(download))
    assert found["commitments"][0] == {"code": "NP-1", "title": ROWS[0][1], "women": 12}
    assert found["commitments"][1]["title"].startswith("নারী")
    assert found["commitments"][2]["women"] == 12.5
    assert found["notes"] == ["Source: demonstration."]


def test_csv_disarms_formulas_and_says_its_sources_after_the_rows(download: Download) -> None:
    made = writers.as_csv(download.tables[0], download.notes)
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["code", "title", "women"]
    assert [row[1] for row in rows[1:4]] == [f"'{ROWS[0][1]}", ROWS[1][1], "'-1+1"]
    assert rows[4:] == [[], ["Source: demonstration."]]


def test_a_workbook_holds_text_as_text(download: Download) -> None:
    book = openpyxl.load_workbook(io.BytesIO(writers.as_workbook(download, right_to_left=True)))
    assert book.sheetnames == ["about", "commitments"]
    sheet = book["commitments"]
    assert sheet.sheet_view.rightToLeft
    assert [cell.value for cell in sheet[1]] == ["Code", "العنوان", "Women"]
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].value == ROWS[0][1]
    assert "\x07" not in sheet["B3"].value
    assert sheet["C2"].value == 12


def test_days_are_days_and_moments_keep_their_zone() -> None:
    assert writers.plain(date(2026, 1, 2)) == "2026-01-02"
    assert writers.plain(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2026-01-02T03:04:00+00:00"
