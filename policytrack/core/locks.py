"""Let the processes of one machine take turns, first come, first served.

SQLite's busy timeout neither queues writers nor lets a reader become a writer, so a busy site
starves some of them. Each waiter here leaves a ticket file, locked while its owner lives; the
oldest living ticket goes next. A ticket whose owner died is unlocked by the kernel and swept away
by whoever stands behind it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockTimeout(Exception):
    """Say that the turn did not come in time."""


_POLL_SECONDS = 0.002


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take_ticket(queue: Path) -> tuple[Path, int]:
    # Locked under a hidden name first: a visible ticket is never without its owner's lock.
    mark = f"{time.monotonic_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}"
    hidden = queue / f".{mark}"
    descriptor = os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    ticket = queue / mark
    os.rename(hidden, ticket)
    return ticket, descriptor


def _is_abandoned(ticket: Path) -> bool:
    try:
        descriptor = os.open(ticket, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        return _locked(descriptor)
    finally:
        os.close(descriptor)


def _first_living(queue: Path) -> str | None:
    for name in sorted(entry for entry in os.listdir(queue) if not entry.startswith(".")):
        ticket = queue / name
        if not _is_abandoned(ticket):
            return name
        ticket.unlink(missing_ok=True)
    return None


@contextmanager
def turn(queue: Path, *, timeout: float) -> Iterator[None]:
    """Hold the only turn of `queue` (a folder, made when missing).

    `timeout` is in seconds. Raises `LockTimeout` when the turn does not come in that time.
    """
    queue.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + timeout
    ticket, descriptor = _take_ticket(queue)
    try:
        while _first_living(queue) != ticket.name:
            if time.monotonic() > deadline:
                raise LockTimeout(str(queue))
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        ticket.unlink(missing_ok=True)
        os.close(descriptor)


@contextmanager
def sole(path: Path) -> Iterator[bool]:
    """Try to be the only holder of a lock file, at once; yield whether it worked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        yield _locked(descriptor)
    finally:
        os.close(descriptor)
