"""Bad data files: each fault is named with its place, and nothing is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from policytrack.reference import queries
from policytrack.reference.files import tables
from policytrack.reference.kinds import KINDS
from tests.reference.writing import (
    CORRIDOR,
    COUNTRY,
    SECTOR,
    SOUND,
    THEME,
    csv_of,
    folder,
    is_there,
    refusal,
)

NL = "\n"


@pytest.fixture(autouse=True)
def unchanged(database: Session) -> Any:
    """See that a refused load leaves every table as it was."""
    before = queries.counts(database)
    yield
    database.rollback()
    assert queries.counts(database) == before


def test_the_packaged_files_are_sound_and_whole() -> None:
    found = {table.kind.name: table for table in tables()}
    assert set(found) == set(KINDS)
    # Every column of every kind is there: a lacking one says nothing of its field.
    lacking = {
        name: [column.name for column in table.kind.loaded if column not in table.columns]
        for name, table in found.items()
    }
    assert {name: names for name, names in lacking.items() if names} == {}


def test_every_label_of_the_packaged_files_stands_in_english_and_arabic() -> None:
    # Names of organisations are never invented, nor translated by us.
    empty = [
        (table.kind.name, line.number, column.name)
        for table in tables()
        if table.kind.name != "constituents"
        for line in table.lines
        for column in table.columns
        if column.holder == "labels" and column.language in {"en", "ar"}
        if not line.values[column.name]
    ]
    assert empty == []


@pytest.mark.parametrize(
    ("kind", "spoilt", "expected"),
    [
        # One row by itself
        ("sectors", {"code": ""}, "code: this must not be empty"),
        ("sectors", {"code": "a b"}, "code: “a b” has not the form of such a code"),
        ("sectors", {"code": "x" * 41}, "code: this is longer than 40 characters (it has 41)"),
        ("sectors", {"label_en": " "}, "label_en: this must not be empty"),
        ("sectors", {"label_en": "x" * 301}, "label_en: this is longer than 300 characters"),
        ("sectors", {"label_ar": "\u202eevil"}, "label_ar: there is a control character"),
        ("sectors", {"position": "first"}, "position: “first” is not a whole number"),
        ("sectors", {"position": "1" * 9}, "position: 111111111 is not between 0 and 99999"),
        ("sectors", {"labl_ar": "x"}, "labl_ar: there is no such column"),
        ("countries", {"as_of": "21.11.2026"}, "as_of: “21.11.2026” is not a date"),
        ("countries", {"side": "middle"}, "side: “middle” is none of origin, destination, both"),
        ("countries", {"women_pct_2020": "120"}, "women_pct_2020: 120 is not between 0 and 100"),
        ("countries", {"iso2": "zz"}, "iso2: “zz” has not the form of such a code"),
        ("countries", {"gcc": "maybe"}, "gcc: “maybe” is none of yes"),
        ("themes", {"confidence": "sure"}, "confidence: “sure” is none of high, medium, low"),
        # What does not go together in it
        ("corridors", {"code": "QA-NP"}, "code: the code of this corridor must be NP-QA"),
        (
            "corridors",
            {"code": "NP-NP", "destination": "NP"},
            "destination: a corridor leads from one place to another, not back to itself",
        ),
        (
            "corridors",
            {"stock_2020": "10", "women_2020": "11"},
            "women_2020: there cannot be more women than people",
        ),
        ("corridors", {"alt_figure": "5"}, "alt_source: a national figure needs its source"),
        ("ratifications", {"state": "no"}, "as_of: a “no” is true of the day of a list only"),
        ("ratifications", {"state": "pending", "year": "2020"}, "on: what was not ratified has no"),
        ("ratifications", {"on": "2019-01-02", "year": "2020"}, "year: the year is not that of"),
        # What others do not have
        ("ratifications", {"on": "2199-01-02"}, "on: This day is still to come."),
        ("ratifications", {"on": "", "year": "2199"}, "year: This day is still to come."),
        ("ratifications", {"as_of": "2199-01-02"}, "as_of: This day is still to come."),
        ("ratifications", {"country": "XX"}, "country: “XX” is not in the list of countries"),
        ("ratifications", {"instrument": "C0"}, "instrument: “C0” is not in the list of instr"),
        ("instruments", {"themes": "A1;Z9"}, "themes: “Z9” is not in the list of themes"),
        ("countries", {"ilo_region": "mars"}, "ilo_region: “mars” is not in the list of regions"),
        ("corridors", {"cluster": "moon"}, "cluster: “moon” is not in the list of clusters"),
        ("themes", {"parent": "B1"}, "parent: “B1” is not in the list of themes"),
        # What others have already
        ("countries", {"m49": "524"}, "m49: “524” belongs to NP already"),
        # Where it belongs
        ("themes", {"parent": "A9"}, "parent: this goes round in a circle: A9 > A9"),
        ("themes", {"parent": "A1.1"}, "parent: this lies deeper than 2 levels"),
    ],
)
def test_a_fault_in_a_row_is_named_with_its_place(
    tmp_path: Path, kind: str, spoilt: dict[str, str], expected: str
) -> None:
    found = refusal(folder(tmp_path, **{kind: [{**SOUND[kind], **spoilt}]}))
    line = 1 if "no such column" in expected else 2
    assert any(each.startswith(f"{kind}.csv, line {line}, {expected}") for each in found), found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "line 1: there are no column names"),
        ("code,position\nsalt,9\n", "line 1, label_en: this column is missing"),
        ("code,code,label_en,position\na,b,c,1\n", "line 1, code: this column stands here twice"),
        (csv_of(SECTOR) + "a,b\n", "line 3: this row has 2 cells, and there are 3 column names"),
        (
            csv_of(SECTOR) + "a,b,1,2\n",
            "line 3: this row has 4 cells, and there are 3 column names",
        ),
        (csv_of(SECTOR) + 'x,"y', "line 3: this is not CSV"),
        (csv_of(SECTOR) + "a," + "x" * 200_000 + ",1\n", "line 3: this is not CSV: field larger"),
        (csv_of(SECTOR).encode() + b"a,\xff\xfe,1\n", "line 3: this is not UTF-8"),
        (csv_of(SECTOR).encode("utf-16"), "line 1: this is not UTF-8"),
        (csv_of(SECTOR) + "a\0,b,1\n", "line 3: there is a NUL character"),
        (csv_of(SECTOR, SECTOR), "line 3, code: salt stands in line 2 already"),
    ],
)
def test_a_fault_of_a_file_is_named(tmp_path: Path, content: Any, expected: str) -> None:
    found = refusal(folder(tmp_path, sectors=content))
    assert any(each.startswith(f"sectors.csv, {expected}") for each in found), found


def test_a_file_of_another_name_is_no_file_of_ours(tmp_path: Path) -> None:
    assert refusal(folder(tmp_path, sektors=[SECTOR])) == [
        "sektors.csv: there is no kind of reference data of this name"
    ]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "there is no data file in this folder" in refusal(tmp_path)[0]


def test_a_circle_of_two_is_named_whole(tmp_path: Path) -> None:
    two = [{**THEME, "parent": "A10"}, {**THEME, "code": "A10", "parent": "A9"}]
    assert "a circle: A9 > A10 > A9" in "\n".join(refusal(folder(tmp_path, themes=two)))


def test_a_country_stands_under_its_latest_designation(tmp_path: Path) -> None:
    nepal = {**COUNTRY, "iso2": "NP", "iso3": "NPL", "m49": "524", "name_en": "Nepal"}
    names = [
        {"country": "NP", "since": day, "name_en": name, "authority": "a test"}
        for day, name in (("2026-11-21", "Naples"), ("2020-01-01", "Nepal"))
    ]
    assert refusal(folder(tmp_path, countries=[nepal], designations=names)) == [
        "countries.csv, line 2, name_en: this is not the latest designation"
        " (designations.csv, line 2)"
    ]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    bad = [{**SECTOR, "position": "x"}, {**SECTOR, "code": "", "position": "y"}]
    found = refusal(folder(tmp_path, sectors=bad, corridors=[{**CORRIDOR, "confidence": "sure"}]))
    assert [line.split(":")[0] for line in found] == [
        "corridors.csv, line 2, confidence",
        "sectors.csv, line 2, position",
        "sectors.csv, line 3, code",
        "sectors.csv, line 3, position",
    ]


def test_one_bad_file_keeps_the_good_ones_out(tmp_path: Path) -> None:
    refusal(folder(tmp_path, sectors=[SECTOR], corridors=[{**CORRIDOR, "origin": "XX"}]))
    assert not is_there("sectors", "salt")


def test_lines_are_counted_where_a_cell_runs_over_several(tmp_path: Path) -> None:
    text = csv_of({**THEME, "scope_en": f"one{NL}two{NL}three"}) + f"{NL}A10,,,,,{NL}"
    assert any("themes.csv, line 6" in line for line in refusal(folder(tmp_path, themes=text)))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "nowhere")[0]


def test_a_mark_at_the_beginning_and_windows_lines_are_read(tmp_path: Path) -> None:
    text = csv_of(SECTOR).replace("\n", "\r\n").encode("utf-8-sig")
    assert tables(folder(tmp_path, sectors=text))[0].lines[0].values["label_en"] == "Salt"


def test_what_a_download_defused_is_itself_again(tmp_path: Path) -> None:
    found = tables(folder(tmp_path, sectors=[{**SECTOR, "label_en": "'=1+1"}]))
    assert found[0].lines[0].values["label_en"] == "=1+1"
