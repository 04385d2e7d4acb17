"""An organisation's page: what it promised, what it said, what it owes; nobody's name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.commitments.rules import TextState
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core.permissions import Role
from policytrack.core.review import State
from policytrack.progress import queries as progress
from policytrack.progress.rules import Status
from policytrack.rounds.models import Round
from tests.factories import (
    make_commitment,
    make_constituent,
    make_member,
    make_note,
    make_round,
    make_user,
)
from tests.pages.conftest import Count, Read

SignIn = Callable[[FlaskClient, User], None]
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def _closed(year: int = 2025) -> Round:
    return make_round(opens_on=date(year, 3, 1), closes_on=date(year, 5, 31), zone="UTC")


def _words(page: str) -> str:
    text = re.sub(r"<[^>]+>", " ", page)
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069]", "", text))


def _address(body: Constituent) -> str:
    return f"/constituents/{body.public_id}"


@pytest.fixture
def insider(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Read as an officer, who sees who is silent, organisation by organisation."""
    sign_in(client, make_user(Role.SECRETARIAT))
    return client


def test_the_public_is_not_told_which_organisation_owes_an_answer(
    database: Session, read: Read, client: FlaskClient, sign_in: SignIn
) -> None:
    lead = make_constituent()
    make_commitment(lead, decided_at=LONG_AGO)
    _closed()
    assert "Owes" not in read(_address(lead))
    sign_in(client, make_user(Role.RESEARCHER))
    assert "Owes" not in read(_address(lead))
    sign_in(client, make_member(make_constituent(country_iso2="BD"), Role.CONTRIBUTOR))
    assert "Owes" in read(_address(lead))


def test_organisations_stand_by_country_and_in_the_order_of_groups(
    database: Session, read: Read
) -> None:
    make_constituent(labels={"en": "Ministry A"}, demonstration=True)
    make_constituent(labels={"en": "Union B"}, group=Group.WORKERS)
    make_constituent(labels={"en": "Watch C"}, group=Group.OBSERVERS, country_iso2=None)
    make_constituent(labels={"en": "Ministry Z"}, country_iso2="BH")
    page = read("/constituents")
    order = ["Ministry Z", "Ministry A", "Union B", "Regional organisations</", "Watch C"]
    found = [page.index(words) for words in order if words != "Regional organisations</"]
    assert found == sorted(found)
    nepal = page[page.index(">Nepal</bdi>") :]
    places = [nepal.index(f"<h3>{word}") for word in ("Governments", "Employers", "Workers")]
    assert places == sorted(places)
    assert "No organisation listed" in nepal
    assert "Demonstration</span>" in page
    assert "4 organisations" in page


def test_a_list_that_was_narrowed_says_nothing_of_what_it_left_out(
    database: Session, read: Read
) -> None:
    make_constituent(labels={"en": "Ministry A", "ne": "श्रम मन्त्रालय"}, acronym="MOX")
    make_constituent(labels={"en": "Union B"}, group=Group.WORKERS)
    for query, kept, left in (
        ("group=workers", "Union B", "Ministry A"),
        ("q=mox", "Ministry A", "Union B"),
        ("q=श्रम", "Ministry A", "Union B"),
        ("country=NP&q=union", "Union B", "Ministry A"),
    ):
        page = read(f"/constituents?{query}")
        assert kept in page, query
        assert left not in page, query
        assert "No organisation listed" not in page
        assert "1 organisation" in page
        assert "Remove all filters" in page
    assert "No organisation matches" in read("/constituents?country=QA")
    assert "No organisation listed" in read("/constituents?country=NP")


def test_retired_organisations_are_folded(database: Session, read: Read) -> None:
    make_constituent(labels={"en": "Ministry of Before"}, retired=True)
    make_constituent(labels={"en": "Ministry of Now"})
    page = read("/constituents")
    assert "1 organisation<" in page
    folded = page[page.index("<details><summary>") :]
    assert "1 organisation that is asked no more" in folded
    assert "Ministry of Before" in folded
    assert "Ministry of Before" not in page.replace(folded, "")


