"""Give the tests of operations something worth saving."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from policytrack.commitments.models import Indicator
from policytrack.core import changes, clock, outbox
from policytrack.core.db import transaction
from policytrack.core.files import directory
from policytrack.core.files import service as files
from policytrack.core.files.models import StoredFile
from policytrack.core.permissions import Role
from policytrack.operations import backup
from policytrack.progress.models import Evidence, Note, Reading
from tests.factories import (
    NOW,
    make_commitment,
    make_constituent,
    make_member,
    make_note,
    make_round,
    make_user,
)

CONTENT = "الدليل، evidence, සාක්ෂි\x00\xff".encode()
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def quiet(_step: str) -> None:
    """Say nothing of the steps."""


def fill() -> None:
    """Put one of each kind of value into the database, and a file beside it."""
    ministry = make_constituent()
    person = make_member(ministry, name="ناديه 'quoted' \\ \n👩‍🔬")
    make_user(Role.ADMINISTRATOR, email="admin@example.org")
    commitment = make_commitment(ministry, indicator=True)
    note = make_note(commitment, ministry, make_round(), author=person)
    directory.write(files.folder(), DIGEST, CONTENT)
    with transaction() as session:
        indicator = session.scalars(select(Indicator)).one()
        stored = StoredFile(
            sha256=DIGEST, media_type="application/pdf", size=len(CONTENT), created_at=NOW
        )
        session.add(stored)
        session.flush()
        revision_id = session.get_one(Note, note.id).published_id
        session.add(
            Reading(
                revision_id=revision_id,
                indicator_id=indicator.id,
                on=date(2026, 9, 30),
                women=Decimal("902.25"),
                total=Decimal("1180"),
            )
        )
        session.add(Evidence(revision_id=revision_id, title="Report", file_id=stored.id))
        changes.append(session, "note", note.public_id)
        outbox.enqueue(session, "mail", {"to": "a@example.org"}, key="k1", now=clock.now())


@pytest.fixture
def filled(app: Flask) -> Flask:
    """Give the application with data of every kind and a stored file."""
    with app.app_context():
        fill()
    return app


@pytest.fixture
def saved(filled: Flask, tmp_path: Path) -> Path:
    """Give a backup of the filled installation."""
    return save(filled, tmp_path / "backup.tar.gz")


def save(app: Flask, target: Path, **more: Any) -> Path:
    with app.app_context():
        backup.write(
            target,
            settings=app.config["POLICYTRACK"],
            **{"with_secret": False, "tell": quiet, **more},
        )
    return target


MakeApp = Callable[..., Flask]
