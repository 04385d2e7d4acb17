"""The secretariat announces rounds; nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core.audit import TrailEntry
from policytrack.core.db import transaction
from policytrack.core.errors import InvalidInput, NotFound, NotPermitted
from policytrack.core.permissions import Role
from policytrack.rounds import queries, service
from policytrack.rounds.models import Round
from policytrack.rounds.service import RoundCommand
from tests.factories import actor_for, make_constituent, make_member, make_round, make_user

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
COMMAND = RoundCommand("2026, first", date(2026, 3, 1), date(2026, 4, 30), "Asia/Bangkok")


def create(command: RoundCommand = COMMAND, role: Role = Role.SECRETARIAT) -> Round:
    actor = actor_for(make_user(role))
    with transaction() as session:
        return service.create(session, actor=actor, command=command, now=NOW)


def test_a_round_is_announced_and_found(database: Session) -> None:
    made = create()
    assert queries.get(database, made.public_id).name == "2026, first"
    assert queries.open_round(database, NOW) is None
    assert queries.latest(database, NOW) is None
    during = datetime(2026, 3, 15, tzinfo=UTC)
    assert queries.open_round(database, during) is made
    after = datetime(2026, 5, 1, tzinfo=UTC)
    assert queries.open_round(database, after) is None
    assert queries.latest(database, after) is made
    assert database.scalars(select(TrailEntry.action)).all() == ["round.create"]


@pytest.mark.parametrize("role", [Role.RESEARCHER])
def test_others_announce_nothing(database: Session, role: Role) -> None:
    with pytest.raises(NotPermitted):
        create(role=role)
    focal = actor_for(make_member(make_constituent()))
    with pytest.raises(NotPermitted), transaction() as session:
        service.create(session, actor=focal, command=COMMAND, now=NOW)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "2026, first"}, "name"),
        ({"closes_on": date(2025, 1, 1)}, "closes_on"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"name": "2026, again", "opens_on": date(2026, 4, 1)}, "opens_on"),
    ],
)
def test_a_round_that_cannot_be_is_refused(
    database: Session, changed: dict[str, object], field: str
) -> None:
    create()
    base = replace(COMMAND, name="2026, second")
    if field != "opens_on":
        base = replace(base, opens_on=date(2026, 9, 1), closes_on=date(2026, 10, 1))
    with pytest.raises(InvalidInput) as refused:
        create(replace(base, **changed))  # type: ignore[arg-type]  # of the right kinds
    assert field in refused.value.fields


def test_a_round_is_lengthened(database: Session) -> None:
    made = create()
    actor = actor_for(make_user(Role.ADMINISTRATOR))
    longer = replace(COMMAND, closes_on=COMMAND.closes_on + timedelta(days=7))
    with transaction() as session:
        edited = queries.get(session, made.public_id)
        service.edit(session, actor=actor, edited=edited, command=longer, now=NOW)
    assert queries.get(database, made.public_id).closes_on == date(2026, 5, 7)
    entry = database.scalars(select(TrailEntry).where(TrailEntry.action == "round.edit")).one()
    assert entry.fields == ["closes_on"]


@pytest.mark.parametrize("bad", ["zzzzzzzzzz", "", "\x00", "x" * 500])
def test_a_round_that_is_not_there_is_not_found(database: Session, bad: str) -> None:
    make_round()
    with pytest.raises(NotFound):
        queries.get(database, bad)
