"""A researcher registers alone; nobody learns who has an account, and nobody is flooded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from policytrack.accounts import queries, service
from policytrack.accounts.models import AccountState, OneTimeLink, User
from policytrack.constituents import service as seats
from policytrack.constituents.models import Constituent
from policytrack.core import clock, options
from policytrack.core.db import transaction
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from policytrack.notifications import presenters
from policytrack.notifications.queries import Letter
from tests.accounts.browsing import send
from tests.accounts.conftest import PASSWORD
from tests.factories import actor_for, make_constituent, make_user

Mails = Callable[[], list[dict[str, Any]]]
TYPED = {
    "email": "rani@example.org",
    "name": "Rani",
    "language": "en",
    "purpose": "A thesis on recruitment fees",
}


def register(client: FlaskClient, **typed: str) -> Any:
    return send(client, client.get("/register"), "/register", **{**TYPED, **typed})


def count(database: Session, table: Any) -> int:
    database.rollback()
    return database.scalar(select(func.count()).select_from(table)) or 0


def close_registration() -> None:
    admin = actor_for(make_user(Role.ADMINISTRATOR))
    with transaction() as session:
        options.change(session, actor=admin, wanted={"registration_open": False}, now=clock.now())


def test_a_researcher_registers_confirms_and_is_in(
    client: FlaskClient, database: Session, mails: Mails
) -> None:
    answer = register(client, email=" Rani@Example.org ", language="ar")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/register/sent")
    assert "written to the address" in client.get("/register/sent").text
    [mail] = mails()
    assert (mail["template"], mail["to"], mail["language"]) == (
        "registration", "rani@example.org", "ar",
    )  # fmt: skip
    assert "Rani" not in str(mail["values"]), "its reader may not be who typed it"
    address = f"/register/{mail['values']['token']}"
    page = client.get(address)
    assert page.headers["Cache-Control"] == "no-store"
    assert "rani@example.org" in page.text
    answer = send(client, page, address, name="Rani Das", language="en", password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get("/account").status_code == 200
    user = queries.of_email(database, "rani@example.org")
    assert user is not None
    assert (user.name, user.state, user.purpose) == (
        "Rani Das", AccountState.ACTIVE, "A thesis on recruitment fees",
    )  # fmt: skip
    assert [office.role for office in user.offices] == [Role.RESEARCHER]
    assert client.get(address).status_code == 404, "the link works once"


def test_the_answer_and_the_work_are_the_same_for_every_address(
    app: Flask, database: Session, mails: Mails
) -> None:
    make_user(email="known@example.org", name="Asha")
    make_user(email="out@example.org", state=AccountState.SUSPENDED)
    told = []
    for email in ("known@example.org", "out@example.org", "new@example.org"):
        browser = app.test_client()
        before = count(database, OutboxItem)
        answer = register(browser, email=email)
        page = re.sub(r'value="[^"]*"|[a-z0-9]{10}', "", browser.get("/register/sent").text)
        told.append((answer.status_code, answer.headers["Location"], page))
        assert count(database, OutboxItem) == before + 1
    assert told[0] == told[1] == told[2]
    posted = {mail["to"]: (mail["template"], mail["values"].get("active")) for mail in mails()}
    assert posted == {
        "known@example.org": ("registration_known", True),
        "out@example.org": ("registration_known", False),
        "new@example.org": ("registration", None),
    }


def test_every_mail_can_be_written_in_every_language(
    app: Flask, client: FlaskClient, database: Session
) -> None:

    for template, values in {
        "registration": {"token": "t" * 43, "days": 14},
        "registration_known": {"name": "Asha", "active": True},
        "office_given": {"name": "Asha", "inviter": "Noor", "role": "secretariat"},
    }.items():
        for language in ("en", "ar"):
            message = presenters.message(Letter(template, "a@example.org", language, values), "k")
            assert message["Subject"]
            assert "http" in message.get_content()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": ""}, "Write a mail address"),
        ({"email": "nobody"}, "Write a mail address"),
        ({"email": "a@b\x00c.org\r\nBcc: x@example.org"}, "Write a mail address"),
        ({"name": " \u202e\x00 "}, "Write a name"),
        ({"name": "n" * 201}, "longer than 200"),
        ({"purpose": "p" * 301}, "longer than 300"),
        ({"language": "xx"}, "Choose from the list"),
    ],
)
def test_bad_input_is_said_and_kept(
    client: FlaskClient, database: Session, changed: dict[str, str], sentence: str
) -> None:
    answer = register(client, **changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert count(database, OutboxItem) == 0


def test_a_program_that_fills_everything_in_is_answered_and_ignored(
    client: FlaskClient, database: Session
) -> None:
    answer = register(client, website="https://spam.example")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/register/sent")
    assert count(database, OutboxItem) == 0


def test_nobody_is_flooded(app: Flask, database: Session) -> None:
    codes = [register(app.test_client()).status_code for _ in range(4)]
    assert codes == [303, 303, 303, 429]
    answer = register(app.test_client())
    assert int(answer.headers["Retry-After"]) > 0
    assert 'value="Rani"' in answer.text
    codes = [
        register(app.test_client(), email=f"r{number}@example.org").status_code
        for number in range(30)
    ]
    assert codes.count(303) + 3 == 20, "from one network address"


def test_a_closed_door_says_so_and_lets_nobody_in(
    client: FlaskClient, database: Session, mails: Mails
) -> None:
    register(client)
    [mail] = mails()
    register(client, email="late@example.org")
    close_registration()
    for path in ("/register", f"/register/{mail['values']['token']}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Registration is closed" in answer.text
    assert 'href="/register"' not in client.get("/sign-in").text
    assert mails() == [], "what was under way is not sent"


def test_the_newest_link_alone_opens_and_an_invitation_stays_good(
    client: FlaskClient, database: Session, mails: Mails
) -> None:
    register(client)
    register(client)
    first, second = (mail["values"]["token"] for mail in mails())
    assert client.get(f"/register/{first}").status_code == 404
    assert client.get(f"/register/{second}").status_code == 200
    assert client.get(f"/invitation/{second}").status_code == 404, "each link at its own place"
    body = make_constituent()
    invite(body, "rani@example.org")
    [mail] = mails()
    register(client)
    [_again] = mails()
    assert client.get(f"/invitation/{mail['values']['token']}").status_code == 200


def invite(body: Constituent, email: str) -> User:
    officer = actor_for(make_user(Role.SECRETARIAT))
    with transaction() as session:
        return seats.invite_member(
            session,
            actor=officer,
            constituent=session.get_one(Constituent, body.id),
            email=email,
            name="As the officer says",
            role=Role.CONTRIBUTOR,
            language="en",
            now=clock.now(),
        )


def test_an_invitation_prevails_over_the_name_that_was_typed(
    client: FlaskClient, database: Session, mails: Mails
) -> None:
    register(client, name="A joke")
    mails()
    invite(make_constituent(), "rani@example.org")
    [mail] = mails()
    assert mail["values"]["name"] == "As the officer says"


def test_unconfirmed_registrations_go_when_their_link_expires(
    client: FlaskClient, database: Session, mails: Mails
) -> None:
    register(client, email="never@example.org")
    register(client, email="waiting@example.org")
    register(client, email="seated@example.org")
    register(client, email="done@example.org")
    tokens = {mail["to"]: mail["values"]["token"] for mail in mails()}
    seated = invite(make_constituent(), "seated@example.org").id
    page = client.get(f"/register/{tokens['done@example.org']}")
    send(client, page, f"/register/{tokens['done@example.org']}", password=PASSWORD, language="en")
    database.rollback()
    waiting = queries.of_email(database, "waiting@example.org")
    assert waiting is not None
    with transaction() as session:
        session.execute(
            update(OneTimeLink)
            .where(OneTimeLink.user_id != waiting.id)
            .values(expires_at=clock.now() - timedelta(seconds=1))
        )
        # The invitation may be long gone; the seat is still there.
        session.execute(
            OneTimeLink.__table__.delete().where(
                OneTimeLink.user_id == seated, OneTimeLink.purpose == "invitation"
            )
        )
    with transaction() as session:
        service.purge(session, now=clock.now())
    database.rollback()
    left = {
        email
        for email in ("never", "waiting", "seated", "done")
        if queries.of_email(database, f"{email}@example.org")
    }
    assert left == {"waiting", "seated", "done"}


def test_a_registration_that_meets_another_makes_one_account(
    client: FlaskClient, database: Session, mails: Mails
) -> None:
    for _ in range(3):
        register(client)
    mails()
    assert count(database, User) == 1
    assert count(database, OneTimeLink) == 3
