"""A hit in a document names the page that says what was asked for, and opens there."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.constituents.models import Constituent
from policytrack.core.permissions import Role
from policytrack.library.rules import Rights
from policytrack.search.index.follower import Follower
from tests.factories import make_constituent, make_member
from tests.library.shelf import Shelved, replaced, shelve

SignIn = Callable[[FlaskClient, User], None]
Find = Callable[..., list[tuple[str, str]]]

FILLER = "The labour office of the district opened a desk for people who want to leave. " * 20
LEAF = re.compile(r'<p class="leaf"><a href="([^"]+)">.*?</a> <span[^>]*>(.*?)</span></p>', re.S)


@pytest.fixture
def ministry(database: Session) -> Constituent:
    return make_constituent()


@pytest.fixture
def find(app: Flask, client: FlaskClient) -> Find:
    """Return a way to search: the addresses and words of the pages that are shown."""

    def act(typed: str, **more: str) -> list[tuple[str, str]]:
        Follower(app).follow()
        page = client.get("/search", query_string={"q": typed, **more}).text
        return [(html.unescape(address), text) for address, text in LEAF.findall(page)]

    return act


def _report(ministry: Constituent, **given: object) -> Shelved:
    said: dict[str, object] = {
        "title": "Report on desks",
        "summary": "On desks.",
        "text": [
            FILLER,
            f"{FILLER} A passport is kept by the agency. {FILLER}",
            FILLER,
            f"{FILLER} No passport may be retained by an employer; an employer pays. {FILLER}",
            f"{FILLER} An employer wrote. {FILLER}",
        ],
        **given,
    }
    return shelve(ministry, **said)


def test_a_hit_opens_at_the_page_that_says_most(
    ministry: Constituent, find: Find, client: FlaskClient
) -> None:
    report = _report(ministry)
    (first, text), (second, _other) = find("passport employer")
    assert "<mark>passport</mark> may be retained by an <mark>employer</mark>" in text
    assert text.startswith("… ")
    assert len(text) < 500
    assert first.startswith(f"{report.page}/text?")
    assert first.endswith("#p4")
    assert second.endswith(("#p2", "#p5"))
    opened = client.get(first).text
    assert 'id="p4"' in opened
    assert "<mark>passport</mark>" in opened


def test_a_title_needs_no_page(ministry: Constituent, find: Find, client: FlaskClient) -> None:
    _report(ministry)
    assert find("title:desks") == []
    assert "<mark>desks</mark>" in client.get("/search?q=title:desks").text


def test_letters_without_spaces_have_their_page(ministry: Constituent, find: Find) -> None:
    _report(
        ministry,
        language="th",
        text=["คนงานเดินทางไปทำงาน", "ห้ามเก็บค่าธรรมเนียมการ จัดหางานจากคนงาน", "นายจ้างต้องจ่าย"],
    )
    ((address, text),) = find("รรมเนียมการจัด")
    assert address.endswith("#p2")
    assert "<mark>รรมเนียมการ จัด</mark>" in text


def test_no_page_is_shown_of_what_may_not_be_handed_out(
    ministry: Constituent, find: Find, client: FlaskClient, sign_in: SignIn
) -> None:
    _report(ministry, rights=Rights.LINK, source_url="https://example.org/report")
    assert find("passport employer") == []
    assert "Report on desks" in client.get("/search?q=passport+employer").text
    sign_in(client, make_member(ministry, Role.CONTRIBUTOR))
    assert find("passport employer")[0][0].endswith("#p4")


def test_a_page_of_what_was_replaced_is_not_shown(
    app: Flask, ministry: Constituent, client: FlaskClient
) -> None:
    report = _report(ministry)
    Follower(app).follow()
    replaced(report)
    # The index has not heard of it yet.
    assert not LEAF.search(client.get("/search?q=passport+employer").text)
