from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts import queries as accounts
from policytrack.accounts import service as accounts_service
from policytrack.accounts.models import AccountState, LinkPurpose, User
from policytrack.constituents import queries, service
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.rules import Group
from policytrack.core import clock, errors
from policytrack.core.audit import TrailEntry
from policytrack.core.db import transaction
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import ANONYMOUS, Actor, Permission, Role
from tests.factories import actor_for, make_constituent, make_member, make_user


def invite(actor: Actor, body: Constituent, **changed: Any) -> User:
    given: dict[str, Any] = {
        "email": "noor@example.org",
        "name": "Noor",
        "role": Role.CONTRIBUTOR,
        "language": "ar",
        **changed,
    }
    with transaction() as session:
        return service.invite_member(
            session,
            actor=actor,
            constituent=session.get_one(Constituent, body.id),
            now=clock.now(),
            **given,
        )


def end(actor: Actor, body: Constituent, user: User, *, confirmed: bool = False) -> None:
    person = user.public_id
    with transaction() as session:
        service.end_membership(
            session,
            actor=actor,
            constituent=session.get_one(Constituent, body.id),
            person=person,
            confirmed=confirmed,
            now=clock.now(),
        )


def mails(database: Session) -> list[dict[str, Any]]:
    return list(
        database.scalars(
            select(OutboxItem.payload).where(OutboxItem.kind == "mail").order_by(OutboxItem.id)
        )
    )


# Actors


def test_a_person_is_what_offices_and_seats_make_them(database: Session) -> None:
    ministry, union = make_constituent(), make_constituent(group=Group.WORKERS, country_iso2="QA")
    user = make_member(ministry, Role.FOCAL_POINT)
    with transaction() as session:
        session.add(
            Membership(
                user_id=user.id,
                constituent_id=union.id,
                role=Role.CONTRIBUTOR,
                since=clock.now(),
            )
        )
    actor = actor_for(user)
    assert [(seat.constituent_id, seat.role, seat.country) for seat in actor.seats] == [
        (ministry.id, Role.FOCAL_POINT, "NP"),
        (union.id, Role.CONTRIBUTOR, "QA"),
    ]
    assert actor.own(Permission.NOTE_SUBMIT) == {ministry.id}
    assert actor.own(Permission.NOTE_WRITE) == {ministry.id, union.id}
    assert actor.roles == frozenset()


def test_whoever_has_an_account_may_use_it(database: Session) -> None:
    actor = actor_for(make_user())
    assert actor.roles == {Role.RESEARCHER}
    assert actor.may(Permission.ACCOUNT_USE)
    assert not actor.may(Permission.NOTE_WRITE)


def test_an_ended_seat_gives_nothing(database: Session) -> None:
    body = make_constituent()
    user, other = make_member(body), make_member(body)
    end(actor_for(other), body, user)
    assert actor_for(user).seats == ()
    assert actor_for(other).seats != ()


# Inviting


def test_a_new_person_gets_a_seat_and_an_invitation(database: Session) -> None:
    body = make_constituent()
    focal = actor_for(make_member(body))
    user = invite(focal, body)
    (mail,) = mails(database)
    assert (mail["template"], mail["to"], mail["language"]) == (
        "invitation",
        "noor@example.org",
        "ar",
    )
    assert mail["values"]["organisation"] == body.labels
    token = mail["values"]["token"]
    assert accounts.open_link(database, token, LinkPurpose.INVITATION, clock.now())
    assert queries.present_seat(database, body.id, user.public_id).role == Role.CONTRIBUTOR
    trail = database.execute(
        select(TrailEntry.action, TrailEntry.kind, TrailEntry.constituent_id).order_by(
            TrailEntry.id
        )
    ).all()
    assert [tuple(row) for row in trail] == [
        ("invited", "account", None),
        ("seat_given", "membership", body.id),
    ]


def test_a_person_with_an_account_gets_the_seat_and_a_mail(database: Session) -> None:
    first, second = make_constituent(), make_constituent(group=Group.WORKERS)
    user = make_member(first, email="noor@example.org", name="Noor", language="en")
    invite(actor_for(make_member(second)), second, name="Somebody", role=Role.FOCAL_POINT)
    (mail,) = mails(database)
    assert (mail["template"], mail["to"], mail["language"]) == ("seat_given", user.email, "en")
    assert len(actor_for(user).seats) == 2
    assert database.get_one(User, user.id).name == "Noor"


