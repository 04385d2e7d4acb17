"""Corridors as map, matrix, table and files: the same numbers everywhere, weak ones as weak."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from policytrack.commitments.rules import TextState
from policytrack.core.db import db, transaction
from policytrack.pages.presenters.maps import corridor_map, country_map
from policytrack.places import queries as places
from policytrack.places.models import Corridor
from tests.factories import make_commitment, make_constituent

DISCLAIMER = "The designations employed"


def _page(client: FlaskClient, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def _rows(client: FlaskClient, address: str = "/corridors.csv") -> list[dict[str, str]]:
    text = client.get(address).get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return [row for row in rows if row["destination"]]


def _cell(page: str, code: str) -> str:
    found = re.search(rf'<td class="n([^"]*)"[^>]*><a href="/corridors/{code}">(.*?)</a>', page)
    assert found, code
    return found[1] + "|" + re.sub(r"<[^>]+>", "", found[2])


def _change(code: str, **values: object) -> None:
    with transaction() as session:
        corridor = session.scalars(select(Corridor).where(Corridor.code == code)).one()
        for name, value in values.items():
            setattr(corridor, name, value)


def test_the_finding_comes_first_and_names_its_source(
    client: FlaskClient, database: Session
) -> None:
    page = re.sub("[\u2068\u2069]", "", _page(client, "/corridors"))
    title = "India to United Arab Emirates is the largest of 79 corridors"
    assert f"<figcaption>{title}: 3,471,300 people (UN estimate, 2020)</figcaption>" in page
    assert "International Migrant Stock 2020" in page
    assert DISCLAIMER in page
    order = [page.index(part) for part in ("<figcaption>", 'class="matrix ', "figures-table")]
    assert order == sorted(order)


def test_map_matrix_and_data_hold_the_same_numbers(client: FlaskClient, database: Session) -> None:
    page = _page(client, "/corridors")
    rows = _rows(client)
    assert len(rows) == 79 == len(re.findall(r'<path d="M[^>]+><title>', page))
    for row in rows:
        number = f"{int(row['people']):,}" if row["people"] else "no estimate"
        assert number in _cell(page, row["code"])


def test_no_estimate_is_dashed_and_said_and_never_a_nought(
    client: FlaskClient, database: Session
) -> None:
    page = _page(client, "/corridors?corridor=KE-QA")
    assert "There is no estimate for this corridor" in page
    assert _cell(page, "KE-QA") == " unknown|no estimate"
    drawn = re.search(r'<g class="none"[^>]*stroke-dasharray[^>]*>(.*?)</g>', page)
    assert drawn
    assert "no estimate" in drawn[1]


def test_a_weak_figure_is_hollow_and_called_weak(client: FlaskClient, database: Session) -> None:
    page = _page(client, "/corridors?corridor=MY-SG")
    assert "weak" in _cell(page, "MY-SG")
    assert "(UN estimate, 2020, weak)" in page
    hollow = re.search(r'<g class="weak"[^>]*>(.*?)</g>', page)
    assert hollow
    assert "1,132,924" in hollow[1]


def test_the_estimate_of_indonesia_never_stands_alone(
    client: FlaskClient, database: Session
) -> None:
    page = _page(client, "/corridors?corridor=ID-SA")
    assert "351,000" in _cell(page, "ID-SA")
    assert "national 2023" in _cell(page, "ID-SA")
    assert "1,709,318: UN estimate, 2020" in page


def test_the_list_of_places_gives_the_figures_of_the_map(
    client: FlaskClient, database: Session
) -> None:
    page = _page(client, "/places")
    lines = {
        code: line
        for line in page.split("<tr>")
        for code in re.findall("/corridors/([A-Z]{2}-[A-Z]{2})", line)
    }
    assert "351,000" in lines["ID-SA"]
    assert "national figure" in lines["ID-SA"]
    assert "1,709,318" not in lines["ID-SA"]
    assert "weak" in lines["MY-SG"]
    assert "weak" not in lines["NP-QA"]
    assert "Sources of national figures stand beside them" in page


def test_women_carried_over_from_other_origins_are_no_fact(
    client: FlaskClient, database: Session
) -> None:
    rows = {row["code"]: row for row in _rows(client)}
    assert rows["IN-AE"]["women"] == "805271"
    assert rows["ET-SA"]["women"] == rows["ET-SA"]["un_women_2020"] == ""
    assert "50,963" not in _page(client, "/corridors?corridor=ET-SA")


def test_filters_narrow_map_matrix_table_and_files_alike(
    client: FlaskClient, database: Session
) -> None:
    page = _page(client, "/corridors?cluster=asean")
    assert len(re.findall(r'<path d="M[^>]+><title>', page)) == 15
    assert 'href="/corridors/NP-QA"' not in page
    assert "/corridors.csv?cluster=asean" in page
    assert len(_rows(client, "/corridors.csv?cluster=asean")) == 15
    ends = {
        (row["code"][:2], row["code"][3:]) for row in _rows(client, "/corridors.csv?country=EG")
    }
    assert ends
    assert all("EG" in pair for pair in ends)


def test_measured_by_commitments_in_force_only(client: FlaskClient, database: Session) -> None:
    lead = make_constituent()
    make_commitment(lead, corridors=("NP-QA", "NP-SA"))
    make_commitment(lead, corridors=("NP-QA",))
    make_commitment(lead, corridors=("BD-SA",), state=TextState.DRAFT)
    page = re.sub("[\u2068\u2069]", "", _page(client, "/corridors?measure=commitments"))
    assert "No corridor is named more often than Nepal to Qatar: 2 commitments" in page
    assert _cell(page, "NP-QA").endswith("|2")
    assert _cell(page, "BD-SA") == " unknown|0"
    rows = _rows(client, "/corridors.csv?committed=1")
    assert {row["code"]: row["commitments"] for row in rows} == {"NP-QA": "2", "NP-SA": "1"}


def test_a_corridor_of_commitments_nobody_names_says_so(
    client: FlaskClient, database: Session
) -> None:
    page = _page(client, "/corridors?measure=commitments")
    assert "No commitment in force names one of these corridors yet" in page
    assert "No corridor matches these filters." in _page(client, "/corridors?committed=1")


@pytest.mark.parametrize(
    "query",
    [
        "cluster=nonsense",
        "cluster=%00",
        "country='--",
        "country=ZZ",
        "corridor=NP-NP",
        "measure=drop",
        "committed=2",
        "country=NP&country=QA",
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "cluster=" + "x" * 5000,
        "measure=commitments&committed=1",
    ],
)
def test_whatever_stands_in_an_address_all_three_answer(
    client: FlaskClient, database: Session, query: str
) -> None:
    for path in ("/corridors", "/corridors.csv", "/corridors.svg"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_data_carry_source_and_disclaimer_and_run_nothing(
    client: FlaskClient, database: Session
) -> None:
    _change("NP-QA", note="=HYPERLINK(1)", alt_source="@SUM(1)", alt_figure=5)
    answer = client.get("/corridors.csv")
    text = answer.get_data().decode("utf-8-sig")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert DISCLAIMER in text
    assert "International Migrant Stock 2020" in text
    row = next(row for row in _rows(client) if row["code"] == "NP-QA")
    assert row["note"] == "'=HYPERLINK(1)"
    assert row["national_source"] == "'@SUM(1)"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_picture_stands_alone(client: FlaskClient, database: Session, language: str) -> None:
    answer = client.get("/corridors.svg", headers={"Accept-Language": language})
    assert answer.mimetype == "image/svg+xml"
    text = answer.get_data(as_text=True)
    tree = ElementTree.fromstring(text)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert not re.search(r"style=|<style|<script|href=|class=\"names tight", text)
    said = "".join(tree.itertext())
    assert {"en": DISCLAIMER, "ar": "لا تنطوي التسميات"}[language] in said
    assert "International Migrant Stock" in said or language == "ar"
    assert {"en": "Nepal", "ar": "نيبال"}[language] in said


def test_names_with_markup_stay_words_in_page_and_picture(
    client: FlaskClient, database: Session
) -> None:
    with transaction() as session:
        origin = session.scalars(select(Corridor).where(Corridor.code == "NP-QA")).one().origin
        origin.labels = {"en": '<b>"Nepal" & more</b>'}
    assert "<b>" not in _page(client, "/corridors")
    picture = client.get("/corridors.svg").get_data(as_text=True)
    assert '<b>"Nepal"' in "".join(ElementTree.fromstring(picture).itertext())


def test_the_map_is_not_mirrored_in_arabic(client: FlaskClient, database: Session) -> None:
    land = r'class="land"[^>]* d="([^"]+)"'
    english, arabic = (re.search(land, _page(client, "/corridors", code)) for code in ("en", "ar"))
    assert english
    assert arabic
    assert english[1] == arabic[1]
    assert len(english[1]) < 15_000


def test_a_country_and_a_corridor_have_small_maps(app: Flask, database: Session) -> None:
    with app.test_request_context():
        nepal = places.country(database, "NP")
        drawn = country_map(nepal, places.corridors_of(database, "NP"))
        assert drawn
        assert len(drawn.bands) == 6
        assert len(drawn.coast) < 8_000
        assert country_map(places.country(database, "JP"), []) is None
        pair = corridor_map(places.corridor(database, "NP-QA"))
        assert pair
        assert [label.lines for label in pair.labels] == [("Qatar",), ("Nepal",)]


@pytest.mark.parametrize("path", ["/corridors", "/corridors.csv", "/corridors.svg"])
def test_statements_do_not_grow_with_corridors_and_commitments(
    app: Flask, client: FlaskClient, database: Session, path: str
) -> None:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT")):
            statements.append(statement)

    def count(act: Callable[[], object]) -> int:
        statements.clear()
        act()
        return len(statements)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    lead = make_constituent()
    few = count(lambda: client.get(f"{path}?country=NP"))
    for _ in range(10):
        make_commitment(lead, corridors=("NP-QA", "BD-SA", "IN-AE"))
    many = count(lambda: client.get(path))
    event.remove(engine, "before_cursor_execute", note)
    assert 0 < few == many


def test_the_page_is_light(client: FlaskClient, database: Session) -> None:
    answer = client.get("/corridors", headers={"Accept-Encoding": "gzip"})
    assert len(answer.get_data()) < 40_000
