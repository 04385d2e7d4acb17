"""What the list of commitments promises: the right rows, in a fixed number of queries."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, select
from werkzeug.datastructures import MultiDict

from policytrack.commitments import queries
from policytrack.commitments.models import CommitmentRevision, CommitmentTranslation
from policytrack.commitments.queries import Filters, Sort, parse
from policytrack.commitments.rules import TextState
from policytrack.core.db import db, transaction
from tests.factories import NOW, make_commitment, make_constituent

TODAY = date(2026, 11, 21)


@contextmanager
def counted(app):
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "ROLLBACK")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def listed(session, **filters):
    page = queries.listing(session, Filters(**filters), today=TODAY, reader="en")
    return {row.id for row in page.items}


@pytest.fixture
def things(database):
    nepal = make_constituent(country_iso2="NP")
    qatar = make_constituent(country_iso2="QA", group="employers")
    made = {
        "corridor": make_commitment(
            nepal, countries=(), corridors=("NP-QA",), themes=("A1.1",), gender_marker=3
        ),
        "philippines": make_commitment(
            nepal, countries=("PH",), themes=("A3.1",), provisions=("B3",), gender_marker=0,
            due_on=date(2026, 1, 31),
        ),
        "qatar": make_commitment(
            qatar, countries=(), themes=("A1.2", "A3.1"), title="100% of costs_paid", due_on=None
        ),
        "proposed": make_commitment(nepal, state=TextState.PROPOSED, countries=("PH",)),
    }  # fmt: skip
    return {"nepal": nepal, "lead": qatar, **made}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"corridor", "philippines", "qatar"}),
        ({"country": "NP"}, {"corridor", "philippines"}),
        ({"country": "QA"}, {"corridor", "qatar"}),
        ({"country": "PH"}, {"philippines"}),
        ({"corridor": "NP-QA"}, {"corridor"}),
        ({"theme": "A1"}, {"corridor", "qatar"}),
        ({"theme": "A1.2"}, {"qatar"}),
        ({"theme": "A3"}, {"philippines", "qatar"}),
        ({"framework": "BALI"}, {"corridor", "philippines", "qatar"}),
        ({"provision": "BALI:B3"}, {"philippines"}),
        ({"framework": "GCM"}, set()),
        ({"group": "employers"}, {"qatar"}),
        ({"gender": "0"}, {"philippines"}),
        ({"overdue": "1"}, {"philippines"}),
        ({"due_from": date(2026, 6, 1)}, {"corridor"}),
        ({"due_to": date(2026, 6, 1)}, {"philippines"}),
        ({"words": "100%"}, {"qatar"}),
        ({"words": "s_p"}, {"qatar"}),
        ({"words": "%"}, {"qatar"}),
        ({"words": "bali-b3"}, {"philippines"}),
        ({"country": "NP", "gender": "3"}, {"corridor"}),
    ],
)
def test_filters_keep_what_they_name(things, database, filters, expected):
    assert listed(database, **filters) == {things[name].id for name in expected}


def test_the_lead_is_a_filter(things, database):
    assert listed(database, lead=things["lead"].public_id) == {things["qatar"].id}


def test_commitments_without_a_date_come_last_when_sorted_by_date(things, database):
    page = queries.listing(database, Filters(), today=TODAY, reader="en")

    assert [row.id for row in page.items] == [
        things[name].id for name in ("philippines", "corridor", "qatar")
    ]


@pytest.mark.parametrize(
    "query",
    [
        "theme=' OR 1=1--",
        "theme=A1&theme=B2",
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "page=٣",
        "country=np",
        "country=NPX",
        "lead=../../etc",
        "gender=7",
        "gender=²",
        "due_from=2026-02-31",
        "due_from=0000-00-00&due_to=99999-01-01",
        "sort=title;drop",
        "q=%00%1f",
        "q=" + "%F0%9F%98%80" * 400,
        "group=governments%00",
    ],
)
def test_hostile_filters_are_left_aside(things, database, query):
    pairs = MultiDict(
        [tuple(part.split("=", 1)) for part in query.replace("%00", "\x00").split("&")]
    )

    filters = parse(pairs)

    page = queries.listing(database, filters, today=TODAY, reader="en")
    assert page.number == 1
    assert filters.sort is Sort.DUE
    if not query.startswith(("q=", "theme=A1")):
        assert not filters.active
        assert page.total == 3


def test_the_query_string_is_read():
    filters = parse(
        MultiDict(
            {"provision": "BALI:B1", "theme": "A1.10", "target": "domestic-workers", "gender": "0",
             "due_from": "2026-01-01", "q": "  no \x00 fee ", "sort": "recent", "page": "3"}
        )
    )  # fmt: skip

    assert filters.provision == "BALI:B1"
    assert filters.words == "no fee"
    assert (filters.sort, filters.page) == (Sort.RECENT, 3)
    assert set(filters.active) == {
        "provision", "theme", "target", "gender", "due_from", "words",
    }  # fmt: skip


def fill(number: int) -> None:
    lead = make_constituent()
    for _ in range(number):
        thing = make_commitment(
            lead, corridors=("NP-QA", "NP-MY"), themes=("A1.1", "A1.2"), provisions=("B1", "B2")
        )
        with transaction() as session:
            session.add(
                CommitmentTranslation(
                    revision_id=thing.in_force_id,
                    language="ar",
                    kind="official",
                    title="لا رسوم",
                    text="نص",
                    created_at=NOW,
                )
            )


@pytest.mark.parametrize("rows", [1, 60])
def test_the_list_takes_three_queries_at_any_size(app, database, rows):
    fill(rows)
    database.rollback()
    database.expunge_all()

    with counted(app) as seen:
        page = queries.listing(database, Filters(), today=TODAY, reader="ar", size=60)

    assert len(page.items) == rows
    assert len(seen) == 3
    assert page.items[0].title == "لا رسوم"


def test_what_texts_are_classified_by_takes_one_query(app, database):
    fill(3)
    database.rollback()
    texts = [text.id for text in database.scalars(select(CommitmentRevision))]

    with counted(app) as seen:
        found = queries.classification(database, texts)

    assert len(seen) == 1
    for text in texts:
        assert [tag.value for tag in found[text, "corridor"]] == ["NP-MY", "NP-QA"]
        assert found[text, "corridor"][0].end_labels["en"] == "Malaysia"
        assert [tag.value for tag in found[text, "provision"]] == ["BALI:B1", "BALI:B2"]
        assert found[text, "provision"][0].note == "paraphrased"
        assert [tag.value for tag in found[text, "theme"]] == ["A1.1", "A1.2"]


def test_options_take_one_query_and_name_only_what_is_public(app, things, database):
    database.rollback()
    with counted(app) as seen:
        found = queries.options(database)

    assert len(seen) == 1
    values = {facet: [option.value for option in each] for facet, each in found.items()}
    assert values["theme"] == ["A1", "A3", "A1.1", "A1.2", "A3.1"]
    assert values["provision"] == ["BALI:B1", "BALI:B3"]
    assert values["country"] == ["NP", "PH", "QA"]
    assert values["corridor"] == ["NP-QA"]
    assert set(values["lead"]) == {things["nepal"].public_id, things["lead"].public_id}


def test_nothing_open_shows_in_options(database):
    make_commitment(make_constituent(country_iso2="LK"), state=TextState.PROPOSED)

    assert not queries.options(database)


def test_beyond_the_last_page_stands_the_last(app, database):
    fill(3)

    page = queries.listing(database, Filters(page=900), today=TODAY, reader="en", size=2)

    assert (page.number, page.pages, page.first, page.last) == (2, 2, 3, 3)
    assert len(page.items) == 1