def test_inviting_again_makes_a_new_link_and_no_second_seat(database: Session) -> None:
    body = make_constituent()
    focal = actor_for(make_member(body))
    user = invite(focal, body)
    invite(focal, body, email="NOOR@example.org")
    with transaction() as session:
        service.invite_again(
            session,
            actor=focal,
            constituent=session.get_one(Constituent, body.id),
            person=user.public_id,
            now=clock.now(),
        )
    tokens = [mail["values"]["token"] for mail in mails(database)]
    opened = [
        accounts.open_link(database, token, LinkPurpose.INVITATION, clock.now()) is not None
        for token in tokens
    ]
    assert opened == [False, False, True]
    assert len(queries.members(database, body.id)) == 2


def test_a_suspended_person_is_not_written_to(database: Session) -> None:
    body = make_constituent()
    make_user(email="noor@example.org", state=AccountState.SUSPENDED)
    invite(actor_for(make_member(body)), body)
    assert mails(database) == []


@pytest.mark.parametrize(
    ("group", "role"),
    [
        (Group.GOVERNMENTS, Role.OBSERVER),
        (Group.OBSERVERS, Role.CONTRIBUTOR),
        (Group.OBSERVERS, Role.FOCAL_POINT),
        (Group.WORKERS, Role.SECRETARIAT),
        (Group.WORKERS, "nonsense"),
    ],
)
def test_a_group_gives_its_own_seats_only(database: Session, group: Group, role: str) -> None:
    body = make_constituent(group=group)
    secretariat = actor_for(make_user(Role.SECRETARIAT))
    with pytest.raises(errors.InvalidInput) as refused:
        invite(secretariat, body, role=role)
    assert "role" in refused.value.fields
    assert mails(database) == []


def test_two_roles_in_one_organisation_are_refused(database: Session) -> None:
    body = make_constituent()
    focal = actor_for(make_member(body))
    invite(focal, body)
    with pytest.raises(errors.InvalidInput):
        invite(focal, body, role=Role.FOCAL_POINT)
    assert len(mails(database)) == 1


def test_who_may_invite(database: Session) -> None:
    own, other = make_constituent(), make_constituent()
    observers = make_constituent(group=Group.OBSERVERS)
    focal = actor_for(make_member(own))
    refused = [
        (focal, other),
        (actor_for(make_member(own, Role.CONTRIBUTOR)), own),
        (actor_for(make_member(observers, Role.OBSERVER)), observers),
        (actor_for(make_user()), own),
        (ANONYMOUS, own),
    ]
    for actor, body in refused:
        with pytest.raises(errors.NotPermitted):
            invite(actor, body, role=Role.CONTRIBUTOR)
    for office in (Role.SECRETARIAT, Role.ADMINISTRATOR):
        actor = actor_for(make_user(office))
        invite(actor, other, email=f"{office}@example.org")
        invite(actor, observers, email=f"{office}@example.org", role=Role.OBSERVER)


