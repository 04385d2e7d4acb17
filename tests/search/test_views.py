"""The search page, as a visitor meets it."""

from __future__ import annotations

import re
import shutil

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policytrack.search.index import generations
from policytrack.search.index.follower import Follower
from tests.search.sources import Shelf


def page(client: FlaskClient, query: str, status: int = 200) -> str:
    answer = client.get(f"/search{query}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_without_a_question_it_says_how_to_ask(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    following.follow()
    html = page(client, "")
    assert "How to search" in html
    assert "data-filters" in html
    assert "<title>Search" in html


def test_results_with_words_marked(client: FlaskClient, notes: Shelf, following: Follower) -> None:
    notes.put("one", "Recruited <b>workers</b>", "The fee ban.", codes={"country": ("NP",)})
    notes.put("two", "العاملات", "حماية العاملات", language="ar")
    following.follow()
    html = page(client, "?q=worker")
    assert "<title>Search: worker" in html
    assert "1 result<" in html
    assert "Recruited &lt;b&gt;<mark>workers</mark>" in html
    html = page(client, "?q=عاملة")
    assert '<p lang="ar" dir="rtl">حماية <mark>العاملات</mark></p>' in html


def test_it_speaks_arabic(client: FlaskClient, notes: Shelf, following: Follower) -> None:
    notes.put("one", "Workers", "The fee ban.")
    following.follow()
    client.set_cookie("language", "ar")
    html = page(client, "?q=worker")
    assert 'lang="ar" dir="rtl"' in html
    assert "<mark>Workers</mark>" in html


def test_an_empty_answer_says_what_to_try(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    notes.put("one", "Workers", "The fee ban.", codes={"country": ("NP",)})
    following.follow()
    assert "Nothing was found." in page(client, "?q=zebra")
    # Which filter hides what there is, with the number of results that it hides.
    html = page(client, "?q=ban&country=QA")
    assert re.search(
        r'href="/search\?q=ban"><bdi>Without the filter [^<]*</bdi></a>: 1 result<', html
    )
    html = page(client, "?q=ban+country:QA")
    assert re.search(r'href="/search\?q=ban"><bdi>Without “country:QA”</bdi></a>: 1 result<', html)
    assert "1 result<" in page(client, "?q=-zebra")
    assert "no word to look for" in page(client, "?q=!!!")


def test_filters_live_in_the_address(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    notes.put("one", "Zebra", "x", codes={"country": ("NP",)})
    notes.put("two", "Zebra", "x", codes={"country": ("QA",)})
    following.follow()
    html = page(client, "?q=zebra&country=NP&sort=date")
    assert "1 result<" in html
    assert re.search(r'name="country" value="NP" checked> <label[^>]*><bdi>Nepal</bdi>', html)
    # What else could be chosen in the same facet is still counted.
    assert re.search(r'name="country" value="QA"> <label[^>]*><bdi>Qatar</bdi>.*>1 result<', html)
    assert '<option value="date" selected>' in html
    assert "2 results<" in page(client, "?q=zebra&country=NP&country=QA")


def test_pages(client: FlaskClient, notes: Shelf, following: Follower) -> None:
    for number in range(25):
        notes.put(f"n{number}", "Zebra", "x")
    following.follow()
    html = page(client, "?q=zebra&page=2")
    assert "21 to 25 of 25" in html
    assert html.count("<h3>") == 5


@pytest.mark.parametrize(
    "query",
    [
        "?page=-1&q=zebra",
        "?page=abc&q=zebra",
        "?page=99999999999999999999&q=zebra",
        "?page=%D9%A1&q=zebra",
        "?q=zebra&q=other&kind=&kind=x&sort=nonsense&sort=date",
        "?q=zebra&country=../../etc&theme=%00&corridor=<script>",
        "?q=%22zebra",
        "?q=zebra%00%E2%80%8F%E2%80%AE*%3F%5C",
        "?q=zebra%ff%fe",
        "?q=zebra " + "x" * 9000,
    ],
)
def test_bad_input_still_answers(
    client: FlaskClient, notes: Shelf, following: Follower, query: str
) -> None:
    notes.put("one", "Zebra", "x")
    following.follow()
    html = page(client, query)
    assert "<mark>Zebra</mark>" in html or "Nothing was found." in html
    assert "<script>" not in html.replace("<script type", "")


def test_a_long_question_is_cut_with_a_sentence(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    notes.put("one", "Zebra", "x")
    following.follow()
    html = page(client, "?q=" + "zebra+" * 400)
    assert "Only the first 1,000 characters were searched for." in html
    assert "<mark>Zebra</mark>" in html


def test_while_there_is_no_index_it_says_so(
    app: Flask, client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    # What the database answers meanwhile: see test_fallback.
    html = page(client, "?q=zebra")
    assert "The search index is being rebuilt" in html
    following.follow()
    assert "being rebuilt" not in page(client, "?q=zebra")
    shutil.rmtree(generations.root(app))
    assert "The search index is being rebuilt" in page(client, "?q=zebra")


def test_an_outsider_sees_no_trace(client: FlaskClient, notes: Shelf, following: Follower) -> None:
    notes.put("one", "Zebra", "x", access=("own7",), codes={"country": ("QA",)})
    following.follow()
    html = page(client, "?q=zebra")
    assert "Nothing was found." in html
    assert "Qatar" not in html
    assert 'data-announce="0 results"' in html
