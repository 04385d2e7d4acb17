"""The worker: one per machine, killed at any moment without loss, patient with its database."""

from __future__ import annotations

import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import create_engine, func, select, text

from policytrack.accounts.models import Attempts, NetworkAddress
from policytrack.core import changes, clock, locks, outbox
from policytrack.core.db import db, transaction
from policytrack.core.forms import UsedForm
from policytrack.core.outbox import OutboxItem
from policytrack.operations import duties, worker
from policytrack.operations.duties import Duty
from policytrack.operations.keeper import TAKEN
from policytrack.search.index.follower import Follower
from tests.factories import make_user
from tests.operations.processes import command, environment, here, wait_until, work, working


class Post:
    """Take mail, slowly if asked, and remember each message's id."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.pause = 0.0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        head = envelope.content.decode("utf-8", errors="replace")
        found = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        time.sleep(self.pause)
        self.seen[found] += 1
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    handler = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


def invite(count: int) -> None:
    """Put mails into the outbox."""
    with transaction() as session:
        for number in range(count):
            outbox.enqueue(
                session,
                "mail",
                {
                    "template": "password_reset",
                    "to": f"person{number}@example.org",
                    "language": "en",
                    "values": {"token": "t" * 43, "name": "Person", "hours": 2},
                },
                key=f"mail{number}",
                now=clock.now() - timedelta(seconds=count - number),
            )


def undone() -> int:
    found = db.session.scalar(
        select(func.count()).select_from(OutboxItem).where(OutboxItem.done_at.is_(None))
    )
    db.session.rollback()
    return found or 0


def test_once_does_what_is_due_and_ends(app: Flask, post: tuple[Post, str]) -> None:
    handler, url = post
    with app.app_context():
        invite(3)
        done = command(environment(app, mail_url=url), "worker", "--once")
        assert done.returncode == 0, done.stderr
        assert undone() == 0
        assert Follower(app).lag() == 0
    assert list(handler.seen.values()) == [1, 1, 1]
    assert "person0@example.org" not in done.stderr
    assert "ttttt" not in done.stderr


def test_one_worker_is_enough(app: Flask, tmp_path: Path) -> None:
    environ, log = environment(app), tmp_path / "worker.log"
    with working(environ, log) as first:
        wait_until(lambda: lock_is_held(app), what=log.read_text)
        second = command(environ, "worker", "--once")
        assert (second.returncode, "it is enough" in second.stderr) == (TAKEN, True)
        first.send_signal(signal.SIGTERM)
        assert first.wait(20) == 0
    assert command(environ, "worker", "--once").returncode == 0


def lock_is_held(app: Flask) -> bool:
    with locks.sole(Path(app.instance_path) / "locks" / "worker") as free:
        return not free


def test_a_killed_worker_loses_nothing_and_doubles_no_mail(
    app: Flask, post: tuple[Post, str], tmp_path: Path
) -> None:
    handler, url = post
    handler.pause = 0.05
    environ, log = environment(app, mail_url=url), tmp_path / "worker.log"
    with app.app_context():
        invite(12)
        for sent in (2, 5, 8):
            process = work(environ, log)
            wait_until(lambda sent=sent: len(handler.seen) >= sent, what=log.read_text)  # type: ignore[misc]  # bound at once
            process.kill()
            process.wait()
            # What the dead worker held comes up again when its lease ends; not to wait for that:
            with transaction() as session:
                for item in session.scalars(select(OutboxItem)):
                    item.leased_until = None
        with working(environ, log):
            wait_until(lambda: undone() == 0, what=log.read_text)
    assert len(handler.seen) == 12
    # A mail that the server took in the very moment of the kill comes again under the same
    # Message-ID, by which mailboxes know it: at most one for each kill, never more.
    again = {key: count for key, count in handler.seen.items() if count > 1}
    assert len(again) <= 3
    assert all(count == 2 for count in again.values())


def test_the_index_is_whole_after_a_kill(app: Flask, tmp_path: Path) -> None:
    environ, log = environment(app), tmp_path / "worker.log"
    with app.app_context():
        for _ in range(3):
            with transaction() as session:
                for code in ("NP", "QA", "MY", "BD"):
                    changes.append(session, "country", code)
            process = work(environ, log)
            wait_until(lambda: lock_is_held(app), what=log.read_text)
            time.sleep(0.2)
            process.kill()
            process.wait()
        assert command(environ, "worker", "--once").returncode == 0
        assert Follower(app).lag() == 0
        assert Follower(app).verify() == []


def test_a_database_that_is_away_for_a_while_stops_no_worker(
    app: Flask, post: tuple[Post, str], tmp_path: Path
) -> None:
    handler, url = post
    environ, log = environment(app, mail_url=url), tmp_path / "worker.log"
    with working(environ, log) as process, app.app_context():
        wait_until(lambda: Follower(app).lag() == 0, what=log.read_text)
        invite(1)
        wait_until(lambda: undone() == 0, what=log.read_text)
        later(seconds=1)
        with database_away(app):
            wait_until(lambda: "failed (OperationalError)" in log.read_text(), what=log.read_text)
        wait_until(lambda: undone() == 0, what=log.read_text)
        assert process.poll() is None
    assert len(handler.seen) == 2
    assert log.read_text().count("Traceback (most") <= 6, "in full once for each duty"


def later(*, seconds: int) -> None:
    with transaction() as session:
        session.add(
            OutboxItem(
                key="later",
                kind="mail",
                created_at=clock.now(),
                due_at=clock.now() + timedelta(seconds=seconds),
                payload={
                    "template": "password_reset",
                    "to": "x@example.org",
                    "language": "en",
                    "values": {"token": "t", "name": "X", "hours": 2},
                },
            )
        )


@contextmanager
def database_away(app: Flask) -> Iterator[None]:
    """Keep everybody else from the database: from writing on SQLite, altogether on PostgreSQL."""
    db.session.remove()
    url = db.engine.url
    db.engine.dispose()
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": url.database},
        )
        yield
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
    admin.dispose()


def test_a_duty_that_fails_holds_up_no_other(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    acted: Counter[str] = Counter()

    def fails() -> bool:
        acted["fails"] += 1
        raise OSError("away")

    def works() -> bool:
        acted["works"] += 1
        return acted["works"] < 5

    with app.app_context():
        both = [Duty("first", fails, 0.01), Duty("second", works, 60)]
        assert not duties.attend_once(both)
    assert acted == {"fails": 1, "works": 5}
    assert "first failed (OSError), again in 1 s" in caplog.text


def test_a_duty_that_fails_waits_longer_each_time(app: Flask) -> None:
    def fails() -> bool:
        raise OSError("away")

    duty = Duty("duty", fails, 0.3)
    pauses = []
    with app.app_context():
        for _ in range(8):
            duty.attend(100.0)
            pauses.append(duty.due - 100.0)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    duty.act = lambda: False
    with app.app_context():
        duty.attend(100.0)
    assert (duty.failures, duty.due) == (0, 100.3)


def test_a_worker_ends_with_the_process_that_started_it(app: Flask) -> None:
    stop, alive = threading.Event(), iter([True, True, False])
    with app.app_context():
        duties.attend_all([Duty("look", lambda: False, 0.01)], stop, alive=lambda: next(alive))


def test_only_what_has_expired_is_cleared_away(database: Any) -> None:
    user = make_user()
    now = clock.now()
    with transaction() as session:
        for age in (1, 40):
            at = now - timedelta(days=age)
            session.add_all(
                [
                    UsedForm(key=f"f{age}", user_id=user.id, location="/", at=at),
                    Attempts(key=f"a{age}", window_start=at + timedelta(hours=12)),
                    NetworkAddress(
                        address="192.0.2.1",
                        action="sign_in",
                        at=at,
                        expires_at=at + timedelta(days=10),
                    ),
                    OutboxItem(
                        key=f"o{age}",
                        kind="mail",
                        payload={},
                        created_at=at,
                        due_at=at,
                        done_at=at,
                    ),
                ]
            )
    worker.purge()
    assert list(database.scalars(select(UsedForm.key))) == ["f1"]
    assert list(database.scalars(select(Attempts.key))) == ["a1"]
    assert list(database.scalars(select(OutboxItem.key))) == ["o1"]
    assert database.scalar(select(func.count()).select_from(NetworkAddress)) == 1


def test_what_was_given_up_can_be_tried_again(app: Flask, post: tuple[Post, str]) -> None:
    handler, url = post
    with app.app_context():
        invite(1)
        with transaction() as session:
            item = session.scalars(select(OutboxItem)).one()
            item.failed_at, item.attempts, item.last_error = clock.now(), 8, "SMTPException: no"
        environ = environment(app, mail_url=url)
        assert (
            "1 given up, the last (mail) with: SMTPException: no" in here(environ, "doctor").stdout
        )
        assert here(environ, "outbox", "retry").stdout == "1 will be tried again.\n"
        assert command(environ, "worker", "--once").returncode == 0
        assert undone() == 0
    assert len(handler.seen) == 1