def test_two_invitations_of_one_person_at_the_same_moment_are_one_seat(
    app: Flask, database: Session
) -> None:
    body = make_constituent()
    focal, body_id = actor_for(make_member(body)), body.id
    database.rollback()
    start, failures = threading.Barrier(2), []

    def race() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction() as session:
                    service.invite_member(
                        session,
                        actor=focal,
                        constituent=session.get_one(Constituent, body_id),
                        email="noor@example.org",
                        name="Noor",
                        role=Role.CONTRIBUTOR,
                        language="en",
                        now=clock.now(),
                    )
            except Exception as error:  # noqa: BLE001 - told to the main thread
                failures.append(error)

    racers = [threading.Thread(target=race) for _ in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert failures == []
    assert len(queries.members(database, body_id)) == 2


# Ending


def test_the_last_focal_point_stays_unless_that_is_meant(database: Session) -> None:
    body = make_constituent()
    user = make_member(body)
    invite(actor_for(user), body, role=Role.FOCAL_POINT)  # invited only: cannot submit yet
    with pytest.raises(errors.RuleViolation):
        end(actor_for(user), body, user)
    assert actor_for(user).seats
    end(actor_for(user), body, user, confirmed=True)
    assert not actor_for(user).seats


def test_a_focal_point_among_several_leaves_freely(database: Session) -> None:
    body = make_constituent()
    user, _other = make_member(body), make_member(body)
    end(actor_for(user), body, user)
    assert not actor_for(user).seats


def test_cancelling_an_invitation_voids_its_link(database: Session) -> None:
    body = make_constituent()
    focal = actor_for(make_member(body))
    user = invite(focal, body)
    token = mails(database)[0]["values"]["token"]
    end(focal, body, user)
    assert accounts.open_link(database, token, LinkPurpose.INVITATION, clock.now()) is None
    with pytest.raises(errors.NotFound):
        end(focal, body, user)


def test_an_invitation_that_serves_another_seat_stays_open(database: Session) -> None:
    first, second = make_constituent(), make_constituent()
    user = invite(actor_for(make_member(first)), first)
    focal = actor_for(make_member(second))
    invite(focal, second)
    end(focal, second, user)
    token = mails(database)[-1]["values"]["token"]
    assert accounts.open_link(database, token, LinkPurpose.INVITATION, clock.now())


def test_who_may_end_a_seat(database: Session) -> None:
    own, other = make_constituent(), make_constituent()
    user = make_member(own, Role.CONTRIBUTOR)
    for actor in (actor_for(make_member(other)), actor_for(user), ANONYMOUS):
        with pytest.raises(errors.NotPermitted):
            end(actor, own, user)
    focal_of_other = actor_for(make_member(other))
    with pytest.raises(errors.NotFound):
        end(focal_of_other, other, user)


def test_nobody_is_invited_again_who_is_in(database: Session) -> None:
    body = make_constituent()
    focal_user = make_member(body)
    person = focal_user.public_id
    focal = actor_for(focal_user)
    with pytest.raises(errors.RuleViolation), transaction() as session:
        service.invite_again(
            session,
            actor=focal,
            constituent=session.get_one(Constituent, body.id),
            person=person,
            now=clock.now(),
        )


def test_an_invited_person_takes_the_seat_by_accepting(database: Session) -> None:
    body = make_constituent()
    user = invite(actor_for(make_member(body)), body)
    token = mails(database)[0]["values"]["token"]
    with transaction() as session:
        accounts_service.accept_invitation(
            session, token=token, name="Noor", language="ar", password_hash="x", now=clock.now()
        )
    assert actor_for(user).own(Permission.NOTE_WRITE) == {body.id}


# Lists


def test_organisations_stand_by_country_group_and_name(database: Session) -> None:
    def add(en: str, group: Group, country: str | None) -> None:
        make_constituent(labels={"en": en, "ar": en}, group=group, country_iso2=country)

    add("Zeta regional", Group.WORKERS, None)
    add("b union", Group.WORKERS, "NP")
    add("Ångström union", Group.WORKERS, "NP")
    add("Chamber", Group.EMPLOYERS, "NP")
    add("Ministry", Group.GOVERNMENTS, "BD")
    add("Watch", Group.OBSERVERS, "BD")
    found = queries.listed(database, ANONYMOUS, language="en")
    assert [body.labels["en"] for body in found] == [
        "Ministry",
        "Watch",
        "Chamber",
        "Ångström union",
        "b union",
        "Zeta regional",
    ]
    nepal = queries.listed(database, ANONYMOUS, language="en", country="NP", group=Group.WORKERS)
    assert [body.labels["en"] for body in nepal] == ["Ångström union", "b union"]


def test_everybody_manages_their_own(database: Session) -> None:
    own, _other = make_constituent(), make_constituent()
    focal = actor_for(make_member(own))
    assert [body.id for body in queries.manageable(database, focal, language="en")] == [own.id]
    officer = actor_for(make_user(Role.SECRETARIAT))
    assert len(queries.manageable(database, officer, language="ar")) == 2
    assert queries.manageable(database, ANONYMOUS, language="en") == []
