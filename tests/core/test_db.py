"""The one way to write: what commits, what does not, and who waits for whom."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.core import changes, locks
from policytrack.core.db import db, transaction
from policytrack.places.models import Country
from tests.factories import NOW, make_user


def test_reference_data_is_there(database: Session) -> None:
    assert database.scalar(select(func.count()).select_from(Country)) == 63


def test_what_fails_leaves_nothing(database: Session) -> None:
    with pytest.raises(RuntimeError, match="on the way"), transaction() as session:
        session.add(User(email="a@example.org", name="A", created_at=NOW))
        changes.append(session, "note", "abc")
        session.flush()
        raise RuntimeError("on the way")
    assert database.scalar(select(func.count()).select_from(User)) == 0
    assert changes.newest(database) == 0


def test_a_naive_moment_is_refused(database: Session) -> None:
    with pytest.raises(StatementError, match="without its zone"), transaction() as session:
        session.add(User(email="a@example.org", name="A", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - naive on purpose
        session.flush()


def test_moments_come_back_in_utc(database: Session) -> None:
    user = make_user()
    database.expire_all()
    assert user.created_at == NOW
    assert user.created_at.tzinfo is UTC


def test_transactions_do_not_nest(database: Session) -> None:
    with transaction(), pytest.raises(RuntimeError, match="already open"), transaction():
        pass


def test_changes_are_numbered_without_gaps_by_many_writers(app: Flask) -> None:
    def write(number: int) -> None:
        with app.app_context():
            for step in range(5):
                with transaction() as session:
                    changes.append(session, "note", f"n{number}-{step}")
                    changes.append(session, "note", f"n{number}-{step}")
            db.session.remove()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        numbers = [change.seq for change in changes.since(db.session(), 0)]
    assert numbers == list(range(1, 31))


def test_a_follower_never_skips(app: Flask) -> None:
    """Whatever a reader has seen as the newest number, nothing older appears later."""
    stop = threading.Event()
    skipped: list[int] = []

    def follow() -> None:
        seen: set[int] = set()
        with app.app_context():
            while not stop.is_set():
                rows = [change.seq for change in changes.since(db.session(), 0)]
                db.session.rollback()
                newest_before = max(seen, default=0)
                skipped.extend(n for n in rows if n not in seen and n < newest_before)
                seen.update(rows)
            db.session.remove()

    def write(number: int) -> None:
        with app.app_context():
            for step in range(8):
                with transaction() as session:
                    changes.append(session, "note", f"m{number}-{step}")
            db.session.remove()

    reader = threading.Thread(target=follow)
    reader.start()
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    reader.join()
    assert skipped == []


def test_the_turn_goes_round_in_order(tmp_path: Path) -> None:
    order: list[int] = []
    first_in = threading.Event()
    let_go = threading.Event()

    def hold() -> None:
        with locks.turn(tmp_path / "queue", timeout=5):
            first_in.set()
            let_go.wait()

    def wait(number: int) -> None:
        with locks.turn(tmp_path / "queue", timeout=5):
            order.append(number)

    holder = threading.Thread(target=hold)
    holder.start()
    first_in.wait()
    waiters = []
    for number in range(5):
        waiter = threading.Thread(target=wait, args=(number,))
        waiter.start()
        while len(list((tmp_path / "queue").iterdir())) < number + 2:
            time.sleep(0.001)
        waiters.append(waiter)
    let_go.set()
    for thread in (holder, *waiters):
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_turn_that_does_not_come_is_said(tmp_path: Path) -> None:
    with (
        locks.turn(tmp_path / "queue", timeout=1),
        pytest.raises(locks.LockTimeout),
        locks.turn(tmp_path / "queue", timeout=0.05),
    ):
        pass


def test_a_dead_waiters_ticket_is_swept_away(tmp_path: Path) -> None:
    queue = tmp_path / "queue"
    queue.mkdir()
    (queue / "00000000000000000001-1-dead").touch()
    with locks.turn(queue, timeout=1):
        pass
    assert list(queue.iterdir()) == []
