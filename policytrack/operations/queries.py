"""Ask whether this installation can answer people, without a look at any of their data."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from policytrack.core import migrations
from policytrack.core.changes import Change
from policytrack.core.db import db, session
from policytrack.search.index.follower import Follower
from policytrack.search.queries import standing

# A worker takes a second; one that is this far behind is not running or cannot write.
_INDEX_PATIENCE = timedelta(minutes=1)


def database_answers() -> None:
    """Ask the database for its simplest answer; raises `sqlalchemy.exc.DBAPIError`."""
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def hindrances(now: datetime) -> list[str]:
    """Return why people should not be sent here now, as codes that tell an attacker nothing."""
    try:
        database_answers()
        if migrations.outdated():
            return ["migrations"]
        return ["index"] if _index_behind(now) else []
    except (DBAPIError, PoolTimeout):
        return ["database"]


def _index_behind(now: datetime) -> bool:
    lag = Follower(current_app).lag()
    if not lag:
        return lag is None
    first = standing(session()).newest - lag + 1
    since = session().scalar(select(Change.at).where(Change.seq == first))
    return since is not None and since < now - _INDEX_PATIENCE
