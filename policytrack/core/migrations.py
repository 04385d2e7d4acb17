"""Move the database's shape from one revision to another."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from policytrack.core.db import db

_PACKAGE = Path(__file__).parent.parent


def config() -> Config:
    """Return Alembic's configuration; the scripts lie in the wheel, or beside the package."""
    inside = _PACKAGE / "migrations"
    chosen = Config()
    chosen.set_main_option(
        "script_location", str(inside if inside.is_dir() else _PACKAGE.parent / "migrations")
    )
    return chosen


@contextmanager
def _uncompiled() -> Iterator[None]:
    # On a full disk this Python leaves half a compiled script behind, and trusts it ever after.
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def upgrade(revision: str = "head") -> None:
    """Move up; call it inside an application context."""
    with _uncompiled():
        command.upgrade(config(), revision)


def downgrade(revision: str) -> None:
    """Move down; call it inside an application context."""
    with _uncompiled():
        command.downgrade(config(), revision)


def current() -> str | None:
    """Return the database's revision, None for an empty database."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest revision that the program knows."""
    with _uncompiled():
        return ScriptDirectory.from_config(config()).get_current_head()


@lru_cache(maxsize=1)
def _newest() -> str | None:
    # The scripts do not change while the program runs; reading them takes longer than asking.
    return newest()


def outdated() -> bool:
    """Tell whether the tables are not those of this version."""
    return current() != _newest()
