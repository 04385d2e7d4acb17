"""A workbook is hostile until its cells are plain values: what cannot be read says so, soon."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill

from policytrack.core import errors, files
from policytrack.reporting import service
from policytrack.reporting.workbook import reading
from tests.core import files_made
from tests.reporting.books import BODY, book, packed

SHEET = "xl/worksheets/sheet1.xml"


def refused(data: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(errors.InvalidInput) as refusal:
        reading.read(service.accepted(data, name).data)
    return str(refusal.value.message)


def sheet(rows: str, extra: str = "") -> bytes:
    content = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData>{extra}</worksheet>"
    )
    return packed(book(Constituents=[BODY]), {SHEET: content.encode()})


def test_cells_come_out_as_what_they_hold(app: Flask, once: None) -> None:
    def change(made: Any) -> None:
        rows = made["Constituents"]
        rows["A2"], rows["B2"], rows["C2"] = date(2027, 3, 31), 1.5, True
        rows["D2"] = "=A1"
        rows["E2"] = "#N/A"
        rows["E2"].data_type = "e"
        fill = PatternFill("solid", bgColor="FFFF00")
        rows.conditional_formatting.add("A1:A9", CellIsRule("equal", ["1"], fill=fill))

    with app.app_context():
        found = reading.read(service.accepted(book(change, Constituents=[BODY]), "a.xlsx").data)
    cells = {
        place: (cell.kind, cell.value) for place, cell in found.leaves[0].rows[1].cells.items()
    }
    assert cells == {
        1: ("date", "2027-03-31T00:00:00"),
        2: ("number", "1.5"),
        3: ("truth", True),
        4: ("formula", ""),
        5: ("error", "#N/A"),
    }


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "a.xlsx", "empty"),
        (files_made.pdf(), "a.xlsx", "By its name this file is an Excel workbook"),
        (files_made.pdf(), "a.pdf", "This is no Excel workbook"),
        (b"code,name\nA,B\n", "a.csv", "plain text"),
        (files_made.OLE + b"\x00" * 600, "a.xls", "older Office"),
        (book(Constituents=[BODY])[:900], "a.xlsx", "damaged"),
        (
            packed(book(Constituents=[BODY]), {"xl/vbaProject.bin": b"\x00macro"}),
            "a.xlsm",
            "macros",
        ),
        (
            packed(book(Constituents=[BODY]), {SHEET: b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
            "a.xlsx",
            "can do harm",
        ),
        (
            packed(book(Constituents=[BODY]), {SHEET: b"<a>" + b" " * 90_000_000 + b"</a>"}),
            "a.xlsx",
            "unpacks to far more",
        ),
        (
            packed(book(Constituents=[BODY]), {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
            "a.xlsx",
            "takes values from other files",
        ),
        (packed(book(Constituents=[BODY]), {SHEET: b"<a/>"}), "a.xlsx", ""),
        (sheet('<row r="x"><c/></row>'), "a.xlsx", "damaged"),
        (sheet('<row r="2"/><row r="2"/>'), "a.xlsx", "damaged"),
        (sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "a.xlsx", "damaged"),
        (sheet(f'<row r="1"><c r="A1"><v>{"9" * 5000}</v></c></row>'), "a.xlsx", "damaged"),
        (
            sheet("".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(1, 20_003))),
            "a.xlsx",
            "more than 20000 rows",
        ),
    ],
)
def test_what_is_no_sound_workbook_is_refused(
    app: Flask, once: None, data: bytes, name: str, why: str
) -> None:
    with app.app_context():
        if why:
            assert why in refused(data, name)
        else:  # an empty part is no fault of the reader: there is nothing in it
            assert reading.read(service.accepted(data, name).data).leaves[0].rows == []


def test_a_row_of_a_million_cells_ends_the_reading_and_nothing_else(app: Flask, once: None) -> None:
    # Irregular enough to pass as an honest archive; every cell costs a hundred times its bytes.
    cells = "".join(f'<c r="ZZ1" s="{n % 7919}"/>' for n in range(1_500_000))
    with pytest.raises(errors.InvalidInput) as refusal:
        reading.read(sheet(f'<row r="1">{cells}</row>'))
    assert "too large or too intricate" in str(refusal.value.message)


def test_huge_dimensions_and_a_hundred_thousand_empty_rows_are_nothing(
    app: Flask, once: None
) -> None:
    empty = "".join(
        f'<row r="{n}" ht="15" customHeight="1"><c r="A{n}" s="0"/></row>'
        for n in range(2, 100_002)
    )
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>Code</t></is></c></row>'
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = sheet(head + empty + last)
    with app.app_context():
        found = reading.read(service.accepted(content, "a.xlsx").data)
    assert [row.number for row in found.leaves[0].rows] == [1, 1048576]
    # What stands beyond every column is kept in one place, to be named.
    assert list(found.leaves[0].rows[1].cells) == [101]


def test_an_upload_is_kept_without_the_names_of_its_authors(app: Flask, once: None) -> None:
    def change(made: Any) -> None:
        made.properties.creator = "Asha Rai"

    with app.app_context():
        accepted = files.inspect(book(change, Constituents=[BODY]), name="a.xlsx")
    with zipfile.ZipFile(io.BytesIO(accepted.data)) as package:
        assert b"Asha" not in package.read("docProps/core.xml")
    assert openpyxl.load_workbook(io.BytesIO(accepted.data)).sheetnames == ["Constituents"]