def test_countries_stand_on_a_page_whole(database: Session, read: Read) -> None:
    for iso2 in [
        "NP",
        "QA",
        "BD",
        "BH",
        "KW",
        "OM",
        "SA",
        "AE",
        "IN",
        "LK",
        "PK",
        "PH",
        "VN",
        "KE",
    ]:
        make_constituent(country_iso2=iso2)
        make_constituent(country_iso2=iso2, group=Group.WORKERS)
    first, second = read("/constituents"), read("/constituents?page=2")
    assert first.count('<h2 id="place-') == 12
    assert second.count('<h2 id="place-') == 2
    assert "Viet Nam</bdi></a></h2>" in read("/constituents?page=9")


def test_what_it_promised_said_and_owes_comes_first(
    database: Session, read: Read, insider: FlaskClient
) -> None:
    lead = make_constituent(labels={"en": "Ministry A", "ar": "وزارة", "fr": "Ministère"})
    other = make_constituent(country_iso2="BD")
    told = make_commitment(lead, title="Told of", decided_at=LONG_AGO)
    make_commitment(lead, title="Never told of", decided_at=LONG_AGO)
    make_commitment(other, title="Helped with", countries=("BD",), supporters=(lead,))
    make_commitment(lead, title="Only a draft", state=TextState.DRAFT)
    make_note(told, lead, _closed(), claimed_status=Status.LIMITED, done="Desks were opened.")
    page = read(_address(lead))
    said = _words(page)
    assert "leads 2 commitments, supports 1" in said
    assert "Limited progress Told of , 1 Oct 2026" in said
    assert "an answer on 1 commitment , silent since 1 Mar 2025" in said
    assert "was asked about 2 commitments and did not answer on 1" in said
    assert "Desks were opened." in page
    assert "Helped with" in page
    assert "Ministère" in page
    assert "Only a draft" not in page


def test_who_answered_on_everything_owes_nothing(
    database: Session, read: Read, insider: FlaskClient
) -> None:
    lead = make_constituent()
    told = make_commitment(lead, decided_at=LONG_AGO)
    make_note(told, lead, _closed(), nothing_changed=True, claimed_status=Status.LIMITED)
    page = read(_address(lead))
    assert "nothing: it answered on all" in page
    assert "Nothing has changed." in page
    assert 'id="owed"' not in page


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_what_is_under_way_breaks_no_silence(
    database: Session, read: Read, insider: FlaskClient, state: State
) -> None:
    lead = make_constituent()
    commitment = make_commitment(lead, decided_at=LONG_AGO)
    closed = _closed()
    before = _words(read(_address(lead)))
    make_note(commitment, lead, closed, state=state, done="Quokka regulation")
    assert _words(read(_address(lead))) == before


def test_a_new_note_of_the_open_round_ends_a_silence(
    database: Session, read: Read, insider: FlaskClient
) -> None:
    lead = make_constituent()
    commitment = make_commitment(lead, decided_at=LONG_AGO)
    _closed()
    assert "silent since" in read(_address(lead))
    make_note(commitment, lead, make_round())
    assert "silent since" not in read(_address(lead))


def test_only_who_was_asked_can_be_silent(
    database: Session, read: Read, insider: FlaskClient
) -> None:
    lead = make_constituent()
    retired = make_constituent(retired=True)
    observer = make_constituent(group=Group.OBSERVERS)
    make_commitment(lead, decided_at=LONG_AGO)
    assert "Owes" not in read(_address(lead))  # no round has closed yet
    _closed()
    assert "Owes" in read(_address(lead))
    for body in (retired, observer):
        assert "Owes" not in read(_address(body))
    late = make_constituent(country_iso2="BD")
    make_commitment(late, countries=("BD",))  # accepted after the round
    assert "Owes" not in read(_address(late))


def test_the_silence_is_that_of_the_voices(database: Session) -> None:
    lead = make_constituent()
    union = make_constituent(group=Group.WORKERS)
    rounds = [_closed(2024), _closed(2025)]
    commitments = [make_commitment(lead, decided_at=LONG_AGO) for _ in range(3)]
    make_note(commitments[0], union, rounds[0])
    make_note(commitments[1], union, rounds[1])
    now = datetime(2026, 10, 2, tzinfo=UTC)
    found = progress.silence(database, database.get_one(Constituent, union.id), now)
    spoken = {
        commitment.id: voice
        for commitment in commitments
        for voice in progress.voices(database, commitment, now)[Group.WORKERS]
    }
    silent = {item.commitment.id: item.since for item in found.items}
    assert silent == {key: voice.since for key, voice in spoken.items() if voice.lapsed}
    assert (found.asked, found.total, len(silent)) == (3, 2, 2)


