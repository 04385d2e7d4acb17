"""Build a database beside the present one, and put it in its place in one step."""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import URL, Connection, make_url

from policytrack.core import db as core_db
from policytrack.core import locks
from policytrack.core.db import db
from policytrack.operations.archive import BackupError
from policytrack.operations.backup import own_tables
from policytrack.settings import Settings

SCHEMA = "policytrack_restoring"

Fill = Callable[[Connection, Mapping[str, sa.Table]], int]


class Staging(ABC):
    """Hold the place beside the present database where the restored one is built."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.live = make_url(settings.database)

    def application(self) -> Flask:
        """Return an application that knows nothing but the database being built."""
        app = Flask("policytrack.restoring", instance_path=str(self.settings.instance))
        app.config["SQLALCHEMY_DATABASE_URI"] = self.url()
        core_db.init_app(app)
        return app

    @abstractmethod
    def url(self) -> URL:
        """Return the address of the database being built."""

    @abstractmethod
    def clear(self) -> None:
        """Remove what a restore left behind."""

    def make(self) -> None:  # noqa: B027 - a file needs nothing made beforehand
        """Make the place."""

    @abstractmethod
    def load(self, act: Fill) -> int:
        """Let `act` fill the tables in any order; check every reference at the end."""

    @abstractmethod
    def swap(self) -> None:
        """Put what was built in the place of the present database, in one step."""


class _SQLite(Staging):
    """Build a second file."""

    @property
    def path(self) -> Path:
        """Return the file being built."""
        live = Path(str(self.live.database))
        return live.with_name(f".{live.name}.restoring")

    def url(self) -> URL:
        """Return the address of the file being built."""
        return self.live.set(database=str(self.path))

    def clear(self) -> None:
        """Remove the file."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def load(self, act: Fill) -> int:
        """Fill the tables with foreign keys off, and check them at the end."""
        with db.engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            connection = connection.execution_options(policytrack_writes=True)
            with connection.begin():
                rows = act(connection, own_tables(connection))
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BackupError(f"the backup's table {broken[0]} points at missing rows")
            driver.execute("PRAGMA foreign_keys = ON")
        return rows

    def swap(self) -> None:
        """Copy the new pages over the present ones in one transaction of SQLite's own."""
        live = Path(str(self.live.database))
        with closing(sqlite3.connect(self.path)) as built:
            built.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if built.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError("the restored database is not sound; nothing was changed")
            with locks.turn(core_db.write_queue(), timeout=core_db.WRITE_TIMEOUT_SECONDS):
                try:
                    self._copy(built, live)
                except sqlite3.DatabaseError as error:
                    if error.sqlite_errorname not in {"SQLITE_NOTADB", "SQLITE_CORRUPT"}:
                        raise
                    damaged = True
                else:
                    damaged = False
        if damaged:
            # No page of the present file can be trusted: the new file takes its name.
            for suffix in ("-wal", "-shm"):
                Path(f"{live}{suffix}").unlink(missing_ok=True)
            self.path.rename(live)

    def _copy(self, built: sqlite3.Connection, live: Path) -> None:
        deadline = time.monotonic() + core_db.WRITE_TIMEOUT_SECONDS

        def watch(status: int, _remaining: int, _total: int) -> None:
            waiting = status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
            if waiting and time.monotonic() > deadline:
                raise BackupError("another program keeps the database locked; stop it first")

        with closing(sqlite3.connect(live, timeout=0)) as present:
            built.backup(present, progress=watch, sleep=0.1)
            present.execute("PRAGMA wal_checkpoint(PASSIVE)")


class _PostgreSQL(Staging):
    """Build a second schema."""

    def url(self) -> URL:
        """Return the address at which unqualified names mean the schema being built."""
        given = str(self.live.query.get("options", ""))
        return self.live.update_query_dict({"options": f"{given} -csearch_path={SCHEMA}".strip()})

    def clear(self) -> None:
        """Make the schema empty, or remove it."""
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")

    def make(self) -> None:
        """Make the schema."""
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")

    def load(self, act: Fill) -> int:
        """Fill the tables with foreign keys deferred, then set the sequences."""
        with db.engine.begin() as connection:
            tables = own_tables(connection)
            quote = connection.dialect.identifier_preparer.quote
            keys = [
                f"ALTER TABLE {quote(table.name)} ALTER CONSTRAINT {quote(str(key.name))}"
                for table in tables.values()
                for key in table.foreign_key_constraints
            ]
            for key in keys:
                connection.exec_driver_sql(f"{key} DEFERRABLE INITIALLY DEFERRED")
            rows = act(connection, tables)
            connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            for key in keys:
                connection.exec_driver_sql(f"{key} NOT DEFERRABLE")
            for table in tables.values():
                self._continue_numbers(connection, table)
        return rows

    def _continue_numbers(self, connection: Connection, table: sa.Table) -> None:
        quote = connection.dialect.identifier_preparer.quote
        for column in table.primary_key.columns:
            owned = sa.func.pg_get_serial_sequence(quote(table.name), column.name)
            if (sequence := connection.scalar(sa.select(owned))) is not None:
                last = connection.scalar(sa.select(sa.func.max(column)))
                connection.execute(sa.select(sa.func.setval(sequence, last or 1, last is not None)))

    def swap(self) -> None:
        """Drop the present tables and move the new ones to their place in one transaction."""
        with db.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '15s'")
            quote = connection.dialect.identifier_preparer.quote
            place = quote(str(connection.scalar(sa.text("SELECT current_schema()"))))
            for name in own_tables(connection):
                connection.exec_driver_sql(f"DROP TABLE {place}.{quote(name)} CASCADE")
            for name in sa.inspect(connection).get_table_names(schema=SCHEMA):
                connection.exec_driver_sql(f"ALTER TABLE {SCHEMA}.{quote(name)} SET SCHEMA {place}")


@contextmanager
def prepared(settings: Settings) -> Iterator[Staging]:
    """Give an empty place beside the present database, and clear it away afterwards."""
    staging: Staging = (
        _SQLite(settings) if core_db.is_sqlite(settings.database) else _PostgreSQL(settings)
    )
    staging.clear()
    try:
        staging.make()
        yield staging
    finally:
        staging.clear()
