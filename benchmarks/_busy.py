"""Search a served site from many sides while what it shows keeps changing."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from _site import clock_ms, site
from flask import Flask
from sqlalchemy import select

from policytrack.core import changes
from policytrack.core.db import db, transaction
from policytrack.progress.models import Note
from policytrack.search.index.follower import Follower

PEOPLE, CHANGES_A_SECOND, SECONDS = 20, 50, 20
# The site has so many times the notes of the demonstration.
_TIMES = 5
_WORDS = re.findall(
    r"\w+",
    "recruitment fee worker contract wage domestic passport complaint agency licence women embassy"
    " training skills return health insurance inspection court bilateral agreement",
)


@contextmanager
def _served(app: Flask) -> Iterator[int]:
    """Serve an application's folder with its worker, as a machine does; give the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "policytrack", "run", "--port", str(port)]
    served = subprocess.Popen(
        command,
        env={**os.environ, "POLICYTRACK_INSTANCE": app.instance_path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            if _status(port, "/readyz") == 200:
                break
            time.sleep(0.2)
        else:
            raise SystemExit("the site did not start")
        yield port
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait()


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0
    finally:
        connection.close()
    return answer.status


class _Person(threading.Thread):
    """Ask one question after the other until the end."""

    def __init__(self, port: int, number: int, end: float) -> None:
        super().__init__()
        self._port, self._chance, self._end = port, random.Random(number), end
        self.times: list[float] = []
        self.errors = 0

    def run(self) -> None:
        """Ask, and count whatever is not answered with 200."""
        while time.monotonic() < self._end:
            typed = " ".join(self._chance.sample(_WORDS, self._chance.randint(1, 3)))
            begun = clock_ms()
            status = _status(self._port, "/search?" + urlencode({"q": typed}))
            self.times.append(clock_ms() - begun)
            self.errors += status != 200


def _change(app: Flask, end: float) -> int:
    """Change notes, so many a second, one in each transaction; return how many that were."""
    with app.app_context():
        notes = db.session.scalars(select(Note.public_id).order_by(Note.id)).all()
        db.session.remove()
    made, begun = 0, time.monotonic()
    while (now := time.monotonic()) < end:
        if made < (now - begun) * CHANGES_A_SECOND:
            with app.app_context(), transaction() as session:
                changes.append(session, "note", notes[made % len(notes)])
            made += 1
        else:
            time.sleep(1 / CHANGES_A_SECOND / 4)
    return made


def busy() -> dict[str, Any]:
    """Return how many searches there were and failed, and how long the index then had to follow."""
    with site(_TIMES) as app, _served(app) as port:
        end = time.monotonic() + SECONDS
        people = [_Person(port, number, end) for number in range(PEOPLE)]
        for person in people:
            person.start()
        changed = _change(app, end)
        for person in people:
            person.join()
        begun = time.monotonic()
        with app.app_context():
            while Follower(app).lag() != 0 and time.monotonic() < begun + 60:
                db.session.rollback()
                time.sleep(0.05)
        caught_up = time.monotonic() - begun
    times = [each for person in people for each in person.times]
    return {
        "searches": len(times),
        "errors": sum(person.errors for person in people),
        "p50_ms": round(statistics.median(times), 1),
        "changes_s": round(changed / SECONDS, 1),
        "caught_up_s": round(caught_up, 2),
    }
