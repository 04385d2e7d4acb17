"""Bring the last traces of a redaction out of the database's files and out of the folder.

Rows that were changed or deleted leave copies behind: in SQLite's write-ahead log, and on
PostgreSQL as old versions of rows. What the worker does at once costs little and holds nobody up;
a thorough erasure writes the database anew, and does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask

from policytrack.core import db, files, locks
from policytrack.redaction.service import ERASE


class StillRead(Exception):
    """Say that somebody goes on reading what was there before; it is tried again later."""


def erase(hashes: Iterable[str], *, thorough: bool = False) -> None:
    """Remove the bytes of redacted contents, and what the database keeps beside its rows.

    Raises `StillRead` where a long read stands in the way.
    """
    contents(hashes)
    session = db.session()
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        _sqlite(thorough)
    else:
        _postgresql(thorough)


def contents(hashes: Iterable[str]) -> None:
    """Remove the bytes of redacted contents from the folder in which they lie."""
    session = db.session()
    for sha256 in hashes:
        files.erase(session, sha256)


def _sqlite(thorough: bool) -> None:
    with (
        locks.turn(db.write_queue(), timeout=db.WRITE_TIMEOUT_SECONDS),
        db.db.engine.connect() as connection,
    ):
        driver: Any = connection.connection.dbapi_connection
        if thorough:
            driver.execute("VACUUM")
        busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StillRead("the write-ahead log is still being read")


def _postgresql(thorough: bool) -> None:
    with db.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (FULL)" if thorough else "VACUUM")


def _erase_later(payload: Mapping[str, Any], _key: str) -> None:
    erase(payload["files"])


def init_app(app: Flask) -> None:
    """Bind this work to an application's outbox."""
    app.extensions.setdefault("outbox_handlers", {})[ERASE] = _erase_later
