from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.accounts import limits, passwords, queries, rules, service
from policytrack.accounts.models import (
    AccountState,
    Attempts,
    LinkPurpose,
    NetworkAddress,
    OneTimeLink,
    SignInSession,
    User,
)
from policytrack.core import clock, errors
from policytrack.core.audit import TrailEntry
from policytrack.core.db import transaction
from policytrack.core.permissions import Role
from tests.accounts.conftest import HASH, NEW_PASSWORD, PASSWORD
from tests.factories import actor_for, make_user

Mails = Callable[[], list[dict[str, Any]]]


def create(email: str = "new@example.org", *offices: Role) -> tuple[int, str]:
    with transaction() as session:
        user, token = service.create_account(
            session,
            email=email,
            name="New Person",
            offices=offices or (Role.SECRETARIAT,),
            language="ar",
            now=clock.now(),
        )
        return user.id, token


def actions(database: Session) -> list[str]:
    database.rollback()
    return list(database.scalars(select(TrailEntry.action).order_by(TrailEntry.id)))


# Passwords


def test_a_password_matches_however_its_letters_were_composed() -> None:
    stored = passwords.hashed("é" * 12)
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, "e\u0301" * 12)
    assert not passwords.matches(stored, "e" * 12)


def test_nothing_matches_where_no_password_is_stored() -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches("", PASSWORD)
    assert not passwords.matches("not a hash", PASSWORD)


def test_the_decoy_costs_what_a_real_password_costs() -> None:
    assert not passwords.outdated(passwords.DECOY)
    assert passwords.outdated(PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD))


# Invitations


def test_an_account_is_made_once_and_keeps_its_offices(database: Session) -> None:
    first, token = create("New@Example.org", Role.SECRETARIAT)
    second, newer = create("new@example.org", Role.ADMINISTRATOR)
    assert first == second
    user = database.get_one(User, first)
    assert user.email == "new@example.org"
    assert {office.role for office in user.offices} == {Role.SECRETARIAT, Role.ADMINISTRATOR}
    now = clock.now()
    assert queries.open_link(database, token, LinkPurpose.INVITATION, now) is None
    assert queries.open_link(database, newer, LinkPurpose.INVITATION, now) is not None
    assert actions(database) == ["offices_given", "offices_given"]


def test_the_secret_of_a_link_is_not_stored(database: Session) -> None:
    _user, token = create()
    stored = database.scalars(select(OneTimeLink.token_hash)).one()
    assert token not in stored
    assert stored == queries.hash_of(token)


def test_a_person_with_an_account_gets_no_invitation(database: Session, person: User) -> None:
    assert create(person.email)[1] == ""


@pytest.mark.parametrize("email", ["", "nobody", "a@b\r\nBcc: c@d"])
def test_an_account_needs_an_address(database: Session, email: str) -> None:
    with pytest.raises(errors.InvalidInput):
        create(email)
    assert database.scalar(select(func.count()).select_from(User)) == 0


def test_offices_give_no_seats(database: Session) -> None:
    with pytest.raises(errors.InvalidInput):
        create("a@example.org", Role.FOCAL_POINT)


def test_only_who_may_invite_invites(database: Session) -> None:
    nobody = actor_for(make_user())
    with pytest.raises(errors.NotPermitted), transaction() as session:
        service.invite(
            session, actor=nobody, email="a@example.org", name="A", language="en", now=clock.now()
        )


def accept(token: str, name: str = "Asha") -> None:
    with transaction() as session:
        service.accept_invitation(
            session,
            token=token,
            name=name,
            language="ar",
            password_hash=HASH,
            now=clock.now(),
        )


def test_an_invitation_is_accepted_once(database: Session) -> None:
    user_id, token = create()
    accept(token)
    with pytest.raises(errors.NotFound):
        accept(token, "Somebody else")
    user = database.get_one(User, user_id)
    assert (user.state, user.name, user.language) == (AccountState.ACTIVE, "Asha", "ar")


