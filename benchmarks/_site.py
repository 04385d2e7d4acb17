"""Set up a site with demonstration content, and measure pages of it through a real server."""

from __future__ import annotations

import http.client
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import event, func, insert, select
from waitress.server import create_server

from policytrack import create_app
from policytrack.accounts import service as accounts
from policytrack.accounts.models import User
from policytrack.commitments import models as commitment_models
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.core import changes, clock, ids, migrations
from policytrack.core.db import Base, db, transaction
from policytrack.demonstration import service as demonstration
from policytrack.progress.models import LatestWord, Note, NoteRevision
from policytrack.reference import service as reference
from policytrack.search.index.follower import Follower
from policytrack.settings import load

LINKS = (
    commitment_models.revision_provision,
    commitment_models.revision_theme,
    commitment_models.revision_sector,
    commitment_models.revision_target_group,
    commitment_models.revision_country,
    commitment_models.revision_corridor,
    commitment_models.revision_supporter,
)


@dataclass(frozen=True)
class Figures:
    """Hold what one page cost: milliseconds, statements, bytes of body and head."""

    p50_ms: float
    p95_ms: float
    queries: int
    bytes: int


@contextmanager
def site(times: int = 1) -> Iterator[Flask]:
    """Give an application with `times` times the commitments and notes of the demonstration."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load({}, instance=Path(folder)))
        with app.app_context():
            migrations.upgrade()
            with transaction() as session:
                session.add(changes.Epoch(id=1, name="benchmark"))
                reference.load(session, now=clock.now())
            with transaction() as session:
                demonstration.load(session, now=clock.now())
            if times > 1:
                _multiply(times)
            Follower(app).rebuild()
            db.session.remove()
        yield app
        with app.app_context():
            db.engine.dispose()


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in type(row).__table__.columns}


def _copies(model: type[Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 500):
        db.session.execute(insert(model), rows[start : start + 500])


def _multiply(times: int) -> None:
    """Copy every public commitment with its text, its notes and their texts."""
    with transaction() as session:
        texts = {row.id: _columns(row) for row in session.scalars(select(CommitmentRevision))}
        commitments = [
            _columns(row)
            for row in session.scalars(select(Commitment).where(Commitment.in_force_id.isnot(None)))
        ]
        notes = [
            _columns(row)
            for row in session.scalars(select(Note).where(Note.commitment_id.isnot(None)))
        ]
        revisions = [_columns(row) for row in session.scalars(select(NoteRevision))]
        words = [_columns(row) for row in session.scalars(select(LatestWord))]
        links = {link: session.execute(select(link)).all() for link in LINKS}
        step = 100_000
        made: dict[type[Base], list[dict[str, Any]]] = {
            model: [] for model in (Commitment, CommitmentRevision, Note, NoteRevision, LatestWord)
        }
        linked: dict[Any, list[dict[str, Any]]] = {link: [] for link in links}
        pointers: list[tuple[type[Base], dict[str, Any]]] = []
        for turn in range(1, times):
            shift = turn * step
            copied_texts = {row["in_force_id"] for row in commitments}
            copied_commitments = {row["id"] for row in commitments}
            for row in commitments:
                made[Commitment].append(
                    {
                        **row,
                        "id": row["id"] + shift,
                        "public_id": ids.new_id(),
                        "code": f"{row['code']}-{turn}",
                        "in_force_id": None,
                        "open_id": None,
                    }
                )
                pointers.append(
                    (
                        Commitment,
                        {"id": row["id"] + shift, "in_force_id": row["in_force_id"] + shift},
                    )
                )
                text = texts[row["in_force_id"]]
                made[CommitmentRevision].append(
                    {**text, "id": text["id"] + shift, "commitment_id": row["id"] + shift}
                )
            for link, pairs in links.items():
                linked[link] += [
                    {**pair._asdict(), "revision_id": pair.revision_id + shift}
                    for pair in pairs
                    if pair.revision_id in copied_texts
                ]
            kept = {row["id"] for row in notes if row["commitment_id"] in copied_commitments}
            for row in notes:
                if row["id"] not in kept:
                    continue
                made[Note].append(
                    {
                        **row,
                        "id": row["id"] + shift,
                        "public_id": ids.new_id(),
                        "key": f"{row['key']}*{turn}",
                        "commitment_id": row["commitment_id"] + shift,
                        "published_id": None,
                        "open_id": None,
                    }
                )
                pointer: dict[str, Any] = {"id": row["id"] + shift}
                for name in ("published_id", "open_id"):
                    pointer[name] = row[name] + shift if row[name] else None
                pointers.append((Note, pointer))
            made[NoteRevision] += [
                {
                    **row,
                    "id": row["id"] + shift,
                    "public_id": ids.new_id(),
                    "note_id": row["note_id"] + shift,
                }
                for row in revisions
                if row["note_id"] in kept
            ]
            made[LatestWord] += [
                {
                    **row,
                    "commitment_id": row["commitment_id"] + shift,
                    "revision_id": row["revision_id"] + shift,
                }
                for row in words
                if row["commitment_id"] in copied_commitments
                and row["revision_id"] in {r["id"] for r in revisions if r["note_id"] in kept}
            ]
        for model in (Commitment, CommitmentRevision, Note, NoteRevision, LatestWord):
            _copies(model, made[model])
        for link, copied in linked.items():
            for start in range(0, len(copied), 500):
                session.execute(insert(link), copied[start : start + 500])
        for model in (Commitment, Note):
            session.bulk_update_mappings(
                model.__mapper__, [values for found, values in pointers if found is model]
            )
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


class Browser:
    """Ask a served application for pages over one connection, as a browser does."""

    def __init__(self, app: Flask, user: str | None = None) -> None:
        self.app = app
        self.statements = 0
        self._count_statements()
        self.server = create_server(app, host="127.0.0.1", port=0, threads=2)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        self.cookie = self._signed_in(user) if user else ""
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.effective_port, timeout=60
        )

    def _serve(self) -> None:
        # Closing takes the socket away under the waiting server, which then says so.
        with suppress(OSError):
            self.server.run()

    def _count_statements(self) -> None:
        def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                self.statements += 1

        with self.app.app_context():
            event.listen(db.engine, "before_cursor_execute", count)

    def _signed_in(self, email: str) -> str:
        with self.app.app_context():
            with transaction() as session:
                user = session.scalars(select(User).where(User.email == email)).one()
                token = accounts.open_session(
                    session, user_id=user.id, browser="benchmark", now=datetime.now(UTC)
                )
            browser = self.app.test_client()
            with browser.session_transaction() as cookie:
                cookie["_user_id"] = token
                cookie["_fresh"] = True
            found = browser.get_cookie("policytrack")
            assert found is not None
            return f"policytrack={found.value}"

    def get(self, path: str) -> tuple[int, int]:
        """Return status and bytes on the wire of one page."""
        self.connection.request(
            "GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "br, gzip"}
        )
        answer = self.connection.getresponse()
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        return answer.status, head + len(answer.read())

    def measure(self, path: str, runs: int) -> Figures:
        """Return the figures of a page over a number of runs, after three to warm up.

        Raises `RuntimeError` for a page that does not answer 200.
        """
        for _ in range(3):
            status, size = self.get(path)
            if status != 200:
                raise RuntimeError(f"{path} answers {status}")
        before = self.statements
        self.get(path)
        queries = self.statements - before
        times = []
        for _ in range(runs):
            start = clock_ms()
            self.get(path)
            times.append(clock_ms() - start)
        times.sort()
        return Figures(
            round(statistics.median(times), 1),
            round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
            queries,
            size,
        )

    def close(self) -> None:
        """Stop the server."""
        self.connection.close()
        self.server.task_dispatcher.shutdown(cancel_pending=True, timeout=2)
        self.server.close()
        self.thread.join(timeout=5)


def clock_ms() -> float:
    """Return a running clock in milliseconds."""
    return time.perf_counter() * 1000


def pages(app: Flask) -> Mapping[str, tuple[str | None, str]]:
    """Return the ten most visited pages: name -> (who asks, address)."""
    with app.app_context():
        commitment = db.session.scalars(
            select(Commitment)
            .join(LatestWord, LatestWord.commitment_id == Commitment.id)
            .where(Commitment.code.isnot(None))
            .order_by(Commitment.id)
        ).first()
        note = db.session.scalars(
            select(Note).where(Note.published_id.isnot(None)).order_by(Note.id)
        ).first()
        assert commitment is not None
        assert note is not None
        address, note_id = commitment.code, note.public_id
        largest = db.session.scalars(
            select(Note.country_iso2)
            .where(Note.published_id.isnot(None), Note.country_iso2.isnot(None))
            .group_by(Note.country_iso2)
            .order_by(func.count().desc(), Note.country_iso2)
        ).first()
        db.session.remove()
    delegate = demonstration.SIGN_INS[0].email
    officer = next(entry.email for entry in demonstration.SIGN_INS if "officer" in entry.email)
    return {
        "home": (None, "/"),
        "commitments": (None, "/commitments"),
        "commitments filtered": (None, "/commitments?" + urlencode({"theme": "A1"})),
        "commitment": (None, f"/commitments/{address}"),
        "country": (None, f"/countries/{largest}"),
        "corridor": (None, "/corridors/NP-QA"),
        "note": (None, f"/notes/{note_id}"),
        "search": (None, "/search?" + urlencode({"q": "recruitment fee"})),
        "what we owe": (delegate, "/"),
        "review queue": (officer, "/review"),
    }


def last_line(figures: object) -> None:
    """Print the figures as the one line of JSON that closes every benchmark."""
    print(json.dumps(figures))
