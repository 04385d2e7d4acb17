"""The list of the library: what it holds, what narrows it, and what is taken along."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from functools import partial

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.library import queries
from policytrack.library.exchange import rows
from policytrack.library.exchange.profiles import PROFILE_NAMES
from policytrack.library.rules import Type
from policytrack.library.words import TYPE_WORDS
from tests.factories import make_constituent
from tests.library.shelf import shelve
from tests.pages.conftest import Count, Read


def _titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*><bdi[^>]*>([^<]+)', page)


@pytest.fixture
def shelf(database: Session) -> None:
    ministry = make_constituent(group="governments")
    shelve(
        ministry,
        title="Foreign Employment Act",
        type="law",
        official_number="26 of 2007",
        issued="2007-09-05",
        issued_on=date(2007, 9, 5),
        legal_status="in_force",
        in_force_from="2007",
        tied={"themes": ["A1.1"], "sectors": ["domestic-work"], "countries": ["NP"]},
    )
    shelve(
        title="مذكرة تفاهم",
        type="agreement",
        language="ar",
        summary="بين نيبال وقطر",
        issued="2016",
        issued_on=date(2016, 1, 1),
        legal_status="repealed",
        corridors=["NP-QA"],
    )
    shelve(title="Study of fees", type="research", tied={"themes": ["A2"]})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["مذكرة تفاهم", "Foreign Employment Act", "Study of fees"]),
        ("type=law", ["Foreign Employment Act"]),
        ("theme=A1", ["Foreign Employment Act"]),
        ("theme=A1.1", ["Foreign Employment Act"]),
        ("sector=domestic-work", ["Foreign Employment Act"]),
        ("country=NP", ["مذكرة تفاهم", "Foreign Employment Act"]),
        ("country=QA", ["مذكرة تفاهم"]),
        ("corridor=NP-QA", ["مذكرة تفاهم"]),
        ("language=ar", ["مذكرة تفاهم"]),
        ("group=governments", ["Foreign Employment Act"]),
        ("status=repealed", ["مذكرة تفاهم"]),
        ("since=2008", ["مذكرة تفاهم"]),
        ("until=2007", ["Foreign Employment Act"]),
        ("since=2007&until=2016", ["مذكرة تفاهم", "Foreign Employment Act"]),
        ("since=٢٠٠٨", ["مذكرة تفاهم"]),
        ("q=fees", ["Study of fees"]),
        ("q=26 of 2007", ["Foreign Employment Act"]),
        ("q=نيبال", ["مذكرة تفاهم"]),
        ("q=%25", []),
        ("type=law&language=ar", []),
    ],
)
def test_each_filter_leaves_what_it_says(
    read: Read, shelf: None, query: str, expected: list[str]
) -> None:
    page = read(f"/library?{query}")
    assert _titles(page) == expected
    said = f"{len(expected)} document{'' if len(expected) == 1 else 's'}"
    assert f">{said}</h2>" in page


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "page=50",
        "type=nonsense&type=law",
        "theme=%00",
        "country=nepal",
        "since=99999&until=-5",
        "since=%E0%A5%A8",
        f"q={'x' * 5000}",
        "q=%00%E2%80%AE%F0%9F%98%80",
        "language=../../etc",
        "q=_&q=%25",
    ],
)
def test_what_makes_no_sense_is_left_aside(client: FlaskClient, shelf: None, query: str) -> None:
    assert client.get(f"/library?{query}").status_code == 200


def test_an_empty_library_says_so(read: Read, database: Session) -> None:
    page = read("/library")
    assert "The library holds no document yet." in page
    assert "0 documents" in page


def test_what_is_in_force_is_marked_by_its_dates_too(read: Read, database: Session) -> None:
    for until, word in (("2999", "In force"), ("2001-05", "No longer in force")):
        shelve(title=f"Act until {until}", legal_status="in_force", in_force_until=until)
        row = read(f"/library?q=until {until}").partition("<tbody>")[2].partition("</tbody>")[0]
        assert f">{word}</span>" in row
    shelve(title="Act to come", legal_status="in_force", in_force_from="2999-01")
    assert "Adopted, not in force yet</span>" in read("/library?q=to come")


def test_only_what_occurs_is_offered(read: Read, shelf: None) -> None:
    page = read("/library")
    offered = set(re.findall(r'<option value="([^"]+)"', page))
    assert {"law", "agreement", "research", "A1", "A1.1", "A2", "domestic-work"} <= offered
    assert {"NP", "QA", "NP-QA", "ar", "en", "governments", "in_force", "repealed"} <= offered
    assert not {"practice", "BD", "fr", "workers", "suspended", "construction"} & offered


def test_a_page_holds_25_and_costs_the_same_however_many_there_are(
    client: FlaskClient, database: Session, count_queries: Count
) -> None:
    def addresses() -> list[int]:
        return [
            count_queries(partial(client.get, address))
            for address in ("/library", "/library/data.json", "/library/citations.bib")
        ]

    ties = {"themes": ["A1.1"], "countries": ["NP", "QA"]}
    shelve(make_constituent(), tied=ties, corridors=["NP-QA"], text=["One."])
    addresses()
    before = addresses()
    for number in range(30):
        shelve(make_constituent(), tied=ties, corridors=["NP-QA"], text=[f"One {number}."])
    assert addresses() == before
    page = client.get("/library").text
    assert len(_titles(page)) == 25
    assert "1 to 25 of 31" in page
    assert 'href="/library?page=2"' in page
    assert len(_titles(client.get("/library?page=2").text)) == 6


def test_the_list_is_taken_along_with_the_columns_of_a_manifest(
    client: FlaskClient, shelf: None
) -> None:
    shelve(
        make_constituent(code="NP-GOV-1"),
        title="=cmd()",
        type="practice",
        authors=[{"family": "Al-Hassan", "given": "Fatima"}, {"literal": "ILO"}],
        practice={"lessons": "Begin early.", "sdgs": ["8.8", "10.7"], "contact": "hidden@x.org"},
        text=["One."],
    )
    found = json.loads(client.get("/library/data.json?type=practice").data)["documents"]
    assert len(found) == 1
    row = found[0]
    assert row["authors"] == ["Al-Hassan, Fatima", "ILO"]
    assert (row["lessons"], row["sdgs"], row["contact"]) == ("Begin early.", ["8.8", "10.7"], "")
    assert row["organisation"] == "NP-GOV-1"
    assert row["files"][0].endswith("/act.pdf")
    assert len(row["sha256"][0]) == 64
    assert client.get(row["address"].partition("localhost")[2]).status_code == 200
    answer = client.get("/library/data.csv?type=practice")
    line = next(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert line["title"] == "'=cmd()"
    assert set(line) == rows.COLUMNS
    assert client.get("/library/data.xlsx").data[:2] == b"PK"


def test_practices_are_taken_along_in_the_columns_of_other_databases(
    client: FlaskClient, shelf: None
) -> None:
    shelve(
        title="A desk",
        type="practice",
        summary="Who and what",
        practice={"start": "2016", "end": "2018", "why_good": "It works.", "contact": "x@y.org"},
        tied={"countries": ["NP"]},
    )
    page = client.get("/library?type=practice").text
    assert "profile=" not in client.get("/library").text
    assert 'href="/library/data.csv?profile=unnm&amp;type=practice"' in page
    for code, name in PROFILE_NAMES.items():
        assert f">{name}</a>" in page
        answer = client.get(f"/library/data.csv?profile={code}")
        line = next(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert "Nepal" in line.values()
        assert "x@y.org" not in answer.text
        assert "language: 1 row says something that has no column" in answer.text
    found = json.loads(client.get("/library/data.json?profile=unnm").data)["documents"]
    assert [row["Dates"] for row in found] == ["2016 – 2018"]
    assert client.get("/library/data.csv?profile=%00nothing").text.startswith("\ufeffid,type")


def test_a_whole_list_is_cited(client: FlaskClient, shelf: None) -> None:
    shelve(title="Unnamed", type="", language="")
    bib = client.get("/library/citations.bib?type=law")
    assert bib.headers["Content-Disposition"] == "attachment; filename=library.bib"
    assert bib.text.count("@") == 1
    assert "Foreign Employment Act" in bib.text
    assert client.get("/library/citations.ris").text.count("ER  -") == 4
    assert len(json.loads(client.get("/library/citations.json").data)) == 4
    assert client.get("/library/citations.xml").status_code == 404


def test_every_kind_of_document_has_its_word() -> None:
    assert set(TYPE_WORDS) == set(Type)
    assert queries.parse({"type": "law", "page": "3"}).active == {"type": "law"}
