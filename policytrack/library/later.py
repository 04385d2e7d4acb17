"""Do what waits after the commit: read files, and look again when an embargo has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from policytrack.core import changes, clock, db
from policytrack.core.files import descriptor
from policytrack.core.files.kinds import BY_MEDIA_TYPE
from policytrack.core.files.models import StoredFile
from policytrack.library import reading, recognition, service
from policytrack.library.models import FileText
from policytrack.library.service.keeping import FOLLOW, READ, RECOGNISE


def read(payload: Mapping[str, Any], _key: str) -> None:
    """Read the text of a file that was handed in; one that is gone or known already is left."""
    session = db.session()
    stored = session.scalar(select(StoredFile).where(StoredFile.sha256 == payload["sha256"]))
    if stored is None or stored.redacted_at or session.get(FileText, stored.id) is not None:
        return
    kind = BY_MEDIA_TYPE[stored.media_type]
    with descriptor(session, stored) as file:
        session.rollback()  # a long file must not hold up those who wait for the database
        found = reading.read(file, kind.extensions[0])
    with db.transaction() as session:
        kept = session.scalar(
            select(StoredFile).where(StoredFile.sha256 == payload["sha256"]).with_for_update()
        )
        if kept is not None and kept.redacted_at is None:
            service.keep_text(session, kept, found, clock.now())
            if recognition.possible():
                service.have_recognised(session, kept, clock.now())


def follow(payload: Mapping[str, Any], _key: str) -> None:
    """Have every index look at a thing again."""
    with db.transaction() as session:
        changes.append(session, payload["kind"], payload["public_id"])


def init_app(app: Flask) -> None:
    """Bind this work to an application's outbox."""
    app.extensions.setdefault("outbox_handlers", {}).update(
        {READ: read, FOLLOW: follow, RECOGNISE: recognition.recognise}
    )
