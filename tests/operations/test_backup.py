"""Backup and restore: everything comes back, on either database, or nothing changes."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from policytrack import create_app
from policytrack.accounts.models import User
from policytrack.core import changes, migrations
from policytrack.core.changes import Epoch
from policytrack.core.db import Base, db, transaction
from policytrack.core.files import directory
from policytrack.core.files import service as files
from policytrack.core.files.models import FileContent
from policytrack.operations import archive, backup, portable, restore
from policytrack.operations.archive import BackupError
from policytrack.settings import load
from tests.factories import make_user
from tests.operations.conftest import CONTENT, DIGEST, MakeApp, quiet, save


def contents() -> dict[str, list[Any]]:
    """Return every row of every table but the epoch and file contents."""
    found = {}
    with backup.snapshot() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in {"epoch", "file_content"}:
                chosen = sa.select(table).order_by(*table.primary_key.columns)
                found[table.name] = [tuple(row) for row in connection.execute(chosen)]
    return found


def restored(app: Flask, source: Path, *, force: bool = False) -> restore.Restored:
    with app.app_context():
        return restore.read(source, settings=app.config["POLICYTRACK"], force=force, tell=quiet)


@contextmanager
def empty_installation(folder: Path, **settings: object) -> Iterator[Flask]:
    app = create_app(load({}, **{"instance": folder, "testing": True, **settings}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_every_column_has_a_portable_kind(app: Flask) -> None:
    with app.app_context(), backup.snapshot() as connection:
        tables = backup.own_tables(connection)
        assert set(Base.metadata.tables) < set(tables)
        for table in tables.values():
            for column in table.columns:
                assert portable.kind_of(column)


def kept() -> bytes:
    with directory.read(files.folder(), DIGEST) as file:
        return file.read()


def test_everything_comes_back_into_an_empty_installation(
    filled: Flask, saved: Path, tmp_path: Path
) -> None:
    with filled.app_context():
        before, epoch = contents(), changes.epoch(db.session())
    assert before["reading"][0][3:5] != (None, None)
    with empty_installation(tmp_path / "other") as other:
        restored(other, saved)
        assert contents() == before
        assert changes.epoch(db.session()) not in {"", epoch}
        assert kept() == CONTENT
        assert migrations.current() == migrations.newest()


def test_a_backup_from_sqlite_fills_this_database(
    app: Flask, filled: Flask, saved: Path, tmp_path: Path
) -> None:
    """Through SQLite and back: whichever database the suite runs on, both ways are walked."""
    with filled.app_context():
        before = contents()
    with empty_installation(tmp_path / "other") as other:
        restored(other, saved)
        second = save(other, tmp_path / "second.tar")
    with app.app_context():
        with transaction() as session:
            session.execute(sa.update(User).values(name="changed since"))
        restored(app, second, force=True)
        assert contents() == before
        # Numbers go on where they were: a new row finds a free one.
        make_user(email="new@example.org")


def test_new_rows_get_new_numbers_after_a_restore(app: Flask, saved: Path) -> None:
    restored(app, saved, force=True)
    with app.app_context():
        assert make_user(email="new@example.org").id > 2


def test_an_installation_in_use_is_not_replaced_unasked(app: Flask, saved: Path) -> None:
    with app.app_context():
        make_user(email="since@example.org")
        before = contents()
        with pytest.raises(BackupError, match="--force"):
            restored(app, saved)
        assert contents() == before


def test_force_replaces_all_of_it(app: Flask, saved: Path) -> None:
    with app.app_context():
        make_user(email="since@example.org")
        restored(app, saved, force=True)
        emails = set(db.session.scalars(sa.select(User.email)))
        assert "since@example.org" not in emails
        assert "admin@example.org" in emails
        assert app.config["POLICYTRACK"].instance.joinpath("files").is_dir()


def test_a_damaged_backup_changes_nothing(app: Flask, saved: Path) -> None:
    data = bytearray(saved.read_bytes())
    data[len(data) // 2] ^= 1
    saved.write_bytes(data)
    with app.app_context():
        before = contents()
        with pytest.raises(BackupError, match="is refused"):
            restored(app, saved, force=True)
        assert contents() == before


def test_a_backup_of_an_unknown_revision_changes_nothing(
    app: Flask, filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "current", lambda: "9999")
    source = save(filled, tmp_path / "newer.tar")
    monkeypatch.undo()
    with app.app_context():
        before = contents()
        with pytest.raises(BackupError, match="another version"):
            restored(app, source, force=True)
        assert contents() == before


def test_a_row_that_points_at_nothing_changes_nothing(
    app: Flask, filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_people(connection: Any, table: sa.Table, out: Any) -> int:
        rows = whole(connection, table, out)
        if table.name == "user":
            out.seek(0)
            out.readline()
            out.truncate(out.tell())
            return 0
        return rows

    whole = portable.dump
    monkeypatch.setattr(portable, "dump", without_people)
    source = save(filled, tmp_path / "cut.tar")
    monkeypatch.undo()
    with app.app_context():
        before = contents()
        with pytest.raises(BackupError, match=r"points at missing rows|database refused"):
            restored(app, source, force=True)
        assert contents() == before
        assert make_user(email="writes@example.org").id


def test_a_backup_is_of_one_moment(filled: Flask, tmp_path: Path) -> None:
    """What is written while a backup is being made is in none of its tables."""
    wrote = threading.Event()

    def write() -> None:
        with filled.app_context():
            make_user(email="meanwhile@example.org")
        wrote.set()

    def tell(step: str) -> None:
        if step == "change":
            threading.Thread(target=write).start()
            assert wrote.wait(10)

    source = save(filled, tmp_path / "a.tar", tell=tell)
    texts = b"".join(file.read() for _name, file in archive.parts(source))
    assert b"admin@example.org" in texts
    assert b"meanwhile@example.org" not in texts


def test_a_missing_or_damaged_file_is_told_and_the_rest_is_saved(
    filled: Flask, tmp_path: Path
) -> None:
    with filled.app_context():
        directory.path_of(files.folder(), DIGEST).write_bytes(b"damaged")
        written = backup.write(
            tmp_path / "a.tar",
            settings=filled.config["POLICYTRACK"],
            with_secret=False,
            tell=quiet,
        )
    assert written.damaged == (DIGEST,)
    manifest = archive.verify(tmp_path / "a.tar")
    assert manifest.missing_files == (DIGEST,)
    assert manifest.files == []
    assert manifest.tables["stored_file"] == 1


def test_files_kept_in_the_database_come_back_into_a_folder(
    filled: Flask, make_app: MakeApp, tmp_path: Path
) -> None:
    with filled.app_context(), transaction() as session:
        session.add(FileContent(sha256=DIGEST, data=CONTENT))
    several = make_app(files="database")
    with several.app_context():
        source = save(several, tmp_path / "a.tar")
        db.engine.dispose()
    with empty_installation(tmp_path / "other") as other:
        restored(other, source)
        assert kept() == CONTENT
        assert db.session.scalar(sa.select(sa.func.count()).select_from(FileContent)) == 0
    with empty_installation(tmp_path / "third", files="database") as third:
        restored(third, source)
        assert db.session.scalars(sa.select(FileContent.data)).one() == CONTENT
        assert not files.folder().exists()


def test_the_secret_key_comes_along_only_when_asked(
    filled: Flask, saved: Path, tmp_path: Path
) -> None:
    key = filled.config["SECRET_KEY"]
    assert archive.SECRET not in dict(archive.parts(saved))
    source = save(filled, tmp_path / "secret.tar", with_secret=True)
    with empty_installation(tmp_path / "other") as other:
        path = tmp_path / "other" / "secret_key"
        assert path.read_text() != key
        assert restored(other, source).secret
        assert path.read_text() == key
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in (tmp_path / "other").glob(".*")) == []


def test_an_uninitialised_installation_cannot_be_saved(tmp_path: Path) -> None:
    with empty_installation(tmp_path / "other") as other:
        with pytest.raises(BackupError, match="never initialised"):
            save(other, tmp_path / "a.tar")
        assert not (tmp_path / "a.tar").exists()


def test_a_ruined_sqlite_file_is_replaced(saved: Path, tmp_path: Path) -> None:
    with empty_installation(tmp_path / "other") as other:
        ruined = tmp_path / "other" / "policytrack.sqlite3"
        ruined.write_bytes(b"no database at all" * 1000)
        with pytest.raises(BackupError, match="--force"):
            restored(other, saved)
        restored(other, saved, force=True)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 2


def test_a_database_that_another_program_locks_is_left_alone(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policytrack.core.db.WRITE_TIMEOUT_SECONDS", 0.3)
    with empty_installation(tmp_path / "other") as other:
        restored(other, saved)
        before = contents()
        db.session.remove()
        with closing(sqlite3.connect(tmp_path / "other" / "policytrack.sqlite3")) as foreign:
            foreign.execute("BEGIN IMMEDIATE")
            with pytest.raises(BackupError, match="locked"):
                restored(other, saved, force=True)
        assert contents() == before


def test_those_who_read_meanwhile_see_the_old_or_the_new(app: Flask, saved: Path) -> None:
    """A request that reads while a restore takes its place is not disturbed."""
    with app.app_context():
        reading = db.engine.connect()
        assert reading.scalar(sa.select(sa.func.count()).select_from(User)) == 2
        if reading.dialect.name == "postgresql":
            reading.rollback()  # there the swap waits for readers, for up to 15 seconds
        restored(app, saved, force=True)
        assert reading.scalar(sa.select(sa.func.count()).select_from(User)) == 2
        reading.close()


def test_nothing_of_the_restore_stays_behind(app: Flask, saved: Path) -> None:
    restored(app, saved, force=True)
    with app.app_context(), db.engine.connect() as connection:
        assert list(Path(app.instance_path).glob(".*restoring*")) == []
        if connection.dialect.name == "postgresql":
            assert "policytrack_restoring" not in sa.inspect(connection).get_schema_names()
        assert connection.scalar(sa.select(sa.func.count()).select_from(Epoch)) == 1
