"""Write the whole installation, database and files, into one archive, while it serves."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrack.core import clock, migrations
from policytrack.core.db import db
from policytrack.core.files import directory
from policytrack.core.files import service as files
from policytrack.operations import archive, portable
from policytrack.operations.archive import BackupError, Manifest
from policytrack.settings import Settings, secret_key

REVISION_TABLE = "alembic_version"
# File contents travel as parts of their own, so that either kind of store can take them.
CONTENT_TABLE = "file_content"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """Hold what a backup came to; `damaged` are files that the store no longer has whole."""

    tables: int
    rows: int
    files: int
    damaged: tuple[str, ...]


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Give a connection that sees one moment of the database, however long it reads."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def own_tables(connection: Connection) -> dict[str, sa.Table]:
    """Return the tables of the database as they are, whatever version made them."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    foreign = _of_extensions(connection)
    return {name: table for name, table in metadata.tables.items() if name not in foreign}


def _of_extensions(connection: Connection) -> frozenset[str]:
    if connection.dialect.name != "postgresql":
        return frozenset()
    found = connection.exec_driver_sql(
        "SELECT relname FROM pg_class JOIN pg_depend ON pg_depend.objid = pg_class.oid"
        " WHERE pg_depend.deptype = 'e' AND pg_depend.classid = 'pg_class'::regclass"
    )
    return frozenset(found.scalars())


def write(target: Path, *, settings: Settings, with_secret: bool, tell: Tell) -> Written:
    """Write a backup to `target`; raise `BackupError` with one line where that fails.

    Nothing half written ever stands under that name. `tell` hears the name of each part.
    """
    now = clock.now()
    revision = migrations.current()
    if revision is None:
        raise BackupError("there is nothing to back up: the database was never initialised")
    damaged: list[str] = []
    try:
        with archive.writing(target, time.time()) as writer, snapshot() as connection:
            tables = own_tables(connection)
            for name in sorted(tables.keys() - {REVISION_TABLE, CONTENT_TABLE}):
                tell(name)
                writer.add(f"tables/{name}.jsonl", partial(portable.dump, connection, tables[name]))
            for digest in _stored(connection, tables["stored_file"]):
                tell(f"file {digest[:12]}")
                if not _add_file(writer, connection, settings, digest):
                    damaged.append(digest)
            if with_secret:
                writer.add_bytes(archive.SECRET, secret_key(settings).encode("ascii"))
            manifest = Manifest(
                created_at=now.isoformat(timespec="seconds"),
                program=version("policytrack"),
                revision=revision,
                database=connection.dialect.name,
                parts=writer.parts,
                missing_files=tuple(damaged),
            )
            writer.finish(manifest)
    except OSError as error:
        raise BackupError(
            f"the backup could not be written ({error.strerror or error}); nothing is left of it"
        ) from error
    return Written(
        len(manifest.tables), sum(manifest.tables.values()), len(manifest.files), tuple(damaged)
    )


def _stored(connection: Connection, stored: sa.Table) -> list[str]:
    wanted = sa.select(stored.c.sha256).order_by(stored.c.sha256)
    if "redacted_at" in stored.c:  # tables of an older version have no such column
        wanted = wanted.where(stored.c.redacted_at.is_(None))
    return list(connection.scalars(wanted))


def _content(connection: Connection, settings: Settings, digest: str) -> bytes:
    if settings.files == "database":
        kept = sa.table(CONTENT_TABLE, sa.column("sha256"), sa.column("data"))
        found = connection.scalar(sa.select(kept.c.data).where(kept.c.sha256 == digest))
        return bytes(found or b"")
    try:
        with directory.read(files.folder(), digest) as file:
            return file.read()
    except FileNotFoundError:
        return b""


def _add_file(
    writer: archive.Writer, connection: Connection, settings: Settings, digest: str
) -> bool:
    data = _content(connection, settings, digest)
    if hashlib.sha256(data).hexdigest() != digest:
        return False
    writer.add_bytes(f"files/{digest}", data)
    return True
