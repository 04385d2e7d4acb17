"""Hold the database: its types, its session, and the one way to write to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, String, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from policytrack.core import locks

WRITE_TIMEOUT_SECONDS = 10.0
# So many bytes of an embedded database are mapped into memory.
MAPPED = 256 * 1024 * 1024

# What must happen last in every transaction; each module that needs it adds its function once.
BEFORE_COMMIT: list[Callable[[Session], None]] = []


class UTCDateTime(TypeDecorator[datetime]):
    """Store an aware moment as UTC and return it aware; refuse a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; raise `ValueError` for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without its zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the stored moment with its zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Labels of reference data: {"en": "...", "ar": "...", "fr": "..."}.
Labels = dict[str, str]


class Base(DeclarativeBase):
    """Be the parent of every mapped class."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UTCDateTime,
            Labels: JSON,
            dict[str, Any]: JSON,
            list[str]: JSON,
        },
    )


db = SQLAlchemy(model_class=Base)

PublicId = String(10)


def is_sqlite(url: str) -> bool:
    """Tell whether a database address means the embedded database."""
    return make_url(url).get_backend_name() == "sqlite"


def configure_engine(engine: Engine) -> None:
    """Prepare an engine: on SQLite foreign keys, WAL, and transactions begun by us."""
    if engine.dialect.name != "sqlite":

        @event.listens_for(engine, "connect")
        def _patience(connection: Any, _record: object) -> None:
            # Who waits for a row, or a table, that another program keeps locked gets an answer.
            connection.execute(f"SET lock_timeout = {WRITE_TIMEOUT_SECONDS * 1000:.0f}")
            connection.commit()

        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # The driver must not begin transactions of its own accord: we choose how they begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA busy_timeout = 5000")
        # Pages are read where the system keeps them, and not copied for each connection.
        cursor.execute(f"PRAGMA mmap_size = {MAPPED}")
        # What is deleted or overwritten leaves no copy in the file: a redaction relies on it.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("policytrack_writes", False)
        if writes:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # Waits for nothing, so that it cannot fail: every request begins with it, as directly
            # as can be.
            connection.connection.cursor().execute("BEGIN")


def init_app(app: Flask) -> None:
    """Bind the database to an application."""
    if not is_sqlite(app.config["SQLALCHEMY_DATABASE_URI"]):
        # A server that restarted or moved must not cost anybody an error page, nor one that is
        # away a minute of waiting.
        app.config.setdefault(
            "SQLALCHEMY_ENGINE_OPTIONS",
            {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}},
        )
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)


def session() -> Session:
    """Return the session of the present request or job."""
    return cast(Session, db.session())


def write_queue() -> Path:
    """Return the folder in which this machine's writers queue."""
    return Path(current_app.instance_path) / "locks" / "writers"


@contextmanager
def transaction() -> Iterator[Session]:
    """Write: one per request or job; only this commits.

    What was read before is read again inside, under the lock, so that decisions rest on what is
    true now. On SQLite the machine's writers queue fairly. Changes recorded on the way are
    numbered last, just before the commit (see `policytrack.core.changes`).
    Raises `policytrack.core.locks.LockTimeout` when the turn to write does not come.
    """
    current = session()
    if current.info.get("writing"):
        raise RuntimeError("a transaction is already open")
    current.rollback()
    with ExitStack() as stack:
        if current.get_bind().dialect.name == "sqlite":
            stack.enter_context(locks.turn(write_queue(), timeout=WRITE_TIMEOUT_SECONDS))
        current.info["writing"] = True
        try:
            current.connection(execution_options={"policytrack_writes": True})
            yield current
            current.flush()
            for last_act in BEFORE_COMMIT:
                last_act(current)
            current.commit()
        except BaseException:
            current.rollback()
            raise
        finally:
            current.info.pop("writing", None)
            current.info.pop("changes", None)