def test_an_invitation_expires(database: Session) -> None:
    _user, token = create()
    later = clock.now() + timedelta(days=14, minutes=1)
    assert queries.open_link(database, token, LinkPurpose.INVITATION, later) is None


def test_an_invitation_is_no_reset(database: Session) -> None:
    _user, token = create()
    with pytest.raises(errors.NotFound), transaction() as session:
        service.reset_password(session, token=token, password_hash=HASH, now=clock.now())


def test_of_two_who_accept_at_the_same_moment_one_gets_in(app: Flask, database: Session) -> None:
    user_id, token = create()
    start, outcomes = threading.Barrier(2), []

    def race(name: str) -> None:
        with app.app_context():
            start.wait()
            try:
                accept(token, name)
                outcomes.append(name)
            except errors.NotFound:
                outcomes.append("spent")

    racers = [threading.Thread(target=race, args=(name,)) for name in ("First", "Second")]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    database.rollback()
    winners = [name for name in outcomes if name != "spent"]
    assert sorted(outcomes) == sorted(["spent", database.get_one(User, user_id).name])
    assert len(winners) == 1


def test_one_person_invited_twice_at_the_same_moment_is_one_person(
    app: Flask, database: Session
) -> None:
    start, made = threading.Barrier(2), []

    def race() -> None:
        with app.app_context():
            start.wait()
            made.append(create("twice@example.org")[0])

    racers = [threading.Thread(target=race) for _ in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(made) == 2
    assert made[0] == made[1]


# Signing in and out


def enter(user: User, **changed: Any) -> str | None:
    given: dict[str, Any] = {
        "user_id": user.id,
        "checked_hash": HASH,
        "new_hash": None,
        "browser": "Firefox, Linux",
        "address": "192.0.2.1",
        "now": clock.now(),
        **changed,
    }
    with transaction() as session:
        return service.sign_in(session, **given)


def test_a_sign_in_is_a_row_that_ends(database: Session, person: User) -> None:
    token = enter(person)
    assert token
    row = queries.signed_in(database, token, clock.now())
    assert row is not None
    assert row.user_id == person.id
    assert queries.signed_in(database, token, clock.now() + timedelta(days=15)) is None
    assert queries.signed_in(database, token + "x", clock.now()) is None
    assert database.scalars(select(SignInSession.token_hash)).all() != [token]
    with transaction() as session:
        service.sign_out(session, token=token, address="192.0.2.1", now=clock.now())
    assert queries.signed_in(database, token, clock.now()) is None
    assert actions(database) == ["signed_in", "signed_out"]


def test_use_keeps_a_sign_in_alive(database: Session, person: User) -> None:
    token, later = enter(person) or "", clock.now() + timedelta(days=10)
    with transaction() as session:
        row = queries.signed_in(session, token, clock.now())
        assert row is not None
        service.seen(session, row_id=row.id, now=later)
    assert queries.signed_in(database, token, later + timedelta(days=13)) is not None


def test_nobody_signs_in_with_a_password_that_changed_meanwhile(
    database: Session, person: User
) -> None:
    assert enter(person, checked_hash="another") is None


def test_a_suspended_person_is_out_at_once(database: Session, person: User) -> None:
    token, administrator = enter(person) or "", actor_for(make_user(Role.ADMINISTRATOR))
    with transaction() as session:
        service.suspend(
            session,
            actor=administrator,
            user=session.get_one(User, person.id),
            now=clock.now(),
        )
    assert queries.signed_in(database, token, clock.now()) is None
    assert enter(person) is None
    assert queries.credentials(database, email=person.email) is None
    with transaction() as session:
        service.reinstate(
            session,
            actor=administrator,
            user=session.get_one(User, person.id),
            now=clock.now(),
        )
    # What was revoked stays revoked.
    assert queries.signed_in(database, token, clock.now()) is None
    assert enter(person)


def test_only_an_administrator_suspends(database: Session, person: User) -> None:
    officer = actor_for(make_user(Role.SECRETARIAT))
    with pytest.raises(errors.NotPermitted), transaction() as session:
        service.suspend(
            session,
            actor=officer,
            user=session.get_one(User, person.id),
            now=clock.now(),
        )


# Resets


def test_a_reset_ends_every_sign_in_and_works_once(
    database: Session, person: User, mails: Mails
) -> None:
    token = enter(person) or ""
    with transaction() as session:
        service.request_reset(session, email=person.email, now=clock.now())
    (mail,) = mails()
    assert (mail["template"], mail["to"]) == ("password_reset", person.email)
    new = passwords.hashed(NEW_PASSWORD)
    for expected in (None, errors.NotFound):
        try:
            with transaction() as session:
                service.reset_password(
                    session, token=mail["values"]["token"], password_hash=new, now=clock.now()
                )
        except errors.NotFound:
            assert expected is errors.NotFound
        else:
            assert expected is None
    assert queries.signed_in(database, token, clock.now()) is None
    assert database.get_one(User, person.id).password_hash == new
    assert actions(database)[1:] == ["password_reset_requested", "password_reset"]


def test_a_reset_expires(database: Session, person: User, mails: Mails) -> None:
    with transaction() as session:
        service.request_reset(session, email=person.email, now=clock.now())
    token = mails()[0]["values"]["token"]
    later = clock.now() + timedelta(hours=2, minutes=1)
    assert queries.open_link(database, token, LinkPurpose.PASSWORD_RESET, later) is None


@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.CLOSED])
def test_nobody_resets_an_account_that_is_not_in_use(
    database: Session, mails: Mails, state: AccountState
) -> None:
    user = make_user(state=state)
    with transaction() as session:
        service.request_reset(session, email=user.email, now=clock.now())
        service.request_reset(session, email="stranger@example.org", now=clock.now())
    assert mails() == []


