from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.commitments.models import Commitment
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.changes import Change
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.errors import RuleViolation
from policytrack.demonstration import removal, service
from policytrack.progress.models import Note
from tests import factories
from tests.conftest import ROWS_BEFORE, count_rows

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
# The trail and the change log remember; the sweeper takes contents of files later.
REMEMBERED = {"trail_entry", "change", "stored_file", "file_content"}


def _kept(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if name not in REMEMBERED}


def test_removing_leaves_what_was_there_before(
    own_demonstration: Flask, demonstrated: Flask
) -> None:
    with own_demonstration.app_context():
        session = current_session()
        notes = set(session.scalars(select(Note.public_id)))
        last = session.scalar(select(func.max(Change.seq))) or 0
        with transaction() as session:
            removed = removal.remove(session, now=NOW)
        assert removed["note"] == len(notes) == 900
        assert _kept(count_rows(session)) == _kept(demonstrated.config[ROWS_BEFORE])
        # The index learns of each one that went.
        seen = session.scalars(select(Change).where(Change.seq > last, Change.kind == "note"))
        assert {each.public_id for each in seen} == notes
        assert service.may_load(session)


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
    before = count_rows(database)
    with pytest.raises(RuleViolation) as refusal, transaction() as session:
        removal.remove(session, now=NOW)
    assert "commitment -> constituent: 1" in str(refusal.value.message)
    assert count_rows(database) == before
