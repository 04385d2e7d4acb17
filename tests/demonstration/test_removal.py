from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.commitments.models import Commitment
from policytrack.constituents.models import Constituent, Membership
from policytrack.core import files
from policytrack.core.changes import Change
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.errors import RuleViolation
from policytrack.core.files.models import StoredFile
from policytrack.demonstration import removal, service
from policytrack.frameworks.models import Sector
from policytrack.progress.models import Note
from policytrack.reference import rows
from policytrack.reference.kinds import KINDS
from policytrack.reference.models import ReferenceEdit
from policytrack.reference.queries import differences
from tests import factories
from tests.conftest import ROWS_BEFORE, count_rows

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
# The trail and the change log remember; the sweeper takes contents with their text later.
REMEMBERED = {"trail_entry", "change", "stored_file", "file_content", "file_text", "text_page"}


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
        # Reference data say again what the files say.
        assert differences(session) == {}


def test_a_file_that_was_taken_out_may_come_in_again(own_demonstration: Flask) -> None:
    with own_demonstration.app_context():
        session = current_session()
        gone = select(StoredFile.sha256).where(StoredFile.redacted_at.is_not(None))
        sha256 = session.scalars(gone).one()
        with pytest.raises(RuleViolation):
            files.require_welcome(session, sha256)
        with transaction() as session:
            removal.remove(session, now=NOW)
        files.require_welcome(session, sha256)


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


def _edited(session: Session, row: Any, **after: str) -> None:
    """Mark an edit of the demonstration on a row that stands there."""
    kind = KINDS["sectors"]
    before = {name: text for name, text in rows.read(kind, row).items() if name in after}
    rows.write(kind, row, after, {})
    session.add(
        ReferenceEdit(
            kind="sectors",
            key=row.code,
            action="changed",
            at=NOW,
            before=before,
            after=after,
            demonstration=True,
        )
    )


def test_what_somebody_edited_since_stays(database: Session) -> None:
    with transaction() as session:
        sector = session.scalars(select(Sector).order_by(Sector.code).limit(1)).one()
        code, names = sector.code, dict(sector.labels)
        _edited(session, sector, label_en="Invented", label_fr="Inventé")
        sector.labels = {**sector.labels, "en": "Corrected by the secretariat"}
    with transaction() as session:
        assert removal.remove(session, now=NOW)["reference_edit"] == 1
    kept = database.scalars(select(Sector).where(Sector.code == code)).one()
    assert kept.labels == {**names, "en": "Corrected by the secretariat"}


def test_a_term_of_the_demonstration_that_is_used_stands_in_the_way(database: Session) -> None:
    with transaction() as session:
        session.add(Sector(code="invented", labels={"en": "Invented"}, position=99))
        session.add(
            ReferenceEdit(
                kind="sectors", key="invented", action="added", at=NOW, demonstration=True
            )
        )
    commitment = factories.make_commitment(factories.make_constituent())
    with transaction() as session:
        text = session.get_one(Commitment, commitment.id).in_force
        assert text is not None
        text.sectors = [session.scalars(select(Sector).where(Sector.code == "invented")).one()]
    with pytest.raises(RuleViolation) as refusal, transaction() as session:
        removal.remove(session, now=NOW)
    assert "sectors invented" in str(refusal.value.message)
    assert database.scalar(select(func.count()).select_from(ReferenceEdit)) == 1