# Limits and cleaning up


def test_attempts_are_counted_and_refused_with_a_wait(database: Session) -> None:
    now = clock.now()
    for _ in range(rules.RESET_BY_ACCOUNT.most):
        with transaction() as session:
            limits.spend(session, now, (rules.RESET_BY_ACCOUNT, "a@example.org"))
    with pytest.raises(errors.TooManyAttempts) as refused, transaction() as session:
        limits.spend(session, now, (rules.RESET_BY_ACCOUNT, "a@example.org"))
    assert 1 <= refused.value.retry_after <= 3600
    with transaction() as session:
        limits.spend(session, now, (rules.RESET_BY_ACCOUNT, "b@example.org"))
        limits.spend(session, now + timedelta(hours=1), (rules.RESET_BY_ACCOUNT, "a@example.org"))
    assert "example" not in "".join(database.scalars(select(Attempts.key)))


def test_what_has_expired_is_removed(database: Session, person: User) -> None:
    token = enter(person)
    now = clock.now()
    with transaction() as session:
        limits.spend(session, now, (rules.LINK_BY_ADDRESS, "192.0.2.1"))
        service.purge(session, now=now)
    assert queries.signed_in(database, token or "", now) is not None
    assert database.scalars(select(NetworkAddress.address)).all() == ["192.0.2.1"]
    with transaction() as session:
        service.purge(session, now=now + timedelta(days=91))
    for table in (NetworkAddress, Attempts):
        assert database.scalar(select(func.count()).select_from(table)) == 0
    with transaction() as session:
        service.purge(session, now=now + timedelta(days=120))
    assert database.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_an_unknown_language_changes_nothing(database: Session, person: User) -> None:
    with transaction() as session:
        service.set_language(session, person.id, "ar")
        service.set_language(session, person.id, "xx")
    assert database.get_one(User, person.id).language == "ar"
