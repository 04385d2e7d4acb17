"""Programs ask, and can rely on what they are told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.core.documents import own
from policytrack.search.engine import FILTERS
from policytrack.search.index import generations
from policytrack.search.index.follower import Follower
from tests.factories import make_constituent, make_member
from tests.search.sources import Shelf

SignIn = Callable[[FlaskClient, User], None]
SEARCH = "/api/v1/search"


@pytest.fixture
def shelved(notes: Shelf, following: Follower) -> Shelf:
    for number in range(7):
        country = ("NP",) if number % 2 else ("BD", "NP")
        notes.put(f"n{number}", f"Zebra {number}", "Workers <b>pay</b> fees. " * 40,
                  codes={"country": country})  # fmt: skip
    following.follow()
    return notes


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.data)
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    return said


def test_an_answer_says_all_that_was_found(client: FlaskClient, shelved: Shelf) -> None:
    answer = client.get(f"{SEARCH}?q=zebra fee&country=NP&per_page=3&page=2")
    found = answer.get_json()
    assert (found["total"], found["page"], found["pages"]) == (7, 2, 3)
    assert set(found["facets"]) == set(FILTERS)
    assert found["facets"]["country"] == [
        {"code": "NP", "count": 7}, {"code": "BD", "count": 4}
    ]  # fmt: skip
    assert found["interpretation"] == {
        "asked": "zebra fee", "read_as": "zebra fee", "relaxed": False, "shortened": False,
        "added": [], "meant": None,
    }  # fmt: skip
    assert [len(found["items"]), found["items"][0]["kind"]] == [3, "note"]
    (mark,) = found["items"][0]["highlights"]
    assert "&lt;b&gt;pay&lt;/b&gt; <mark>fees</mark>" in mark["html"]
    assert found["items"][0]["score"] > 0
    assert found["items"][0]["url"].startswith("http://localhost/")
    assert found["items"][0]["draft"] is False
    # Its own links lead on to the end.
    seen = {item["id"] for item in found["items"]}
    for name in ("next", "previous"):
        there = client.get(found["links"][name]).get_json()
        seen |= {item["id"] for item in there["items"]}
    assert seen == {f"n{number}" for number in range(7)}
    assert there["links"]["previous"] is None
    assert client.get(found["links"]["html"]).status_code == 200


def test_a_page_behind_the_last_is_empty(client: FlaskClient, shelved: Shelf) -> None:
    found = client.get(f"{SEARCH}?q=zebra&page=9").get_json()
    assert (found["total"], found["page"], found["items"]) == (7, 9, [])


def test_years_can_be_a_span(client: FlaskClient, shelved: Shelf) -> None:
    for given, total in {"2026": 7, "2020..": 7, "..2025": 0, "2030..2020": 7, "١٩٩٩": 0}.items():
        assert client.get(SEARCH, query_string={"year": given}).get_json()["total"] == total, given


def test_a_slip_is_refused_by_name(client: FlaskClient, shelved: Shelf) -> None:
    for query, named in {
        "page=-1": ["page"],
        "page=0": ["page"],
        "page=51": ["page"],
        "page=99999999999999999999": ["page"],
        "page=%D9%A1": ["page"],
        "per_page=101": ["per_page"],
        "per_page=": ["per_page"],
        "sort=best": ["sort"],
        "sort=date&sort=date": ["sort"],
        "year=19": ["year"],
        "year=2018-2020": ["year"],
        "kind=commitments": ["kind"],
        "country=../etc": ["country"],
        "theme=": ["theme"],
        "countries=NP&q=x": ["countries"],
        "q=a&q=b": ["q"],
        "page=x&sort=y": ["page", "sort"],
        "&".join(f"country=A{number}" for number in range(60)): ["country"],
        "%00%ff=1": None,
    }.items():
        said = problem(client.get(f"{SEARCH}?{query}"), 400)
        found = sorted(each["parameter"] for each in said["errors"])
        assert named is None or found == named, query
        assert all(each["detail"] for each in said["errors"])
    said = problem(client.get(f"{SEARCH}?page=x", headers={"Accept-Language": "ar"}), 400)
    assert said["type"] == "http://localhost/api#parameters"


def test_whatever_is_asked_is_answered(client: FlaskClient, shelved: Shelf) -> None:
    for typed in ("(" * 300, '"zebra', "\x00\u202e*", "x" * 12_000, "a*", "OR OR -", "\ud800"):
        answer = client.get(SEARCH, query_string={"q": typed.encode("utf-8", "surrogatepass")})
        assert answer.status_code == 200, typed
    found = client.get(SEARCH, query_string={"q": "zebra " * 400}).get_json()
    assert found["interpretation"]["shortened"]


def test_while_there_is_no_index_it_says_when_to_come_back(
    app: Flask, client: FlaskClient, shelved: Shelf
) -> None:
    shutil.rmtree(generations.root(app))
    answer = client.get(f"{SEARCH}?q=zebra")
    problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"


def test_what_does_not_exist_is_a_problem_under_api_and_a_page_elsewhere(
    client: FlaskClient,
) -> None:
    for address in ("/api/v1/nothing", "/api/", "/api/v2/search"):
        answer = client.get(address)
        problem(answer, 404)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    answer = client.post(SEARCH)
    problem(answer, 405)
    assert "GET" in answer.allow
    assert client.get("/apiary").mimetype == "text/html"


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, shelved: Shelf) -> None:
    for encoding in ("identity", "br"):
        first = client.get(f"{SEARCH}?q=zebra", headers={"Accept-Encoding": encoding})
        assert first.headers["Cache-Control"] == "private, no-cache"
        headers = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": encoding}
        assert client.get(f"{SEARCH}?q=zebra", headers=headers).status_code == 304
        assert client.get(f"{SEARCH}?q=zebra&page=2", headers=headers).status_code == 200


def test_other_sites_read_only_what_is_public(
    client: FlaskClient, notes: Shelf, following: Follower, sign_in: SignIn
) -> None:
    ministry = make_constituent()
    notes.put("open", "Zebra", "x")
    notes.put("draft", "Zebra", "x", part="open", access=(own(ministry.id),))
    following.follow()
    answer = client.get(f"{SEARCH}?q=zebra")
    assert [item["id"] for item in answer.get_json()["items"]] == ["open"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    sign_in(client, make_member(ministry))
    answer = client.get(f"{SEARCH}?q=zebra")
    found = {item["id"]: item["draft"] for item in answer.get_json()["items"]}
    assert found == {"open": False, "draft": True}
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in client.get(f"{SEARCH}?page=x").headers


def test_the_description_is_valid_and_true(client: FlaskClient, shelved: Shelf) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    openapi_spec_validator.validate(described)
    operation = described["paths"]["/api/v1/search"]["get"]
    names = {each["name"] for each in operation["parameters"]}
    assert names == {"q", "sort", "page", "per_page", *FILTERS}

    def check(said: dict[str, Any], name: str) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        jsonschema.Draft202012Validator(schema).validate(said)

    check(client.get(f"{SEARCH}?q=zebra").get_json(), "Answer")
    check(client.get(f"{SEARCH}?q=nothing&country=NP").get_json(), "Answer")
    check(json.loads(client.get(f"{SEARCH}?page=x").data), "Problem")


def test_the_description_names_every_parameter(client: FlaskClient, shelved: Shelf) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    given = described["paths"]["/api/v1/search"]["get"]["parameters"]
    for each in given:
        value = {"kind": "note", "page": 1, "per_page": 1, "sort": "date"}.get(each["name"], "2000")
        answer = client.get(SEARCH, query_string={each["name"]: value})
        assert answer.status_code == 200, each["name"]
    assert "jq" not in client.get("/api").text.partition("<main")[2].partition("</main>")[0]


def test_the_page_for_people_has_examples_that_run(client: FlaskClient, shelved: Shelf) -> None:
    page = client.get("/api").text
    examples = re.findall(r'<a href="(/api/v1/search[^"]*)"><bdi', page)
    assert len(examples) == 5 + len(FILTERS)  # one of them with several parameters
    for example in examples:
        assert client.get(unescape(example)).status_code == 200, example
    # Who cuts an address short finds the same page.
    assert "<h1>" in client.get("/api/v1").text
