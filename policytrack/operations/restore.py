"""Bring an installation back from a backup: the whole of it, or nothing.

The backup is read through and checked first. Its tables are then built beside the present ones,
by the migrations up to the backup's revision and on to this version's, and take their place in one
step at the end. The database gets a new epoch, so that every machine rebuilds its index.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from policytrack.core import migrations
from policytrack.core.changes import Epoch
from policytrack.core.db import db
from policytrack.core.files import directory
from policytrack.core.files import service as files
from policytrack.core.ids import new_token
from policytrack.operations import archive, portable
from policytrack.operations.archive import BackupError, Manifest
from policytrack.operations.backup import CONTENT_TABLE, REVISION_TABLE
from policytrack.operations.staging import Staging, prepared
from policytrack.settings import Settings

Tell = Callable[[str], None]
# An installation with rows in any of these is in use; reference data alone is not.
_SIGNS_OF_USE = ("user", "constituent", "commitment", "note", "stored_file")


@dataclass(frozen=True, slots=True)
class Restored:
    """Hold what a restore brought back."""

    manifest: Manifest
    rows: int
    files: int
    secret: bool


def read(source: Path, *, settings: Settings, force: bool, tell: Tell) -> Restored:
    """Restore a backup; raise `BackupError` with one line, and change nothing, where that fails."""
    tell("checking the backup")
    manifest = archive.verify(source)
    if not force and in_use():
        raise BackupError(
            "this installation holds data already; `restore --force` replaces all of it"
        )
    try:
        brought = _put_files(source, settings, tell)
        with prepared(settings) as staging, _secret(source, settings) as put_secret:
            rows = _fill(staging, source, manifest, settings, tell)
            tell("taking its place")
            staging.swap()
            secret = put_secret()
    except OSError as error:
        raise BackupError(
            f"the backup could not be restored ({error.strerror or error}); nothing was changed"
        ) from error
    except CommandError as error:
        raise BackupError(
            f"the backup's tables are of another version ({error}); use the version it came from,"
            " or a newer one"
        ) from error
    except DBAPIError as error:
        raise BackupError(
            f"the database refused ({str(error.orig).strip()}); nothing was changed"
        ) from error
    except sqlite3.Error as error:
        raise BackupError(f"the database refused ({error}); nothing was changed") from error
    return Restored(manifest, rows, brought, secret)


def in_use() -> bool:
    """Tell whether the present database holds anything that a restore would replace."""
    try:
        with db.engine.connect() as connection:
            present = sa.inspect(connection).get_table_names()
            return any(
                connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1))
                for name in _SIGNS_OF_USE
                if name in present
            )
    except DBAPIError:
        return True  # what cannot be read may still be somebody's data


def _put_files(source: Path, settings: Settings, tell: Tell) -> int:
    # Named by their content: those that are there already stay, others do no harm.
    if settings.files != "directory":
        return 0
    count = 0
    for name, file in archive.parts(source):
        if name.startswith("files/"):
            tell(name[:18])
            directory.write(files.folder(), name.removeprefix("files/"), file.read())
            count += 1
    return count


@contextmanager
def _secret(source: Path, settings: Settings) -> Iterator[Callable[[], bool]]:
    # Written beside its place while failing is still harmless; moved once the rest stands.
    key = next(
        (file.read() for name, file in archive.parts(source) if name == archive.SECRET), None
    )
    path = settings.instance / "secret_key"
    partial = path.with_name(f".secret_key.{secrets.token_hex(4)}")
    if key is None or settings.secret_key:
        yield lambda: False
        return
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        yield lambda: bool(partial.rename(path))
    finally:
        partial.unlink(missing_ok=True)


def _fill(
    staging: Staging, source: Path, manifest: Manifest, settings: Settings, tell: Tell
) -> int:
    def load(connection: Connection, tables: Mapping[str, sa.Table]) -> int:
        for name, table in tables.items():
            if name != REVISION_TABLE:
                connection.execute(sa.delete(table))
        return sum(
            _load_part(connection, tables, name, file, settings, tell)
            for name, file in archive.parts(source)
        )

    with staging.application().app_context():
        try:
            tell("making the tables")
            migrations.upgrade(manifest.revision)
            rows = staging.load(load)
            tell("bringing the tables up to this version")
            migrations.upgrade()
            with db.engine.begin() as connection:
                connection.execute(sa.delete(Epoch))
                connection.execute(sa.insert(Epoch).values(id=1, name=new_token()))
        finally:
            db.engine.dispose()
    return rows


def _load_part(
    connection: Connection,
    tables: Mapping[str, sa.Table],
    name: str,
    file: IO[bytes],
    settings: Settings,
    tell: Tell,
) -> int:
    if name.startswith("tables/"):
        tell(name)
        return portable.load(connection, tables, file)
    if name.startswith("files/") and settings.files == "database":
        tell(name[:18])
        content = {"sha256": name.removeprefix("files/"), "data": file.read()}
        connection.execute(sa.insert(tables[CONTENT_TABLE]).values(content))
    return 0
