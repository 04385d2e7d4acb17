"""Home: the state of the whole for everybody, and for each role what waits for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.commitments.rules import TextState
from policytrack.constituents.rules import Group
from policytrack.core.db import transaction
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from policytrack.core.review import Action, State
from policytrack.progress.models import Decision
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
EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def _home(client: FlaskClient) -> str:
    answer = client.get("/", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    html = answer.get_data(as_text=True).split("<main")[1]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_an_empty_site_says_that_it_is(client: FlaskClient, database: Session) -> None:
    page = _home(client)
    assert "No commitment is in force yet." in page
    assert "No note has been published yet." in page
    assert "Search commitments, notes and documents" in page


def test_areas_count_their_own_commitments(client: FlaskClient, database: Session) -> None:
    lead = make_constituent()
    made = make_commitment(lead, themes=("A1.1", "A1.2", "A4.1"))
    make_note(made, lead, make_round(), claimed_status=Status.COMPLETE)
    page = _home(client)
    assert "Fair recruitment 0 0 0 1 0 1" in page
    assert "Partnerships 0 0 0 1 0 1" in page


def test_the_round_says_how_many_of_those_asked_reported(
    client: FlaskClient, database: Session
) -> None:
    lead = make_constituent(country_iso2="BD", demonstration=True)
    union = make_constituent(country_iso2="BD", group=Group.WORKERS, demonstration=True)
    make_constituent(country_iso2="BD", group=Group.EMPLOYERS, demonstration=True)
    abroad = make_constituent(country_iso2="SA", demonstration=True)
    # The neighbour is not asked: nothing of what is promised concerns it.
    make_constituent(country_iso2="NP", demonstration=True)
    made = make_commitment(lead, countries=("BD",), corridors=("BD-SA",), decided_at=EARLY)
    late = make_commitment(lead, countries=("NP",), corridors=())
    with transaction() as session:
        session.merge(made).demonstration = True
        session.merge(late).demonstration = True
    held = make_round(opens_on=date(2021, 1, 1), closes_on=date(2021, 2, 1))
    for body in (union, abroad):
        make_note(made, body, held)
    page = _home(client)
    assert "Reported in the last round" in page
    assert "Governments 1 of 2 organisations asked" in page
    assert "Employers 0 of 1 organisation asked" in page
    assert "Workers 1 of 1 organisation asked" in page


def test_a_delegate_sees_what_came_back_and_what_waits_for_their_word(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    lead = make_constituent()
    commitment = make_commitment(lead, title="No passports withheld")
    returned = make_note(commitment, lead, make_round(), state=State.RETURNED, decided_at=EARLY)
    make_commitment(lead, state=TextState.PROPOSED, title="A text to accept")
    other = make_constituent(country_iso2="BD")
    make_commitment(other, state=TextState.PROPOSED, title="Somebody else's text")
    with transaction() as session:
        session.add(
            Decision(
                revision_id=returned.open_id,
                action=Action.RETURN,
                at=EARLY,
                reason="Which year is meant?",
                language="en",
                internal_comment="Quokka",
            )
        )
    sign_in(client, make_member(lead))
    page = _home(client)
    assert "1 note came back" in page
    assert "Which year is meant?" in page
    assert "1 text waits for your word A text to accept" in page
    assert "Quokka" not in page
    assert "Somebody else" not in page
    contributor = client.application.test_client()
    sign_in(contributor, make_member(lead, Role.CONTRIBUTOR))
    assert "waits for your word" not in _home(contributor)


def test_between_rounds_a_delegate_is_told_when_the_next_one_opens(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    lead = make_constituent()
    make_commitment(lead)
    sign_in(client, make_member(lead))
    assert "The secretariat has not announced a round yet." in _home(client)
    make_round(opens_on=date(2021, 1, 1), closes_on=date(2021, 2, 1), name="2021")
    page = _home(client)
    assert "No round is open now" in page
    assert "closed on 1 Feb 2021" in page
    tomorrow = datetime.now(UTC).date() + timedelta(days=40)
    make_round(opens_on=tomorrow, closes_on=tomorrow + timedelta(days=9), name="Next")
    assert "Next" in _home(client)


def test_an_officer_sees_the_queue_the_round_and_the_texts(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    officer = make_user(Role.SECRETARIAT)
    lead = make_constituent()
    held = make_round()
    commitment = make_commitment(lead, decided_at=EARLY)
    make_note(commitment, lead, held, state=State.SUBMITTED, submitted_at=EARLY)
    union = make_constituent(group=Group.WORKERS)
    make_note(commitment, union, held, state=State.IN_REVIEW, reviewer_id=officer.id)
    make_commitment(lead, state=TextState.PROPOSED, title="Waits in Nepal")
    sign_in(client, officer)
    page = _home(client)
    assert "2 notes wait for review" in page
    assert "The oldest waits since 1 Jan 2020" in page
    assert "You took up 1." in page
    assert "1 text waits for its lead’s word Waits in Nepal" in page
    assert "organisations have reported in round" in page
    assert "failed" not in page


def test_an_administrator_sees_what_failed_first(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    Follower(client.application).rebuild()
    make_user(state=AccountState.INVITED)
    both = make_user(Role.SECRETARIAT, Role.ADMINISTRATOR)
    sign_in(client, both)
    page = _home(client)
    assert page.index("No note waits for review") > page.index("invitations are open")
    with transaction() as session:
        session.add(
            OutboxItem(
                key="mail:1",
                kind="mail",
                payload={},
                created_at=EARLY,
                due_at=EARLY,
                failed_at=EARLY,
                last_error="SMTP: refused for somebody@example.org",
            )
        )
    lead = make_constituent()
    make_note(make_commitment(lead), lead, make_round(), state=State.SUBMITTED, submitted_at=EARLY)
    page = _home(client)
    assert "1 item failed" in page
    assert "somebody@example.org" not in page
    assert page.index("Something needs an administrator") < page.index("1 note waits for review")


def test_an_observer_sees_what_concerns_their_organisation(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    body = make_constituent(group=Group.OBSERVERS, country_iso2=None, labels={"en": "Watchers"})
    make_commitment(make_constituent(), supporters=(body,), title="With their help")
    make_commitment(make_constituent(), title="Without it")
    sign_in(client, make_member(body, Role.OBSERVER))
    page = _home(client)
    assert "Your organisation supports 1 commitment" in page
    assert "Watchers" in page
    assert "With their help" in page.split("Where you can contribute")[0]
    assert "Without it" not in page.split("Where you can contribute")[0]


@pytest.mark.parametrize("role", [None, Role.RESEARCHER])
def test_nobody_else_learns_what_waits(
    client: FlaskClient, sign_in: SignIn, database: Session, role: Role | None
) -> None:
    lead = make_constituent()
    make_note(make_commitment(lead), lead, make_round(), state=State.SUBMITTED, done="Quokka")
    make_commitment(lead, state=TextState.PROPOSED, title="Quokka promise")
    if role is not None:
        sign_in(client, make_user(role))
    page = _home(client)
    assert "Quokka" not in page
    assert not re.search(r"\bwaits? for\b|came back|reported in round", page)
    assert "Search commitments, notes and documents" in page


def _fill(number: int) -> None:
    held = make_round()
    for _ in range(number):
        lead = make_constituent()
        made = make_commitment(lead, corridors=("NP-QA",))
        make_note(made, lead, held)
        union = make_constituent(group=Group.WORKERS)
        make_note(made, union, held, state=State.SUBMITTED)
        make_commitment(lead, state=TextState.PROPOSED)
        make_user(state=AccountState.INVITED)


@pytest.mark.parametrize(
    "roles",
    [(), (Role.SECRETARIAT,), (Role.ADMINISTRATOR,), (Role.SECRETARIAT, Role.ADMINISTRATOR)],
)
def test_home_costs_no_more_queries_with_more_rows(
    client: FlaskClient,
    sign_in: SignIn,
    database: Session,
    count_queries: Count,
    roles: tuple[Role, ...],
) -> None:
    if roles:
        sign_in(client, make_user(*roles))
    _fill(2)
    few = count_queries(lambda: client.get("/"))
    _fill(15)
    assert few == count_queries(lambda: client.get("/")) > 0


def test_a_delegate_s_home_costs_no_more_queries_with_more_rows(
    client: FlaskClient, sign_in: SignIn, database: Session, count_queries: Count
) -> None:
    lead = make_constituent()
    held = make_round()

    def fill(number: int) -> None:
        for _ in range(number):
            make_note(make_commitment(lead), lead, held, state=State.RETURNED)
            make_commitment(lead, state=TextState.PROPOSED)

    sign_in(client, make_member(lead))
    fill(2)
    few = count_queries(lambda: client.get("/"))
    fill(12)
    assert few == count_queries(lambda: client.get("/")) > 0
