"""Ask whether this installation can answer people, without a look at any of their data."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import text

from policytrack.core import migrations
from policytrack.core.db import db


def database_answers() -> None:
    """Ask the database for its simplest answer; raises `sqlalchemy.exc.DBAPIError`."""
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))


@lru_cache(maxsize=1)
def _newest() -> str | None:
    # The scripts do not change while the program runs; reading them takes longer than asking.
    return migrations.newest()


def outdated() -> bool:
    """Tell whether the tables are not those of this version."""
    return migrations.current() != _newest()
