"""Migrations lead up and down, with data in the tables, to what the models say."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import MetaData, create_engine, inspect, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from policytrack.core import migrations
from policytrack.core.db import Base, configure_engine, db
from policytrack.progress.models import Note
from tests.factories import make_commitment, make_constituent, make_member, make_note, make_round


def _shape(connection: Connection) -> dict[str, object]:
    """Return tables, columns, keys, indexes and checks as the database itself tells them."""
    found = inspect(connection)
    shape: dict[str, object] = {}
    for table in found.get_table_names():
        if table == "alembic_version":
            continue
        shape[table] = {
            "columns": sorted(
                (column["name"], str(column["type"]), column["nullable"])
                for column in found.get_columns(table)
            ),
            "primary": found.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (tuple(key["constrained_columns"]), key["referred_table"], str(key["options"]))
                for key in found.get_foreign_keys(table)
            ),
            "unique": sorted(
                tuple(key["column_names"]) for key in found.get_unique_constraints(table)
            ),
            "indexes": sorted(
                (str(index["name"]), tuple(index["column_names"]), bool(index["unique"]))
                for index in found.get_indexes(table)
            ),
            "checks": sorted(str(check["name"]) for check in found.get_check_constraints(table)),
        }
    return shape


def _fresh(engine: Engine, kind: str) -> dict[str, object]:
    if kind == "sqlite":
        other = create_engine("sqlite://")
        configure_engine(other)
        with other.begin() as connection:
            Base.metadata.create_all(connection)
            shape = _shape(connection)
        other.dispose()
        return shape
    # On PostgreSQL a second schema of the same database serves.
    with engine.connect() as connection:
        connection.execute(text("CREATE SCHEMA fresh"))
        connection.execute(text("SET search_path TO fresh"))
        connection.commit()
        Base.metadata.create_all(connection)
        connection.commit()
        shape = _shape(connection)
        connection.execute(text("SET search_path TO public"))
        connection.commit()
    return shape


def test_the_migrated_database_is_what_the_models_say(
    database: Session, database_kind: str
) -> None:
    with db.engine.connect() as connection:
        migrated = _shape(connection)
    assert migrated == _fresh(db.engine, database_kind)


def test_every_step_leads_down_and_up_again_and_keeps_the_rows(app: Flask) -> None:
    with app.app_context():
        lead = make_constituent()
        author = make_member(lead)
        note_id = make_note(make_commitment(lead), lead, make_round(), author=author).id
        db.session.remove()
        newest = migrations.newest()
        assert migrations.current() == newest
        for step in _steps():
            before = _rows()
            migrations.downgrade(step)
            kept = _rows()
            migrations.upgrade()
            after = _rows()
            # What existed before the step that went down is still there.
            assert {table: after[table] for table in kept} == {
                table: before.get(table, rows) for table, rows in kept.items()
            }
        assert migrations.current() == newest
        found = db.session.scalar(select(Note.public_id).where(Note.id == note_id))
        assert found is not None


def test_the_first_step_leads_back_to_nothing(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        migrations.downgrade("base")
        with db.engine.connect() as connection:
            left = set(inspect(connection).get_table_names())
        assert left == {"alembic_version"}
        migrations.upgrade()
        assert migrations.current() == migrations.newest()


def _steps() -> list[str]:
    """Return the revisions to go down to, newest first; the first one stays."""
    from alembic.script import ScriptDirectory

    walked = ScriptDirectory.from_config(migrations.config()).walk_revisions()
    return [str(revision.revision) for revision in walked][1:]


def _rows() -> dict[str, int]:
    metadata = MetaData()
    with db.engine.connect() as connection:
        metadata.reflect(connection)
        return {
            table.name: len(connection.execute(select(table)).all())
            for table in metadata.tables.values()
            if table.name != "alembic_version"
        }
