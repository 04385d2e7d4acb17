"""Pages that show several features: what each reader finds, and what nobody may learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.commitments.rules import TextState
from policytrack.constituents.rules import Group
from policytrack.core.permissions import Role
from policytrack.core.review import State
from policytrack.progress.rules import Status
from policytrack.search.index.follower import Follower
from tests.factories import (
    make_commitment,
    make_constituent,
    make_member,
    make_note,
    make_round,
    make_user,
)
from tests.pages.conftest import Count

SignIn = Callable[[FlaskClient, User], None]


def _page(client: FlaskClient, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def test_the_public_sees_where_the_whole_stands(client: FlaskClient, database: Session) -> None:
    lead = make_constituent()
    make_note(make_commitment(lead), lead, make_round(), claimed_status=Status.LIMITED)
    page = _page(client, "/")
    assert "1 commitment, as its lead sees it" in page
    assert "The fee ban was extended to household recruitment." in page


def test_a_delegate_sees_what_is_due(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    lead = make_constituent()
    due = make_commitment(lead, title="Portable social security")
    other = make_constituent(country_iso2="BD")
    make_commitment(other, countries=("BD",), title="Somebody else's")
    make_round(closes_on=date(2030, 12, 31))
    sign_in(client, make_member(lead, Role.CONTRIBUTOR))
    page = _page(client, "/")
    assert "1 commitment is due by 31 Dec 2030" in page
    assert "Portable social security" in page
    assert f"/notes/new?commitment={due.code}" in page


def test_an_officer_sees_how_much_waits(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    lead = make_constituent()
    make_note(make_commitment(lead), lead, make_round(), state=State.SUBMITTED)
    sign_in(client, make_user(Role.SECRETARIAT))
    assert "1 note waits for review" in _page(client, "/")


def test_voices_stand_in_their_order_and_silence_is_said(
    client: FlaskClient, database: Session
) -> None:
    government = make_constituent(labels={"en": "Ministry A"})
    make_constituent(labels={"en": "Union B"}, group=Group.WORKERS)
    commitment = make_commitment(government)
    make_note(commitment, government, make_round())
    page = _page(client, f"/commitments/{commitment.code}")
    places = [page.index(word) for word in ("Governments</h3>", "Employers</h3>", "Workers</h3>")]
    assert places == sorted(places)
    assert "Union B" in page
    assert "No organisation listed" in page


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_nobody_outside_learns_of_a_note_that_is_not_published(
    client: FlaskClient, sign_in: SignIn, database: Session, state: State
) -> None:
    lead = make_constituent()
    commitment = make_commitment(lead, corridors=("NP-QA",))
    note = make_note(commitment, lead, make_round(), state=state, done="Quokka regulation")
    stranger = make_member(make_constituent(country_iso2="BD"))
    Follower(client.application).rebuild()
    for person in (None, stranger, make_user(Role.RESEARCHER)):
        browser = client.application.test_client()
        if person is not None:
            sign_in(browser, person)
        for address in (
            "/",
            "/commitments",
            f"/commitments/{commitment.code}",
            "/countries/NP",
            "/corridors/NP-QA",
            "/search?q=quokka",
        ):
            page = _page(browser, address)
            assert "Quokka regulation" not in page, address
            assert note.public_id not in page, address
        assert browser.get(f"/notes/{note.public_id}").status_code == 404


@pytest.mark.parametrize("state", [TextState.DRAFT, TextState.PROPOSED])
def test_nobody_outside_learns_of_a_text_that_is_not_accepted(
    client: FlaskClient, database: Session, state: TextState
) -> None:
    commitment = make_commitment(make_constituent(), state=state, title="Quokka promise")
    for address in ("/", "/commitments", "/commitments?q=quokka", "/countries/NP"):
        page = _page(client, address)
        assert "Quokka" not in page.replace('value="quokka"', "")
        assert commitment.public_id not in page
    assert client.get(f"/commitments/{commitment.public_id}").status_code == 404


def test_country_and_corridor_show_commitments_and_notes(
    client: FlaskClient, database: Session
) -> None:
    lead = make_constituent()
    commitment = make_commitment(lead, corridors=("NP-QA",), title="No fee to Qatar")
    make_note(commitment, lead, make_round(), done="Fifteen licences were withdrawn.")
    for address in ("/countries/NP", "/countries/QA", "/corridors/NP-QA"):
        page = _page(client, address)
        assert "No fee to Qatar" in page
        assert "Fifteen licences were withdrawn." in page
        assert "The designations employed" in page
    assert "No fee to Qatar" not in _page(client, "/corridors/NP-SA")


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "status=nonsense",
        "theme=%00&country='--",
        "gender=9&sort=drop",
        "due_from=2026-13-45",
        "q=" + "x" * 5000,
        "country=NP&country=QA",
        "lead=" + "é" * 50,
    ],
)
def test_whatever_stands_in_an_address_the_list_answers(
    client: FlaskClient, database: Session, query: str
) -> None:
    make_commitment(make_constituent())
    assert client.get(f"/commitments?{query}").status_code == 200


def test_the_list_filters_by_what_leads_claim(client: FlaskClient, database: Session) -> None:
    lead = make_constituent()
    heard = make_commitment(lead, title="Heard of")
    make_commitment(lead, title="Never heard of")
    make_note(heard, lead, make_round(), claimed_status=Status.LIMITED)
    page = _page(client, "/commitments?status=limited")
    assert "Heard of" in page
    assert "Never heard of" not in page
    assert "Never heard of" in _page(client, "/commitments?status=no_information")


def test_overdue_is_derived_and_completion_ends_it(client: FlaskClient, database: Session) -> None:
    lead = make_constituent()
    late = make_commitment(lead, title="Late one", due_on=date(2020, 1, 1))
    make_commitment(lead, title="Early one", due_on=date(2090, 1, 1))
    done = make_commitment(lead, title="Done one", due_on=date(2020, 1, 1))
    make_note(done, lead, make_round(), claimed_status=Status.COMPLETE)
    page = _page(client, "/commitments?overdue=1")
    assert late.code in page
    assert "Early one" not in page
    assert "Done one" not in page


def _fill(number: int) -> str:
    reporting_round = make_round()
    lead = make_constituent()
    union = make_constituent(group=Group.WORKERS)
    code = ""
    for _ in range(number):
        commitment = make_commitment(lead, corridors=("NP-QA",), indicator=True)
        code = str(commitment.code)
        make_note(commitment, lead, reporting_round)
        make_note(commitment, union, reporting_round)
    return code


@pytest.mark.parametrize(
    "address", ["/", "/commitments", "/places", "/countries/NP", "/corridors/NP-QA", "COMMITMENT"]
)
def test_queries_do_not_grow_with_rows(
    client: FlaskClient,
    database: Session,
    count_queries: Count,
    address: str,
) -> None:
    code = _fill(2)
    target = f"/commitments/{code}" if address == "COMMITMENT" else address
    few = count_queries(lambda: client.get(target))
    _fill(20)
    many = count_queries(lambda: client.get(target))
    assert few == many
    assert few > 0


def test_a_search_costs_no_more_statements_with_more_results(
    client: FlaskClient,
    database: Session,
    count_queries: Count,
) -> None:
    _fill(2)
    Follower(client.application).rebuild()
    few = count_queries(lambda: client.get("/search?q=fee"))
    _fill(20)
    Follower(client.application).rebuild()
    many = count_queries(lambda: client.get("/search?q=fee"))
    # A page of many may hold fewer kinds of things, and ask for those only.
    assert 0 < many <= few
