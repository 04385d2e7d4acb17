"""Every way in: whole in both languages, with data to take along, at a fixed cost, never a 500."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from functools import partial
from html import unescape
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.dialogues.models import Dialogue
from tests.factories import (
    make_commitment,
    make_constituent,
    make_dialogue,
    make_note,
    make_place_note,
    make_programme,
    make_programme_item,
    make_round,
)
from tests.pages.conftest import Count, Read

DISCLAIMER = "The designations employed"
LISTS = (
    "/constituents",
    "/themes",
    "/frameworks",
    "/instruments",
    "/sectors",
    "/programmes",
    "/dialogues",
    "/statuses",
)
ONES = (
    "/themes/A1",
    "/themes/A1.1",
    "/frameworks/BALI",
    "/frameworks/BALI/B1",
    "/instruments/C189",
    "/sectors/domestic-work",
    "/target-groups/domestic-workers",
    "/programmes/SAFE-AND-FAIR",
)


def _fill(number: int) -> tuple[Constituent, Dialogue]:
    """Make so many of everything that these pages list; return two that have their own pages."""
    reporting_round = make_round()
    closed = make_round(opens_on=date(2025, 1, 1), closes_on=date(2025, 2, 1))
    lead = make_constituent()
    union = make_constituent(group=Group.WORKERS, country_iso2="QA")
    for _ in range(number):
        commitment = make_commitment(lead, corridors=("NP-QA",), supporters=(union,))
        make_note(commitment, lead, reporting_round)
        make_note(commitment, union, closed)
        make_place_note(lead, reporting_round)
        make_constituent(country_iso2="BD")
        make_programme_item(make_programme())
        meeting = make_dialogue(series="np-qa", corridors=("NP-QA",), countries=("NP",))
    return lead, meeting


def _ones(lead: Constituent, meeting: Dialogue) -> list[str]:
    return [*ONES, f"/constituents/{lead.public_id}", f"/dialogues/{meeting.public_id}"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_answers_in_each_language(database: Session, read: Read, language: str) -> None:
    lead, meeting = _fill(1)
    for address in ("/browse", *LISTS, *_ones(lead, meeting)):
        page = read(address, language)
        assert page.count("<h1") == 1, address
        if address not in {"/browse", "/themes", "/sectors", "/programmes", "/statuses"}:
            said = DISCLAIMER if language == "en" else "التسميات"
            assert said in page, address


def test_the_way_in_leads_to_every_list(database: Session, read: Read) -> None:
    page = read("/browse")
    for address in (*LISTS, "/commitments", "/places", "/corridors"):
        assert f'href="{address}"' in page


def test_every_page_is_taken_along_with_sources_and_the_disclaimer(
    database: Session, client: FlaskClient
) -> None:
    lead, meeting = _fill(2)
    for address in (*LISTS, *_ones(lead, meeting)):
        page = client.get(address).get_data(as_text=True)
        assert f'{address}/data.json"' in page, address
        answer = client.get(f"{address}/data.json")
        found = json.loads(answer.get_data())
        assert "attachment" in answer.headers["Content-Disposition"]
        assert any(DISCLAIMER in note for note in found["notes"]), address
        assert found["address"].endswith(address)
        tables = [rows for rows in found.values() if isinstance(rows, list) and rows]
        assert any(isinstance(rows[0], dict) for rows in tables), address
        book = openpyxl.load_workbook(
            io.BytesIO(client.get(f"{address}/data.xlsx").get_data()), read_only=True
        )
        assert len(book.sheetnames) > 1
        assert (f'{address}/data.csv"' in page) is (address in LISTS or "/C189" in address), address
        rows = _csv(client, f"{address}/data.csv")
        where = rows[0].get("address") or f"http://localhost{address}"
        assert client.get(where.partition("localhost")[2]).status_code == 200
        assert any(DISCLAIMER in str(row.values()) for row in rows), address


def _csv(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_each_table_of_a_page_is_taken_along_as_csv(database: Session, client: FlaskClient) -> None:
    lead, meeting = _fill(2)
    pages = [*_ones(lead, meeting), "/countries/NP", "/corridors/NP-QA", "/frameworks"]
    for address in (*pages, "/instruments"):
        page = unescape(client.get(address).get_data(as_text=True))
        offered = re.findall(r'href="([^"]+/data\.csv\?table=([a-z_]+))"', page)
        found = json.loads(client.get(f"{address}/data.json").get_data())
        held = {name: rows for name, rows in found.items() if isinstance(rows, list)}
        del held["notes"]
        # Of one table the list's own address is enough.
        assert {name for _url, name in offered} == (set(held) if len(held) > 1 else set()), address
        for url, name in offered:
            rows = _csv(client, url)
            assert len([row for row in rows if None not in row][: len(held[name])]) == len(
                held[name]
            ), url
            if held[name]:
                assert list(rows[0]) == list(held[name][0]), url
        for other in ("nothing", "%00", "x" * 3000):
            assert client.get(f"{address}/data.csv?table={other}").status_code == 404


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("/commitments", "/commitments/data"),
        ("/places", "/places/data"),
        ("/corridors", "/corridors"),
    ],
)
def test_the_lists_of_the_header_are_taken_along_too(
    database: Session, client: FlaskClient, page: str, data: str
) -> None:
    _fill(2)
    shown = client.get(page).get_data(as_text=True)
    for kind in ("csv", "json", "xlsx"):
        assert f'href="{data}.{kind}"' in shown
    found = json.loads(client.get(f"{data}.json").get_data())
    (rows,) = (
        value for value in found.values() if isinstance(value, list) and value[0] != str(value[0])
    )
    lines = list(csv.DictReader(io.StringIO(client.get(f"{data}.csv").data.decode("utf-8-sig"))))
    assert [line["address"] for line in lines[: len(rows)]] == [row["address"] for row in rows]
    for row in rows[:2]:
        assert client.get(row["address"].partition("localhost")[2]).status_code == 200
    assert client.get(f"{data}.xlsx").data[:2] == b"PK"


def test_commitments_are_taken_along_as_the_list_is_narrowed(
    database: Session, client: FlaskClient
) -> None:
    _fill(2)
    (row, _other) = json.loads(client.get("/commitments/data.json").data)["commitments"]
    assert row["corridors"] == ["NP-QA"]
    assert len(row["supporters"]) == 1
    page = client.get("/commitments?country=NP").get_data(as_text=True)
    assert 'href="/commitments/data.csv?country=NP"' in page
    for query in ("status=no_information", "overdue=1"):
        assert client.get(f"/commitments/data.json?{query}").status_code == 200
    narrowed = json.loads(client.get("/commitments/data.json?status=complete").data)
    assert narrowed["commitments"] == []
    assert json.loads(client.get("/commitments/data.json?corridor=NP-QA&page=-1").data)[
        "commitments"
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/themes/{}",
        "/frameworks/{}",
        "/frameworks/BALI/{}",
        "/frameworks/{}/B1",
        "/instruments/{}",
        "/sectors/{}",
        "/target-groups/{}",
        "/programmes/{}",
        "/dialogues/{}",
        "/constituents/{}",
    ],
)
@pytest.mark.parametrize(
    "code",
    [
        "NOTHING",
        "a1.1",
        "%00",
        "A1%00",
        "x" * 5000,
        "'; DROP",
        "ØŒ",
        "%F0%9F%92%A9",
        "-1",
        "%D9%A1",
    ],
)
def test_what_is_no_address_is_no_page(
    database: Session, client: FlaskClient, address: str, code: str
) -> None:
    for part in ("", "/data.json"):
        assert client.get(address.format(code) + part).status_code == 404


@pytest.mark.parametrize("part", ["/data.xml", "/data.html", "/data.", "/data.JSON"])
def test_data_has_three_kinds(database: Session, client: FlaskClient, part: str) -> None:
    assert client.get(f"/themes/A1{part}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "country=%00",
        "country=Nepal&group=everybody",
        "country=NP&country=QA&group=workers&group=employers",
        "q=" + "x" * 5000,
        "q=%00%E2%80%AE",
        "series=%00&country=--",
        "series=" + "é" * 90,
    ],
)
@pytest.mark.parametrize("address", ["/constituents", "/dialogues"])
def test_whatever_stands_in_an_address_a_list_answers(
    database: Session, client: FlaskClient, address: str, query: str
) -> None:
    _fill(1)
    assert client.get(f"{address}?{query}").status_code == 200
    assert client.get(f"{address}/data.json?{query}").status_code == 200


def test_pages_cost_the_same_with_few_and_with_many(
    database: Session, client: FlaskClient, count_queries: Count
) -> None:
    lead, meeting = _fill(2)
    addresses = ["/browse", *LISTS, *_ones(lead, meeting), "/themes/A1?page=2"]
    few = {each: count_queries(partial(client.get, each)) for each in addresses}
    _fill(15)
    reporting_round = make_round()
    for _ in range(15):
        commitment = make_commitment(lead, countries=("NP", "BD"))
        make_note(commitment, lead, reporting_round)
        make_place_note(lead, reporting_round)
    for each in addresses:
        assert count_queries(partial(client.get, each)) == few[each] > 0, each
        size = len(client.get(each, headers={"Accept-Encoding": "br"}).get_data())
        assert size < 100_000, each


def test_a_city_that_is_called_as_its_country_is_said_once(database: Session, read: Read) -> None:
    for city, said in (("Qatar", 0), ("Doha", 1)):
        meeting = make_dialogue(host_iso2="QA", place={"en": city})
        verdict = read(f"/dialogues/{meeting.public_id}").partition('"verdict"')[2]
        verdict = verdict.partition("</dl>")[0]
        assert verdict.count(f"<bdi>{city}</bdi>, ") == said
        assert len(re.findall(r"<bdi[^>]*>Qatar</bdi></a>", verdict)) == 1
