"""Run migrations on the application's database, one transaction each, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from policytrack.core.db import Base, UTCDateTime, db


def _render_item(kind: str, thing: Any, _context: Any) -> str | bool:
    if kind == "type" and isinstance(thing, UTCDateTime):
        # Migrations must stand alone: the type of the column, not of the program.
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=_render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate() -> None:
    """Bring the database to the wanted revision.

    On SQLite foreign keys are off while tables are rebuilt (a rebuilt parent would otherwise empty
    its children), and checked at the end.
    """
    with current_app.app_context(), db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            connection = connection.execution_options(policytrack_writes=True)
        try:
            _run(connection)
            if sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"foreign keys broken by a migration: {broken[:5]}")
                connection.rollback()
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


migrate()
