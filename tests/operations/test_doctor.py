"""The doctor: each thing that can be wrong is one line that says how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update

from policytrack.core import changes, clock
from policytrack.core.changes import Change, Epoch
from policytrack.core.db import db, transaction
from policytrack.core.files import directory
from policytrack.core.files import service as files
from policytrack.operations import doctor
from policytrack.operations.findings import Level
from policytrack.search.index.follower import Follower
from tests.operations.conftest import DIGEST, MakeApp
from tests.operations.processes import environment, here


@pytest.fixture
def healthy(filled: Flask) -> Flask:
    with filled.app_context():
        with transaction() as session:
            session.execute(delete(Epoch))
            session.add(Epoch(id=1, name="test"))
        Follower(filled).follow()
    return filled


def told(app: Flask, *, try_mail: bool = False) -> dict[str, tuple[Level, str]]:
    """Return level and line by subject of everything that is not fine."""
    with app.app_context():
        found = list(doctor.examine(try_mail=try_mail))
        db.session.remove()
    return {each.subject: (each.level, str(each)) for each in found if each.level is not Level.FINE}


def test_all_is_well_but_the_worker(healthy: Flask) -> None:
    assert set(told(healthy)) == {"worker"}
    done = here(environment(healthy), "doctor")
    assert done.returncode == 0, done.stdout
    assert all(line[:8].strip() in {"ok", "warning"} for line in done.stdout.splitlines())


def no_index(app: Flask) -> None:
    (Path(app.instance_path) / "index" / "current").unlink()


def damaged_file(_app: Flask) -> None:
    directory.path_of(files.folder(), DIGEST).write_bytes(b"something else")


def missing_file(_app: Flask) -> None:
    directory.remove(files.folder(), DIGEST)


def no_epoch(_app: Flask) -> None:
    with transaction() as session:
        session.execute(delete(Epoch))


def foreign_epoch(_app: Flask) -> None:
    with transaction() as session:
        session.execute(update(Epoch).values(name="another life"))


def lagging(_app: Flask) -> None:
    with transaction() as session:
        changes.append(session, "country", "NP")


def from_the_future(_app: Flask) -> None:
    with transaction() as session:
        session.execute(update(Change).values(at=clock.now() + timedelta(hours=1)))


def open_key(app: Flask) -> None:
    (Path(app.instance_path) / "secret_key").chmod(0o644)


def older_tables(_app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")


@pytest.mark.parametrize(
    ("harm", "subject", "level", "words"),
    [
        (no_index, "search index", Level.ERROR, "policytrack search rebuild"),
        (foreign_epoch, "search index", Level.ERROR, "none for this database"),
        (lagging, "search index", Level.WARNING, "1 changes behind"),
        (damaged_file, "files", Level.ERROR, "damaged"),
        (missing_file, "files", Level.ERROR, "missing"),
        (no_epoch, "epoch", Level.ERROR, "policytrack init"),
        (from_the_future, "clock", Level.ERROR, "in the future"),
        (open_key, "secret key", Level.ERROR, "chmod 600"),
        (older_tables, "tables", Level.ERROR, "policytrack db upgrade"),
    ],
)
def test_what_is_wrong_is_found(
    healthy: Flask,
    harm: Callable[[Flask], None],
    subject: str,
    level: Level,
    words: str,
) -> None:
    key = Path(healthy.instance_path) / "secret_key"
    try:
        with healthy.app_context():
            harm(healthy)
        found = told(healthy)
    finally:
        key.chmod(0o600)
    assert subject in found, found
    assert found[subject][0] is level
    assert words in found[subject][1]
    assert "To mend: " in found[subject][1]
    assert "\n" not in found[subject][1]


def test_rows_that_point_at_nothing_are_found(healthy: Flask, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL does not let anybody remove such rows")
    with healthy.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.rollback()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM country WHERE iso2 = 'NP'")
        raw.execute("PRAGMA foreign_keys = ON")
    found = told(healthy)
    assert found["database file"][0] is Level.ERROR
    assert "point at missing ones" in found["database file"][1]


def test_a_ruined_database_file_is_found(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "ruined.sqlite3").write_bytes(b"this is not a database" * 500)
    found = told(make_app(database_url=f"sqlite:///{tmp_path / 'ruined.sqlite3'}"))
    assert found["database"][0] is Level.ERROR
    assert "tables" not in found


def test_an_empty_installation_is_told_to_begin(make_app: MakeApp, tmp_path: Path) -> None:
    found = told(make_app(database_url=f"sqlite:///{tmp_path / 'new.sqlite3'}"))
    assert "policytrack init" in found["tables"][1]


def test_missing_reference_data_is_found(make_app: MakeApp, tmp_path: Path) -> None:
    empty = make_app(database_url=f"sqlite:///{tmp_path / 'new.sqlite3'}", instance=tmp_path)
    environ = environment(empty)
    assert here(environ, "db", "upgrade").returncode == 0  # the tables, and nothing in them
    assert "policytrack init" in told(empty)["reference data"][1]


def test_a_site_without_encryption_is_told_so(healthy: Flask, make_app: MakeApp) -> None:
    open_to_all = make_app(external_url="http://track.example.org", instance=healthy.instance_path)
    assert "is not encrypted" in told(open_to_all)["address"][1]
    encrypted = make_app(external_url="https://track.example.org", instance=healthy.instance_path)
    assert set(told(encrypted)) == {"worker", "mail"}


def test_a_mail_server_that_is_away_is_found_when_asked(healthy: Flask, make_app: MakeApp) -> None:
    with_mail = make_app(mail_url="smtp://127.0.0.1:1", instance=healthy.instance_path)
    assert "mail" not in told(with_mail)
    assert told(with_mail, try_mail=True)["mail"][0] is Level.ERROR


def test_wrong_settings_are_a_finding(tmp_path: Path) -> None:
    done = here(environment(instance=tmp_path, time_zone="Atlantis"), "doctor")
    assert done.returncode == 1
    assert done.stdout.startswith("error   settings: time_zone: there is no zone 'Atlantis'")
    assert "To mend: " in done.stdout
