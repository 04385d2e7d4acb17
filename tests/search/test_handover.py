"""A whole result is taken along: with its filters, its address, and nothing that is hidden."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator

import bibtexparser
import openpyxl
import pytest
import rispy
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.core.db import db
from policytrack.core.documents import own
from policytrack.core.review import State
from policytrack.search import taking
from policytrack.search.handover import views
from policytrack.search.index.follower import Follower
from tests.factories import (
    make_commitment,
    make_constituent,
    make_document,
    make_member,
    make_note,
    make_round,
)
from tests.search.sources import Shelf

SignIn = Callable[[FlaskClient, User], None]
KINDS = ("csv", "xlsx", "ris", "bib", "json")


def taken(client: FlaskClient, kind: str, query: str) -> bytes:
    answer: TestResponse = client.get(f"/search/results.{kind}?{query}")
    assert answer.status_code == 200
    assert "search-20" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].endswith(f".{kind}")
    return answer.get_data()


def rows_of(data: bytes) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows of a CSV and the notes that follow them."""
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    end = lines.index([])
    return (
        [dict(zip(lines[0], line, strict=True)) for line in lines[1:end]],
        [line[0] for line in lines[end + 1 :]],
    )


@pytest.fixture
def world(app: Flask, database: Session) -> None:
    lead = make_constituent(labels={"en": "Ministry of Labour, Nepal", "ar": "وزارة العمل"})
    commitment = make_commitment(lead, title="Zebra crossings at recruitment offices")
    make_note(commitment, lead, make_round(), done="A zebra was painted.")
    make_note(commitment, lead, make_round(), done="A zebra in a draft.", state=State.DRAFT)
    make_document(title="Zebra Act, 2019", type="law", summary="=1+1 of zebras")
    Follower(app).rebuild()


def test_a_table_holds_everything_and_says_by_which_search(
    client: FlaskClient, world: None
) -> None:
    rows, notes = rows_of(taken(client, "csv", "q=zebra&sort=date"))
    assert sorted(row["kind"] for row in rows) == ["commitment", "document", "note"]
    assert [row["place"] for row in rows] == ["1", "2", "3"]
    assert "http://localhost/search?q=zebra&sort=date" in notes
    assert not any(row["text"][:4] == "=1+1" for row in rows)
    assert all(row["address"].startswith("http://localhost/") for row in rows)
    assert {row["published"] for row in rows} == {"true"}
    rows, _notes = rows_of(taken(client, "csv", "q=zebra&kind=note"))
    assert [row["kind"] for row in rows] == ["note"]
    book = openpyxl.load_workbook(io.BytesIO(taken(client, "xlsx", "q=zebra")))
    assert book["about"]["A2"].value == "http://localhost/search?q=zebra"
    assert book["results"].max_row == 4


def test_the_reader_s_language_is_spoken(client: FlaskClient, world: None) -> None:
    client.set_cookie("language", "ar")
    book = openpyxl.load_workbook(io.BytesIO(taken(client, "xlsx", "q=zebra&kind=note")))
    assert book["results"].sheet_view.rightToLeft
    headings = [cell.value for cell in book["results"][1]]
    context = book["results"].cell(2, headings.index(headings[7]) + 1).value
    assert context == "وزارة العمل"


def test_everything_is_cited_for_what_it_is(client: FlaskClient, world: None) -> None:
    items = {item["type"]: item for item in json.loads(taken(client, "json", "q=zebra"))}
    assert set(items) == {"legislation", "report"}
    reports = [item for item in json.loads(taken(client, "json", "q=zebra"))
               if item["type"] == "report"]  # fmt: skip
    assert {item["genre"] for item in reports} == {"Progress note", "Commitment"}
    for item in reports:
        assert item["author"] == [{"literal": "Ministry of Labour, Nepal"}]
        assert item["issued"]["date-parts"][0][0] >= 2020
        assert item["URL"].startswith("http://localhost/")
        assert "Search: http://localhost/search?q=zebra" in item["note"]
    entries = rispy.loads(taken(client, "ris", "q=zebra").decode())
    assert sorted(entry["type_of_reference"] for entry in entries) == ["RPRT", "RPRT", "STAT"]
    assert all("http://localhost/search?q=zebra" in str(entry["notes"]) for entry in entries)
    text = taken(client, "bib", "q=zebra").decode()
    assert text.startswith("% Search: zebra\n% http://localhost/search?q=zebra\n")
    library = bibtexparser.parse_string(text)
    assert (len(library.entries), library.failed_blocks) == (3, [])


