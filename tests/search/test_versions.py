"""A hit shows the version in the reader's language, and the word where it was found in another."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.commitments.models import CommitmentTranslation
from policytrack.core.db import transaction
from policytrack.search.index.follower import Follower
from tests.factories import make_commitment, make_constituent, make_note, make_programme, make_round


@pytest.fixture
def world(app: Flask, database: Session) -> None:
    ministry = make_constituent(labels={"en": "Ministry of Labour", "ar": "وزارة العمل"})
    promise = make_commitment(
        ministry, language="ar", title="يوم راحة", text="يُمنح العامل يوم راحة في الأسبوع."
    )
    with transaction() as session:
        session.add(
            CommitmentTranslation(
                revision_id=promise.in_force_id,
                language="en",
                kind="unofficial",
                title="A quokka",
                text="The quokka & the <b>wombat</b> rest.",
                created_at=promise.created_at,
            )
        )
    make_note(promise, ministry, make_round(), language="en", results="Nine wombats rest.")
    make_programme(labels={"en": "Quokka lift", "ar": "رفع"})
    Follower(app).follow()


def page(client: FlaskClient, query: str, language: str) -> str:
    client.set_cookie("language", language)
    return client.get(f"/search?{query}").get_data(as_text=True)


def test_the_word_is_shown_where_it_stands(client: FlaskClient, world: None) -> None:
    html = page(client, "q=quokka", "ar")
    assert "يوم راحة" in html
    assert 'dir="ltr">The <mark>quokka</mark> &amp; the &lt;b&gt;wombat&lt;/b&gt; rest.' in html
    # A name has nothing beneath it.
    assert 'dir="ltr"><mark>Quokka</mark> lift</span>' in html
    item = client.get("/api/v1/search?q=quokka&kind=commitment").get_json()["items"][0]
    assert [each["language"] for each in item["highlights"]] == ["ar", "en"]
    assert "<mark>quokka</mark>" in item["highlights"][1]["html"]


def test_nothing_is_added_where_the_reader_sees_the_word(client: FlaskClient, world: None) -> None:
    html = page(client, "q=quokka", "en")
    assert html.count('class="leaf"') == 0
    assert 'class="leaf"' not in page(client, "kind=commitment", "ar")


def test_a_hit_says_its_country_and_a_language_that_is_not_the_reader_s(
    client: FlaskClient, world: None
) -> None:
    told = re.compile(r'<p class="meta"><small>(.*?)</small>')
    (english,) = told.findall(page(client, "q=wombats&kind=note", "en"))
    assert "<bdi>Ministry of Labour, Nepal</bdi>" in english
    assert "English" not in english
    (arabic,) = told.findall(page(client, "q=wombats&kind=note", "ar"))
    assert "نيبال" in arabic
    assert arabic.endswith(" · الإنجليزية")
