"""People: the list, one person, and every act of an administrator, with every refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, SignInSession, User
from policytrack.constituents.models import Membership
from policytrack.core.db import transaction
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from tests.accounts.browsing import form, send
from tests.accounts.conftest import HASH, PASSWORD
from tests.administration.conftest import As
from tests.factories import NOW, make_constituent, make_member, make_user

PEOPLE = "/administration/people"


def at(user: User, act: str = "") -> str:
    return f"{PEOPLE}/{user.public_id}{'/' if act else ''}{act}"


def state(database: Session, user: User) -> str:
    user_id = user.id
    database.rollback()
    return database.get_one(User, user_id).state


def told(browser: FlaskClient, answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Ada", "Asha", "Bo", "Out"}),
        ("?q=ASH", {"Asha"}),
        ("?q=bo@example", {"Bo"}),
        ("?q=%25", set()),
        ("?state=suspended", {"Out"}),
        ("?role=administrator", {"Ada"}),
        ("?role=focal_point", {"Asha"}),
        ("?role=researcher", {"Bo", "Out"}),
        ("?role=public&state=nothing&page=-1", {"Ada", "Asha", "Bo", "Out"}),
        ("?organisation=ORG", {"Asha"}),
        ("?organisation=%00&q=%00", {"Ada", "Asha", "Bo", "Out"}),
        ("?organisation=2222222222", set()),
    ],
)
def test_the_list_is_narrowed_by_its_address(
    browser: FlaskClient, query: str, shown: set[str]
) -> None:
    body = make_constituent()
    make_member(body, name="Asha")
    make_user(name="Bo", email="bo@example.org")
    make_user(name="Out", state=AccountState.SUSPENDED)
    page = browser.get(PEOPLE + query.replace("ORG", body.public_id))
    assert page.status_code == 200
    found = page.text[page.text.index('id="found"') :]
    assert {name for name in ("Ada", "Asha", "Bo", "Out") if f"<bdi>{name}</bdi></a>" in found} == (
        shown
    )


def test_the_list_and_a_person_take_a_fixed_number_of_statements(
    browser: FlaskClient, counted: Callable[[], Any]
) -> None:
    numbers = []
    for size in (2, 22):
        body = make_constituent()
        for _ in range(size):
            make_member(body)
        with counted() as statements:
            assert browser.get(PEOPLE).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], numbers
    user = make_user()
    numbers = []
    for size in (1, 12):
        for _ in range(size):
            make_seat(user)
        with counted() as statements:
            assert browser.get(at(user)).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], numbers


def make_seat(user: User) -> None:
    body = make_constituent()
    with transaction() as session:
        session.add(
            Membership(user_id=user.id, constituent_id=body.id, role=Role.CONTRIBUTOR, since=NOW)
        )


def test_what_people_call_themselves_is_text(browser: FlaskClient) -> None:
    user = make_user(name="<script>alert(1)</script> \u202e" + "n" * 150)
    for page in (browser.get(PEOPLE), browser.get(at(user))):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("key", ["nothing", "a" * 300, "%00", "2222222222", "..%2f.."])
def test_nobody_is_behind_a_wrong_address(browser: FlaskClient, key: str) -> None:
    assert browser.get(f"{PEOPLE}/{key}").status_code == 404


# Inviting

INVITED = {"email": "noor@example.org", "name": "Noor", "language": "en", "role": "secretariat"}


def test_an_office_is_given_by_invitation(browser: FlaskClient, database: Session) -> None:
    page = browser.get(f"{PEOPLE}/invite")
    answer = send(browser, page, f"{PEOPLE}/invite", **INVITED)
    assert "noor@example.org has this role now" in told(browser, answer)
    again = send(browser, page, f"{PEOPLE}/invite", **INVITED)
    assert again.status_code == 303
    database.rollback()
    user = database.scalars(select(User).where(User.email == "noor@example.org")).one()
    assert [office.role for office in user.offices] == ["secretariat"]
    assert database.scalar(select(func.count()).select_from(OutboxItem)) == 1, "sent twice, once"


def test_a_seat_is_given_by_invitation(browser: FlaskClient, database: Session) -> None:
    body = make_constituent()
    typed = {**INVITED, "role": "focal_point", "organisation": body.public_id}
    answer = send(browser, browser.get(f"{PEOPLE}/invite"), f"{PEOPLE}/invite", **typed)
    assert answer.status_code == 303
    database.rollback()
    seat = database.scalars(select(Membership)).one()
    assert (seat.role, seat.constituent_id) == ("focal_point", body.id)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "nobody"}, "Write a mail address"),
        ({"name": ""}, "Write a name"),
        ({"name": "n" * 201}, "longer than 200"),
        ({"language": "xx"}, "Choose from the list"),
        ({"role": ""}, "Choose a role"),
        ({"role": "public"}, "Choose from the list"),
        ({"role": "focal_point"}, "Choose the organisation that gives this role"),
        ({"organisation": "ORG"}, "belongs to no organisation"),
        ({"organisation": "2222222222"}, "Choose from the list"),
        ({"role": "observer", "organisation": "ORG"}, "of this group does not give this role"),
        ({"role": "contributor", "organisation": "GONE"}, "Choose from the list"),
        ({"email": "out@example.org"}, "suspended. Reinstate it first"),
    ],
)
def test_what_cannot_be_invited_is_said_and_kept(
    browser: FlaskClient, database: Session, changed: dict[str, str], sentence: str
) -> None:
    known = {
        "ORG": make_constituent().public_id,
        "GONE": make_constituent(retired=True).public_id,
    }
    make_user(email="out@example.org", state=AccountState.SUSPENDED)
    typed = {**INVITED, **changed}
    typed["organisation"] = known.get(typed.get("organisation", ""), typed.get("organisation", ""))
    answer = send(browser, browser.get(f"{PEOPLE}/invite"), f"{PEOPLE}/invite", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert database.scalar(select(func.count()).select_from(OutboxItem)) == 0


# One person


def test_a_person_is_suspended_and_reinstated(
    app: Flask, browser: FlaskClient, database: Session, as_: As
) -> None:
    user = make_user(name="Asha", password_hash=HASH)
    other = as_(user)
    assert other.get("/account").status_code == 200
    page = browser.get(at(user))
    assert "Asha" in page.text
    assert "The account of Asha is suspended" in told(
        browser, send(browser, page, at(user, "suspend"))
    )
    assert other.get("/account").status_code == 303
    page = browser.get(at(user))
    assert "The account of Asha is reinstated" in told(
        browser, send(browser, page, at(user, "reinstate"))
    )
    assert state(database, user) == AccountState.ACTIVE


def test_sessions_are_shown_and_ended(browser: FlaskClient, database: Session, as_: As) -> None:
    user = make_user()
    one, two = as_(user), as_(user)
    page = browser.get(at(user))
    assert page.text.count('name="browser"') == 2
    first = send(browser, page, at(user, "sessions"))
    assert "1 browser is signed out" in told(browser, first)
    assert sorted(each.get("/account").status_code for each in (one, two)) == [200, 303]
    wrong = browser.post(
        at(user, "sessions"), data={"csrf_token": token(page), "browser": "nothing"}
    )
    assert wrong.status_code == 404
    everywhere = browser.post(at(user, "sessions"), data={"csrf_token": token(page)})
    assert "1 browser is signed out" in told(browser, everywhere)
    database.rollback()
    open_ = select(func.count()).select_from(SignInSession)
    assert database.scalar(open_.where(SignInSession.revoked_at.is_(None))) == 1, "mine"


def token(page: Any) -> str:
    return page.text.split('name="csrf_token" value="')[1].split('"')[0]


def test_offices_are_changed(browser: FlaskClient, database: Session) -> None:
    user = make_user(Role.RESEARCHER)
    page = browser.get(at(user))
    data = {"csrf_token": token(page), "offices": ["secretariat", "secretariat"]}
    told(browser, browser.post(at(user, "offices"), data=data))
    user_id = user.id
    database.rollback()
    assert [each.role for each in database.get_one(User, user_id).offices] == ["secretariat"]
    data = {"csrf_token": token(page), "offices": ["focal_point"]}
    answer = browser.post(at(user, "offices"), data=data)
    assert answer.status_code == 422
    assert "Choose from the list" in answer.text


def test_seats_are_given_and_ended(browser: FlaskClient, database: Session) -> None:
    user, body = make_user(name="Asha"), make_constituent()
    page = browser.get(at(user))
    given = {"organisation": body.public_id, "seat_role": "focal_point"}
    assert "Asha has a seat now" in told(browser, send(browser, page, at(user, "seats"), **given))
    page = browser.get(at(user))
    refused = send(browser, page, at(user, "seats"), **{**given, "seat_role": "contributor"})
    assert refused.status_code == 422
    assert "has another role in this organisation" in refused.text
    for wrong in ({"organisation": ""}, {"organisation": "x"}, {"seat_role": "administrator"}):
        assert send(browser, page, at(user, "seats"), **{**given, **wrong}).status_code == 422
    ending = at(user, f"seats/{body.public_id}/end")
    refused = browser.post(ending, data={"csrf_token": token(page)})
    assert refused.status_code == 422
    assert "last focal point" in refused.text
    ended = browser.post(ending, data={"csrf_token": token(page), "confirmed": "y"})
    assert "The seat of Asha has ended" in told(browser, ended)
    assert browser.post(ending, data={"csrf_token": token(page)}).status_code == 404


def test_who_is_kept_out_gets_no_seat(browser: FlaskClient) -> None:
    user, body = make_user(state=AccountState.SUSPENDED), make_constituent()
    page = browser.get(at(user))
    given = {"organisation": body.public_id, "seat_role": "focal_point"}
    assert send(browser, page, at(user, "seats"), **given).status_code == 422


def test_seats_in_different_groups_are_pointed_out(browser: FlaskClient) -> None:
    user = make_member(make_constituent())
    assert "of different groups" not in browser.get(at(user)).text
    body = make_constituent(group="workers")
    given = {"organisation": body.public_id, "seat_role": "contributor"}
    send(browser, browser.get(at(user)), at(user, "seats"), **given)
    assert "of different groups" in browser.get(at(user)).text


def test_an_invitation_goes_out_again_in_the_name_of_the_organisation(
    browser: FlaskClient, database: Session
) -> None:
    seated = make_member(make_constituent(), state=AccountState.INVITED)
    officer = make_user(Role.SECRETARIAT, state=AccountState.INVITED)
    for user in (seated, officer):
        answer = send(browser, browser.get(at(user)), at(user, "invite-again"))
        assert "A new invitation is on its way" in told(browser, answer)
    database.rollback()
    payloads = database.scalars(select(OutboxItem.payload).order_by(OutboxItem.id)).all()
    assert [bool(each["values"]["organisation"]) for each in payloads] == [True, False]
    active = make_user()
    data = {"csrf_token": token(browser.get(at(active)))}
    assert browser.post(at(active, "invite-again"), data=data).status_code == 422


def test_closing_asks_once_names_the_person_and_is_for_good(
    browser: FlaskClient, database: Session, as_: As
) -> None:
    body = make_constituent()
    user = make_member(body, name="Asha", password_hash=HASH)
    other = as_(user)
    page = browser.get(at(user))
    assert '<p class="thing"><bdi>Asha</bdi></p>' in page.text
    key = form(page, at(user, "close"))
    assert {"csrf_token", "form_key"} <= {name for name, _value in key.fields}
    unsure = send(browser, page, at(user, "close"))
    assert (unsure.status_code, state(database, user)) == (422, AccountState.ACTIVE)
    unwarned = send(browser, page, at(user, "close"), sure="y")
    assert unwarned.status_code == 422
    assert "Nobody else can submit" in unwarned.text
    answer = send(browser, page, at(user, "close"), sure="y", confirmed="y")
    assert "stays under “Closed account”" in told(browser, answer)
    assert state(database, user) == AccountState.CLOSED
    assert other.get("/account").status_code == 303
    page = browser.get(at(user))
    assert "Asha" not in page.text
    assert "closed.invalid" not in page.text + browser.get(PEOPLE).text
    assert at(user, "close") not in page.text
    assert browser.get(f"{PEOPLE}?q=closed.invalid").text.count("<bdi>Closed account") == 0


def test_one_is_told_before_shutting_the_door_on_oneself(
    browser: FlaskClient, admin: User, database: Session
) -> None:
    make_user(Role.ADMINISTRATOR)
    page = browser.get(at(admin))
    assert "This is your own account" in page.text
    for act in ("suspend", "close"):
        assert send(browser, page, at(admin, act)).status_code == 422
    answer = send(browser, page, at(admin, "suspend"), sure="y")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert browser.get("/administration").status_code == 303
    assert state(database, admin) == AccountState.SUSPENDED


@pytest.mark.parametrize("act", ["suspend", "close", "offices"])
def test_the_last_administrator_is_told(
    browser: FlaskClient, admin: User, database: Session, act: str
) -> None:
    answer = send(browser, browser.get(at(admin)), at(admin, act), sure="y", offices="researcher")
    assert answer.status_code == 422
    assert "This is the last administrator" in answer.text
    assert state(database, admin) == AccountState.ACTIVE
    assert browser.get("/administration").status_code == 200


# One's own account


def close_own(browser: FlaskClient, **typed: str) -> Any:
    return send(browser, browser.get("/account/close"), "/account/close", **typed)


def test_a_person_closes_their_own_account(as_: As, database: Session) -> None:
    user = make_user(Role.RESEARCHER, password_hash=HASH)
    browser = as_(user)
    assert "/account/close" in browser.get("/account").text
    assert close_own(browser, sure="y").status_code == 422
    assert close_own(browser, password=PASSWORD).status_code == 422
    wrong = close_own(browser, sure="y", password="not this one at all")
    assert wrong.status_code == 422
    assert "This is not your present password" in wrong.text
    answer = close_own(browser, sure="y", password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert state(database, user) == AccountState.CLOSED
    assert browser.get("/account").status_code == 303


def test_the_last_focal_point_is_warned_and_the_last_administrator_refused(
    as_: As, database: Session, browser: FlaskClient, admin: User
) -> None:
    focal = make_member(make_constituent(), password_hash=HASH)
    own = as_(focal)
    page = own.get("/account/close")
    assert "You are the only one who can submit" in page.text
    refused = close_own(own, sure="y", password=PASSWORD)
    assert refused.status_code == 422
    assert "Nobody else can submit" in refused.text
    assert close_own(own, sure="y", confirmed="y", password=PASSWORD).status_code == 303
    refused = close_own(browser, sure="y", password=PASSWORD)
    assert refused.status_code == 422
    assert "This is the last administrator" in refused.text
    assert state(database, admin) == AccountState.ACTIVE


def test_guessing_at_the_password_is_counted(as_: As, database: Session) -> None:
    browser = as_(make_user(password_hash=HASH))
    codes = [close_own(browser, sure="y", password="wrong").status_code for _ in range(11)]
    assert codes[:10] == [422] * 10
    assert codes[10] == 429
