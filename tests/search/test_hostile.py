"""Whatever is typed is answered, in bounded work: a page or a sentence, never an error."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policytrack.search.index import lexicon
from policytrack.search.index.follower import Follower
from tests.search.sources import Shelf

HOSTILE = (
    "x" * 10_000,
    "zebra " * 2_000,
    "(" * 200 + "zebra" + ")" * 200,
    "(" * 200,
    ")" * 200,
    '"' * 201,
    '"zebra',
    "OR",
    "AND OR NOT -",
    "zebra OR",
    "NOT NOT zebra",
    "--zebra",
    "*",
    "a*",
    "z* " * 100,
    "title:",
    "country:",
    "country:" * 100,
    "corridor:" + "a–" * 500,
    "country:" + "," * 900,
    'theme:"' + "recruitment " * 80 + '"',
    "year:9999999999999999999..0",
    "lang:../../etc/passwd",
    "(?:a+)+$",
    "[a-z]{1,9999}",
    "\\",
    "%",
    "%00%ff",
    "zebra\x00zebra",
    "\x00",
    "\x1b[31m\x07\x7f",
    "\u202ezebra\u202c",
    "\u2066\u200f\ufeffzebra\u2069",
    "z\u0301" * 2_000,
    "\U000e0001\U0010ffff",
    "\ufdfa" * 400,
    "ß" * 500,
    "İ" * 500,
    "１２٣४",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "'; DROP TABLE note; --",
    "คุ้มครองแรงงาน" * 100,
    "保護移住労働者" * 100,
)
# As they come over the line: broken UTF-8, halves of pairs, and what is no text at all.
RAW = ("%ff%fe", "%ed%a0%80", "%ed%b0%80zebra", "%c0%80", "%00", "%", "%zz", "%u0041")
PAGES = ("/search", "/search/suggestions")


@pytest.fixture
def fed(notes: Shelf, following: Follower) -> Shelf:
    notes.put("one", "Zebra", "The zebra crossed, and many zebras with it.")
    notes.put("two", "زرافة", "حماية الأجور", language="ar")
    notes.put("three", "คุ้มครองแรงงาน", "คุ้มครองแรงงานข้ามชาติ", language="th")
    following.follow()
    return notes


def test_every_hostile_question_is_answered(client: FlaskClient, fed: Shelf) -> None:
    for page in PAGES:
        for typed in HOSTILE:
            for given_ in ({"q": typed}, {"q": f"zebra {typed}", "country": typed, "page": typed}):
                answer = client.get(page, query_string=given_)
                assert answer.status_code == 200, (page, typed[:40])
                # The page names its own address where it offers other languages.
                echo = 3 * len(answer.request.query_string)
                assert len(answer.data) < 40_000 + echo, (page, typed[:40])
                assert b"<script>alert" not in answer.data
        for raw in RAW:
            answer = client.get(f"{page}?q={raw}&kind={raw}&year={raw}&{raw}=x")
            assert answer.status_code in {200, 400}, (page, raw)


def test_broken_characters_reach_no_database(app: Flask, client: FlaskClient, fed: Shelf) -> None:
    for page in PAGES:
        answer = client.get(
            page, query_string={"q": "zebra\ud800".encode("utf-8", "surrogatepass")}
        )
        assert answer.status_code == 200


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_any_text_is_answered(client: FlaskClient, fed: Shelf, typed: str) -> None:
    for page in PAGES:
        answer = client.get(
            page, query_string={"q": typed.encode("utf-8", "surrogatepass"), "lang": typed[:1]}
        )
        assert answer.status_code == 200, (page, typed)


def test_words_are_read_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    monkeypatch.setattr(lexicon, "_MOST", 50)
    for number in range(20):
        notes.put(f"n{number}", "Note", " ".join(f"zebra{chr(97 + n)}{number}" for n in range(20)))
    following.follow()
    assert client.get("/search?q=zebrq").status_code == 200
    assert client.get("/search/suggestions?q=zebr").status_code == 200
