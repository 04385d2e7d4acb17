"""Settings that change at run time: typed, kept only where they differ, read on every machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core import clock, errors, options
from policytrack.core.audit import TrailEntry
from policytrack.core.db import transaction
from policytrack.core.options import Option
from policytrack.core.permissions import Actor, Role
from tests.factories import actor_for, make_user


@pytest.fixture
def admin(database: Session) -> Actor:
    return actor_for(make_user(Role.ADMINISTRATOR))


def change(actor: Actor, **wanted: object) -> list[str]:
    with transaction() as session:
        return options.change(session, actor=actor, wanted=wanted, now=clock.now())


def kept(database: Session) -> dict[str, Any]:
    database.rollback()
    return {row.name: row.value["value"] for row in database.scalars(select(Option))}


def test_without_an_entry_the_default_or_the_settings_file_holds(
    app: Flask, database: Session, make_app: Callable[..., Flask]
) -> None:
    assert options.value(options.REGISTRATION_OPEN) is True
    assert options.value(options.NOTICE) == {}
    assert options.value(options.INVITATION_DAYS) == 14
    other = make_app(invitation_days=30)
    with other.app_context():
        assert options.value(options.INVITATION_DAYS) == 30


def test_only_what_differs_is_kept(database: Session, admin: Actor) -> None:
    assert change(admin, registration_open=False, invitation_days=14) == ["registration_open"]
    assert kept(database) == {"registration_open": False}
    assert options.value(options.REGISTRATION_OPEN) is False
    assert change(admin, registration_open=True) == ["registration_open"]
    assert kept(database) == {}


def test_a_change_is_in_the_trail_without_its_words(database: Session, admin: Actor) -> None:
    change(admin, notice={"en": "Secret words", "ar": ""}, address_days=30)
    lines = database.scalars(select(TrailEntry).where(TrailEntry.action == "option.change")).all()
    assert {line.public_id: line.details for line in lines} == {
        "notice": {},
        "address_days": {"value": 30},
    }
    assert {line.actor_id for line in lines} == {admin.user_id}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("invitation_days", 0),
        ("invitation_days", 91),
        ("invitation_days", True),
        ("invitation_days", 1.5),
        ("invitation_days", None),
        ("invitation_days", "7"),
        ("invitation_days", 10**30),
        ("registration_open", "yes"),
        ("notice", "words"),
        ("notice", {"en": "x" * 301}),
        ("notice", {"xx": "words"}),
        ("notice", {"en": 7}),
        ("contact", "nobody"),
        ("contact", 7),
    ],
)
def test_a_bad_value_is_refused_and_nothing_is_half_saved(
    database: Session, admin: Actor, name: str, value: object
) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        change(admin, **{"registration_messages": 5, name: value})
    assert list(refused.value.fields) == [name]
    assert str(refused.value.fields[name])
    assert kept(database) == {}


def test_an_entry_that_makes_no_sense_counts_as_none(database: Session, admin: Actor) -> None:
    with transaction() as session:
        for name in ("invitation_days", "notice", "of another version"):
            session.add(Option(name=name, value={"value": "nonsense"}, changed_at=clock.now()))
    assert options.value(options.INVITATION_DAYS) == 14
    assert options.value(options.NOTICE) == {}
    assert change(admin, invitation_days=7) == ["invitation_days"]
    assert options.value(options.INVITATION_DAYS) == 7


def test_only_an_administrator_changes_them(database: Session) -> None:
    officer = actor_for(make_user(Role.SECRETARIAT))
    with pytest.raises(errors.NotPermitted):
        change(officer, registration_open=False)


def test_another_process_hears_of_a_change_within_seconds(
    app: Flask, make_app: Callable[..., Flask], admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, now = make_app(testing=False), [100.0]
    monkeypatch.setattr(options, "monotonic", lambda: now[0])
    with other.app_context():
        assert options.value(options.REGISTRATION_OPEN) is True
    change(admin, registration_open=False)
    with other.app_context():
        assert options.value(options.REGISTRATION_OPEN) is True, "it remembers"
        now[0] += options.REMEMBERED_SECONDS + 0.1
        assert options.value(options.REGISTRATION_OPEN) is False