def test_places_and_themes_are_pages(client: FlaskClient, world: None) -> None:
    (item,) = json.loads(taken(client, "json", "q=nepal&kind=country"))
    assert (item["type"], item["title"], item["publisher"]) == ("webpage", "Nepal", "PolicyTrack")
    assert "TY  - ELEC" in taken(client, "ris", "q=nepal&kind=country").decode()


def test_nothing_is_a_whole_file_too(client: FlaskClient, world: None) -> None:
    assert json.loads(taken(client, "json", "q=nothingofthekind")) == []
    for kind in KINDS:
        assert taken(client, kind, "q=nothingofthekind") is not None
    assert rispy.loads(taken(client, "ris", "q=nothingofthekind").decode()) == []
    assert client.get("/search/results.pdf?q=x").status_code == 404
    assert f"Up to {taking.MOST:,} results" in client.get("/search?q=zebra").text


def test_drafts_go_only_to_those_who_may_read_them_and_are_never_cited(
    client: FlaskClient, notes: Shelf, following: Follower, sign_in: SignIn
) -> None:
    ministry = make_constituent()
    notes.put("pub", "Zebra", "x")
    notes.put("dra", "Zebra hidden", "x", part="open", access=(own(ministry.id),))
    following.follow()
    for kind in KINDS:
        assert b"hidden" not in taken(client, kind, "q=zebra")
    sign_in(client, make_member(ministry))
    rows, _notes = rows_of(taken(client, "csv", "q=zebra"))
    assert {row["id"]: row["published"] for row in rows} == {"pub": "true", "dra": "false"}
    for kind in ("ris", "bib", "json"):
        assert b"hidden" not in taken(client, kind, "q=zebra")


def test_a_result_that_is_too_long_is_cut_and_says_so(
    client: FlaskClient, notes: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST", 5)
    for number in range(8):
        notes.put(f"n{number}", "Zebra", "x")
    following.follow()
    rows, said = rows_of(taken(client, "csv", "q=zebra"))
    assert len(rows) == 5
    sentence = "Only the first 5 results are in this file. There are 8 in all"
    assert any(sentence in note for note in said)
    for kind in ("ris", "bib", "json"):
        assert sentence in taken(client, kind, "q=zebra").decode(), kind
    # In the reader's language, though most is made after the answer has begun.
    client.set_cookie("language", "fr")
    for kind in ("csv", "ris", "bib", "json"):
        said = taken(client, kind, "q=(zebra OR ( ").decode()
        assert "Compris comme" in said, kind


def test_it_is_read_in_sets_and_holds_no_connection_between_them(
    app: Flask, client: FlaskClient, notes: Shelf, following: Follower,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for number in range(7):
        notes.put(f"n{number}", "Zebra", "x")
    following.follow()
    monkeypatch.setattr("policytrack.search.handover.files.AT_A_TIME", 3)
    asked: list[int] = []
    real = notes.results

    def watched(session, keys, actor, language):  # type: ignore[no-untyped-def]  # as the real one
        asked.append(len(keys))
        return real(session, keys, actor, language)

    monkeypatch.setattr(notes, "results", watched)
    answer = client.get("/search/results.csv?q=zebra", buffered=False)
    parts: Iterator[bytes] = answer.iter_encoded()
    assert asked == []  # nothing is read before somebody takes it
    seen = b""
    while b"n0" not in seen and not asked:
        seen += next(parts)
    assert asked == [3]
    with app.app_context():
        assert db.engine.pool.checkedout() <= 1  # type: ignore[attr-defined]  # of a pool that counts
    # What is hidden meanwhile is not handed over any more.
    notes.hidden.update(f"note:n{number}:published" for number in range(3, 7))
    seen += b"".join(parts)
    assert asked == [3, 3, 1]
    assert len(rows_of(seen)[0]) == 3


def test_statements_do_not_grow_with_the_result(client: FlaskClient, world: None) -> None:
    def count(kind: str) -> int:
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            taken(client, kind, "q=zebra")
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    before = {kind: count(kind) for kind in KINDS}
    lead = make_constituent()
    for number in range(6):
        commitment = make_commitment(lead, title=f"Zebra {number}")
        make_note(commitment, lead, make_round(), done="zebra")
        make_document(title=f"Zebra law {number}", type="law")
    Follower(client.application).follow()
    assert {kind: count(kind) for kind in KINDS} == before


def test_nobody_takes_all_day(
    client: FlaskClient, world: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "TAKEN", views.Limit("search-taken", 2, views.TAKEN.window))
    for status in (200, 200, 429):
        assert client.get("/search/results.csv?q=zebra").status_code == status