def test_what_it_rests_on_is_for_the_secretariat(
    database: Session, read: Read, client: FlaskClient, sign_in: SignIn
) -> None:
    body = make_constituent(
        code="NP-MOL",
        source="https://example.org/quokka-source",
        confidence="medium",
        note="Quokka remark on the organisation",
        as_of=date(2026, 11, 21),
    )
    member = make_member(body, name="Person of the Ministry")
    for person in (None, member, make_user(Role.RESEARCHER)):
        browser = client.application.test_client()
        if person is not None:
            sign_in(browser, person)
        page = read(_address(body), browser=browser)
        assert "uokka" not in page
        assert "21 Nov 2026" in page
        data = browser.get(f"{_address(body)}/data.json").get_data(as_text=True)
        data += browser.get("/constituents/data.json").get_data(as_text=True)
        assert "uokka" not in data
        assert "Person of the Ministry" not in data
        if person is not member:
            assert "Person of the Ministry" not in page
    officer = client.application.test_client()
    sign_in(officer, make_user(Role.SECRETARIAT))
    page = read(_address(body), browser=officer)
    assert "Quokka remark" in page
    assert "quokka-source" in page
    assert "NP-MOL" in page


def test_a_title_in_another_language_stays_apart(database: Session, read: Read) -> None:
    hostile = "<script>alert(1)</script> \u202e وزارة " + "شؤون" * 60
    body = make_constituent(labels={"en": hostile, "ar": hostile})
    for language in ("en", "ar"):
        page = read(_address(body), language)
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_all_that_it_leads_and_supports_can_be_listed(database: Session, read: Read) -> None:
    lead = make_constituent(labels={"en": "Ministry A"})
    other = make_constituent(country_iso2="BD")
    for number in range(12):
        make_commitment(lead, title=f"Led {number:02d}")
        make_commitment(other, title=f"Helped {number:02d}", supporters=(lead,))
    page = read(_address(lead))
    for name, title in (("lead", "Led 11"), ("supporter", "Helped 11")):
        address = f"/commitments?{name}={lead.public_id}"
        assert f'href="{address}"' in page
        listed = read(address)
        assert "12 commitments" in listed
        assert title in listed
        assert "<bdi>Ministry A, Nepal</bdi>" in listed
        assert f'<input type="hidden" name="{name}" value="{lead.public_id}">' in listed
    assert "No commitment matches" in read("/commitments?supporter=2345678923")


def test_the_page_is_linked_where_the_organisation_is_named(database: Session, read: Read) -> None:
    lead, helper = make_constituent(), make_constituent(country_iso2="QA")
    commitment = make_commitment(lead, supporters=(helper,))
    note = make_note(commitment, lead, make_round())
    page = read(f"/commitments/{commitment.code}")
    assert page.count(f'href="{_address(lead)}"') >= 3  # beside the title, as a voice, as a fact
    assert f'href="{_address(helper)}"' in page
    assert f'href="{_address(lead)}"' in read(f"/notes/{note.public_id}")


def test_its_page_costs_the_same_however_much_it_owes(
    database: Session, insider: FlaskClient, count_queries: Count
) -> None:
    lead = make_constituent()
    _closed()

    def owe(number: int) -> None:
        for _ in range(number):
            make_commitment(lead, decided_at=LONG_AGO)

    owe(2)
    few = count_queries(lambda: insider.get(_address(lead)))
    owe(20)
    assert count_queries(lambda: insider.get(_address(lead))) == few
    page = insider.get(_address(lead)).get_data(as_text=True)
    assert "The 10 longest silences are shown." in page


def test_data_holds_everything_it_promised_and_said(database: Session, client: FlaskClient) -> None:
    lead = make_constituent()
    for _ in range(12):
        make_commitment(lead, supporters=(lead,))
    make_note(make_commitment(lead), lead, make_round(), done="Desks were opened.")
    found = json.loads(client.get(f"{_address(lead)}/data.json").get_data())
    assert len(found["commitments"]) == 13
    assert len(found["supported"]) == 12
    assert len(found["notes"]) > 1
    assert "Desks were opened." in json.dumps(found)
