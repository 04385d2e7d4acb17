"""Measure how soon a published note is found: from the commit to the first search that shows it.

Run: .venv/bin/python benchmarks/freshness.py [NOTES]
The peer is the same wait for the note's own page, which reads the database and needs no index.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from _site import last_line
from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from policytrack import create_app
from policytrack.accounts.models import User
from policytrack.constituents.queries import actor_of
from policytrack.core import clock
from policytrack.core.db import db, transaction
from policytrack.core.review import State
from policytrack.demonstration.people import OFFICERS
from policytrack.progress import service
from policytrack.progress.models import Note, NoteRevision
from policytrack.settings import load


def _served(folder: str, port: int) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).parent / "policytrack"), "run", "--port", str(port)]
    served = subprocess.Popen(
        command,
        env={**os.environ, "POLICYTRACK_INSTANCE": folder},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        if _answers(f"http://127.0.0.1:{port}/readyz", ""):
            return served
        time.sleep(0.2)
    raise SystemExit("the site did not start")


def _answers(address: str, word: str) -> bool:
    try:
        with urlopen(address) as answer:
            return word in answer.read().decode()
    except (HTTPError, URLError, OSError):
        return False


def _submit(app: Flask, word: str, number: int) -> str:
    """Put a note of its own word before the secretariat; return its public id."""
    with app.app_context(), transaction() as session:
        source = session.scalars(
            select(Note).where(Note.published_id.is_not(None), Note.open_id.is_(None))
        ).first()
        if source is None:
            raise SystemExit("there are fewer published notes than asked for")
        revision = NoteRevision(
            note_id=source.id,
            number=number,
            state=State.SUBMITTED,
            language="en",
            done=f"The {word} was opened.",
            claimed_status="limited",
            people_protected=True,
            created_at=clock.now(),
            saved_at=clock.now(),
            submitted_at=clock.now(),
        )
        session.add(revision)
        session.flush()
        source.open_id = revision.id
        return source.public_id


def _publish(app: Flask, public_id: str) -> None:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == OFFICERS[0])).one()
        actor = actor_of(db.session(), user)
        for verb in (service.take_up, service.publish):
            with transaction() as session:
                note = session.scalars(select(Note).where(Note.public_id == public_id)).one()
                verb(session, actor=actor, note=note, now=clock.now())


def _wait(address: str, word: str) -> float:
    start = time.perf_counter()
    while not _answers(address, word):
        if time.perf_counter() - start > 30:
            raise SystemExit(f"{address} never showed it")
        time.sleep(0.01)
    return time.perf_counter() - start


def main() -> None:
    """Print a table for people and, last, one line of JSON."""
    notes = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found: list[float] = []
    shown: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        served = _served(folder, port)
        try:
            app = create_app(load(instance=folder))
            for number in range(100, 100 + notes):
                word = f"quokka{secrets.token_hex(5)}"
                public_id = _submit(app, word, number)
                _publish(app, public_id)
                shown.append(_wait(f"http://127.0.0.1:{port}/notes/{public_id}", word))
                found.append(_wait(f"http://127.0.0.1:{port}/search?q={word}", public_id))
        finally:
            served.send_signal(signal.SIGTERM)
            served.wait()
    table = Table("seconds after the commit until", "p50", "longest")
    figures = {}
    for name, seconds in (("search finds it", found), ("its page shows it", shown)):
        figures[name] = {
            "p50_s": round(statistics.median(seconds), 3),
            "max_s": round(max(seconds), 3),
        }
        table.add_row(name, *(f"{value}" for value in figures[name].values()))
    Console(width=90).print(table)
    last_line({"freshness": figures})


if __name__ == "__main__":
    main()
