"""Accounts that end: suspended, closed, and the last administrator who must stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.accounts import passwords, queries, service
from policytrack.accounts.models import (
    AccountState,
    NetworkAddress,
    Office,
    OneTimeLink,
    SignInSession,
    User,
)
from policytrack.constituents import queries as constituents
from policytrack.constituents import service as seats
from policytrack.core import clock, errors, outbox
from policytrack.core.audit import TrailEntry
from policytrack.core.db import transaction
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Actor, Role
from tests.accounts.conftest import HASH
from tests.factories import actor_for, make_constituent, make_member, make_user
from tests.progress.test_races import at_once

SignIn = Callable[[FlaskClient, User], None]


@pytest.fixture
def admin(database: Session) -> Actor:
    return actor_for(make_user(Role.ADMINISTRATOR))


def do(verb: Any, actor: Actor, user: User, **more: Any) -> None:
    user_id = user.id
    with transaction() as session:
        verb(session, actor=actor, user=session.get_one(User, user_id), now=clock.now(), **more)


def fresh(database: Session, user: User) -> User:
    user_id = user.id
    database.rollback()
    return database.get_one(User, user_id)


def test_closing_leaves_the_work_and_takes_the_person(
    database: Session, admin: Actor, app: Flask
) -> None:
    user = make_user(
        Role.SECRETARIAT, email="asha@example.org", name="Asha Rai", password_hash=HASH,
        language="ar", purpose="A thesis",
    )  # fmt: skip
    now = clock.now()
    with transaction() as session:
        service.open_session(session, user_id=user.id, browser="Firefox", now=now)
        service.note_address(session, user_id=user.id, address="192.0.2.7", action="x", now=now)
        service.send_reset(session, email=user.email, key="k", now=now)
        service.request_reset(session, email=user.email, now=now)
        outbox.enqueue(session, "mail", {"template": "x", "user_id": user.id}, key="own", now=now)
        outbox.enqueue(session, "mail", {"template": "x", "to": "b@example.org"}, key="b", now=now)
        session.scalars(
            select(OutboxItem).where(OutboxItem.key == "b")
        ).one().last_error = "refused asha@example.org"
    do(service.close, admin, user)
    closed = fresh(database, user)
    assert closed.state == AccountState.CLOSED
    assert closed.closed_at is not None
    assert (closed.chosen_name, closed.password_hash, closed.language) == ("", None, None)
    assert closed.purpose == ""
    assert closed.offices == []
    assert closed.name == "Closed account"
    for table in (SignInSession, OneTimeLink, NetworkAddress):
        assert database.scalar(select(func.count()).select_from(table)) == 0
    left = database.scalars(select(OutboxItem)).all()
    assert [(item.key, item.last_error) for item in left] == [("b", "")]
    said = " ".join(str(each) for each in database.execute(select(User.__table__)).all())
    said += " ".join(str(each) for each in database.execute(select(TrailEntry.__table__)).all())
    assert "asha" not in said.lower()
    line = database.scalars(select(TrailEntry).where(TrailEntry.action == "closed")).one()
    assert (line.actor_id, line.public_id) == (admin.user_id, closed.public_id)


def test_a_closed_account_is_named_in_the_language_of_the_reader(
    app: Flask, database: Session, admin: Actor
) -> None:
    user = make_user(name="Asha")
    do(service.close, admin, user)
    closed = fresh(database, user)
    with app.test_request_context(), force_locale("en"):
        assert closed.name == "Closed account"
    assert make_user(name="Noor").name == "Noor"


def test_the_address_can_be_invited_anew(database: Session, admin: Actor) -> None:
    user = make_user(email="asha@example.org", password_hash=HASH)
    do(service.close, admin, user)
    with transaction() as session:
        again = service.invite(
            session,
            actor=admin,
            email="asha@example.org",
            name="Asha",
            language="en",
            now=clock.now(),
        )
        assert again.id != user.id
    assert queries.credentials(database, email="asha@example.org") is None


def test_a_closed_account_stays_closed(database: Session, admin: Actor) -> None:
    user = make_user()
    do(service.close, admin, user)
    for verb in (service.close, service.suspend, service.reinstate):
        with pytest.raises(errors.RuleViolation):
            do(verb, admin, user)
    with pytest.raises(errors.RuleViolation):
        do(service.change_offices, admin, user, offices=[Role.SECRETARIAT])


def test_one_closes_oneself_and_an_administrator_anybody(database: Session, admin: Actor) -> None:
    one, other = make_user(Role.SECRETARIAT), make_user()
    with pytest.raises(errors.NotPermitted):
        do(service.close, actor_for(one), other)
    do(service.close, actor_for(one), one)
    do(service.close, admin, other)
    assert fresh(database, one).state == fresh(database, other).state == AccountState.CLOSED


def test_a_suspended_person_is_out_at_the_next_request(
    client: FlaskClient, sign_in: SignIn, database: Session, admin: Actor
) -> None:
    user = make_user()
    sign_in(client, user)
    assert client.get("/account").status_code == 200
    do(service.suspend, admin, user)
    assert client.get("/account").status_code == 303
    do(service.reinstate, admin, user)
    assert client.get("/account").status_code == 303, "what was ended stays ended"


def test_sessions_end_one_by_one_or_all(
    app: Flask, sign_in: SignIn, database: Session, admin: Actor
) -> None:
    user, other = make_user(), make_user()
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser, user)
    database.rollback()
    ids = database.scalars(select(SignInSession.public_id).order_by(SignInSession.id)).all()
    for wrong in ("", "nothing", "\x00", "a" * 400):
        with pytest.raises(errors.NotFound):
            do(service.end_sessions, admin, user, browser=wrong)
    with pytest.raises(errors.NotFound):
        do(service.end_sessions, admin, other, browser=ids[0])
    with pytest.raises(errors.NotPermitted):
        do(service.end_sessions, actor_for(other), user)
    do(service.end_sessions, admin, user, browser=ids[0])
    assert [browser.get("/account").status_code for browser in browsers] == [303, 200, 200]
    do(service.end_sessions, admin, user)
    assert [browser.get("/account").status_code for browser in browsers] == [303] * 3


# Offices, and the last administrator


def test_offices_are_exactly_those_asked_for(database: Session, admin: Actor) -> None:
    user = make_user(Role.RESEARCHER)
    do(service.change_offices, admin, user, offices=[Role.SECRETARIAT, Role.ADMINISTRATOR])
    held = {office.role for office in fresh(database, user).offices}
    assert held == {Role.SECRETARIAT, Role.ADMINISTRATOR}
    line = database.scalars(select(TrailEntry).where(TrailEntry.action == "offices_changed")).one()
    assert line.details == {"given": ["administrator", "secretariat"], "taken": ["researcher"]}
    do(service.change_offices, admin, user, offices=[])
    assert fresh(database, user).offices == []
    with pytest.raises(errors.InvalidInput):
        do(service.change_offices, admin, user, offices=[Role.FOCAL_POINT])
    with pytest.raises(errors.NotPermitted):
        do(service.change_offices, actor_for(user), user, offices=[Role.ADMINISTRATOR])


LEAVING: list[tuple[Any, dict[str, Any]]] = [
    (service.suspend, {}),
    (service.close, {}),
    (service.change_offices, {"offices": [Role.SECRETARIAT]}),
]


@pytest.mark.parametrize(("verb", "more"), LEAVING, ids=lambda each: getattr(each, "__name__", ""))
def test_the_last_administrator_stays(
    database: Session, admin: Actor, verb: Any, more: dict[str, Any]
) -> None:
    # Neither who was only invited nor who is kept out can look after the site.
    make_user(Role.ADMINISTRATOR, state=AccountState.INVITED)
    make_user(Role.ADMINISTRATOR, state=AccountState.SUSPENDED)
    last = database.get_one(User, admin.user_id)
    with pytest.raises(errors.RuleViolation) as refused:
        do(verb, admin, last, **more)
    assert "last administrator" in str(refused.value.message)
    assert fresh(database, last).state == AccountState.ACTIVE
    assert len(fresh(database, last).offices) == 1
    second = make_user(Role.ADMINISTRATOR)
    do(verb, admin, second, **more)
    do(service.change_offices, admin, make_user(), offices=[Role.ADMINISTRATOR])
    do(verb, admin, last, **more)


@pytest.mark.parametrize(("verb", "more"), LEAVING, ids=lambda each: getattr(each, "__name__", ""))
def test_two_administrators_cannot_send_each_other_away(
    app: Flask, database: Session, verb: Any, more: dict[str, Any]
) -> None:
    one, other = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    actors = [actor_for(one), actor_for(other)]
    ids = [other.id, one.id]
    database.rollback()

    def act(actor: Actor, user_id: int) -> Callable[[], None]:
        def run() -> None:
            with transaction() as session:
                user = session.get_one(User, user_id)
                verb(session, actor=actor, user=user, now=clock.now(), **more)

        return run

    refused = at_once(app, *(act(*each) for each in zip(actors, ids, strict=True)))
    assert [type(each) for each in refused if each] == [errors.RuleViolation]
    left = database.scalars(
        select(User)
        .join(Office, Office.user_id == User.id)
        .where(Office.role == Role.ADMINISTRATOR, User.state == AccountState.ACTIVE)
    ).all()
    assert len(left) == 1


def test_an_appointment_reaches_who_has_an_account_and_who_has_none(
    database: Session, admin: Actor, mails: Callable[[], list[dict[str, Any]]]
) -> None:
    make_user(email="known@example.org")

    def appoint(email: str, office: Role = Role.SECRETARIAT) -> None:
        with transaction() as session:
            service.appoint(
                session,
                actor=admin,
                email=email,
                name="Noor",
                language="en",
                office=office,
                now=clock.now(),
            )

    appoint("known@example.org")
    appoint("new@example.org")
    appoint("known@example.org")
    sent = mails()
    posted = [(mail["template"], mail["to"]) for mail in sent]
    assert posted == [("office_given", "known@example.org"), ("invitation", "new@example.org")]
    assert sent[1]["values"]["role"] == Role.SECRETARIAT
    new = queries.of_email(database, "new@example.org")
    assert new is not None
    assert [office.role for office in new.offices] == [Role.SECRETARIAT]
    make_user(email="out@example.org", state=AccountState.SUSPENDED)
    with pytest.raises(errors.RuleViolation):
        appoint("out@example.org")
    with pytest.raises(errors.InvalidInput):
        appoint("new@example.org", Role.FOCAL_POINT)


def test_an_unaccepted_invitation_is_sent_again(
    database: Session, admin: Actor, mails: Callable[[], list[dict[str, Any]]]
) -> None:
    invited = make_user(Role.SECRETARIAT, state=AccountState.INVITED)
    do(service.invite_again, admin, invited)
    assert [mail["template"] for mail in mails()] == ["invitation"]
    with pytest.raises(errors.RuleViolation):
        do(service.invite_again, admin, make_user(password_hash=HASH))


def test_a_member_who_closes_is_in_no_list_and_no_mail(database: Session, admin: Actor) -> None:
    body = make_constituent()
    focal, colleague = make_member(body), make_member(body)
    do(seats.close_account, admin, colleague, confirmed=False)
    database.rollback()
    assert [each.user.id for each in constituents.members(database, body.id)] == [focal.id]
    with pytest.raises(errors.RuleViolation) as refused:
        do(seats.close_account, actor_for(focal), focal, confirmed=False)
    assert "Nobody else can submit" in str(refused.value.message)
    do(seats.close_account, actor_for(focal), focal, confirmed=True)
    ended = database.scalars(select(TrailEntry.action).order_by(TrailEntry.id)).all()
    assert ended == ["seat_ended", "closed", "seat_ended", "closed"]


def test_passwords_of_closed_accounts_open_nothing(database: Session, admin: Actor) -> None:
    user = make_user(password_hash=passwords.hashed("seven small boats at dawn"))
    email = user.email
    do(service.close, admin, user)
    database.rollback()
    assert queries.credentials(database, email=email) is None
    assert queries.credentials(database, user_id=user.id) is None
