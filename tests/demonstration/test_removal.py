from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.commitments.models import Commitment
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.changes import Change
from policytrack.core.db import Base, transaction
from policytrack.core.errors import RuleViolation
from policytrack.demonstration import removal, service
from policytrack.progress.models import Note
from tests import factories

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
# What keeps its memory: the trail, the change log, and contents that the sweeper takes later.
KEPT = {"trail_entry", "change", "stored_file", "file_content"}


def _counts(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
        if name not in KEPT
    }


def test_removing_leaves_what_was_there_before(database: Session) -> None:
    before = _counts(database)
    with transaction() as session:
        service.load(session, now=NOW)
    notes = set(database.scalars(select(Note.public_id)))
    with transaction() as session:
        removed = removal.remove(session, now=NOW)
    assert removed["note"] == len(notes)
    assert _counts(database) == before
    # The index learns of each one that went.
    seen = [each for each in database.scalars(select(Change)) if each.kind == "note"]
    assert {each.public_id for each in seen} == notes
    with transaction() as session:
        service.load(session, now=NOW)  # and it may be loaded again


def test_removing_where_there_is_nothing_removes_nothing(database: Session) -> None:
    body = factories.make_constituent()
    with transaction() as session:
        assert not any(removal.remove(session, now=NOW).values())
    assert database.get(Constituent, body.id) is not None


def test_an_unmarked_person_stays_and_the_seat_in_an_invented_organisation_goes(
    database: Session,
) -> None:
    invented = factories.make_constituent(demonstration=True)
    real = factories.make_constituent()
    user = factories.make_member(invented)
    factories.make_commitment(real)
    with transaction() as session:
        removal.remove(session, now=NOW)
    assert database.get(User, user.id) is not None
    assert not database.scalars(select(Membership).where(Membership.user_id == user.id)).all()
    assert database.scalars(select(Commitment)).one().lead_id == real.id


def test_what_is_real_and_rests_on_what_is_invented_stands_in_the_way(database: Session) -> None:
    invented = factories.make_constituent(demonstration=True)
    commitment = factories.make_commitment(invented)
    assert not commitment.demonstration
    before = _counts(database)
    with pytest.raises(RuleViolation) as refusal, transaction() as session:
        removal.remove(session, now=NOW)
    assert "commitment -> constituent: 1" in str(refusal.value.message)
    assert _counts(database) == before
