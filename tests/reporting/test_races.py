"""Two at once, or a process that dies in the middle: one whole workbook, or none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from policytrack.accounts.models import Office, User
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.constituents import service as constituents
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.errors import DomainError, StaleVersion
from policytrack.core.permissions import Role
from policytrack.reporting.cli import OPERATOR
from policytrack.reporting.workbook import applying, reading
from tests.factories import NOW, make_constituent, make_user
from tests.operations.processes import ROOT, environment
from tests.reporting.books import BODY, PERSON, PROMISE, book, bring_in, count, look

ROWS = 200
WHOLE = {
    "Constituents": [{**BODY, "Code": f"C{n}"} for n in range(ROWS)],
    "People": [
        {
            **PERSON,
            "Mail address": f"p{n}@example.org",
            "Organisation": f"C{n}",
            "Role": "contributor",
        }
        for n in range(ROWS)
    ],
    "Commitments": [{**PROMISE, "Key": f"K{n}", "Lead": f"C{n}"} for n in range(ROWS)],
}
TABLES = (Constituent, User, Membership, Commitment, CommitmentRevision)


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[BaseException | None]:
    """Carry out acts in threads that start together; return what each was refused with."""
    ready = threading.Barrier(len(acts))
    refused: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            ready.wait()
            try:
                act()
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test looks at it
                refused[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    current_session().rollback()
    return refused


def applier(data: bytes) -> Callable[[], Any]:
    stamp, read = look(data).stamp, reading.read(data)

    def act() -> None:
        with transaction() as session:
            applying.apply(session, actor=OPERATOR, book=read, seen=stamp, invite=False, now=NOW)

    return act


def test_two_of_the_same_come_in_once(app: Flask, database: Session) -> None:
    data = book(**{name: rows[:20] for name, rows in WHOLE.items()})
    refused = at_once(app, applier(data), applier(data))
    assert sorted(type(each).__name__ for each in refused) == ["Different", "NoneType"]
    assert [count(database, each) for each in TABLES] == [20] * len(TABLES)


def test_two_that_overlap_end_as_one_after_the_other(app: Flask, database: Session) -> None:
    bring_in(book(Constituents=[BODY], Commitments=[{**PROMISE, "Lead": "NP-MOL"}]))
    one = book(Commitments=[{"Key": "K1", "Title": "One"}], People=[PERSON])
    other = book(Commitments=[{"Key": "K1", "Title": "Other"}])
    refused = at_once(app, applier(one), applier(other))
    assert sorted(type(each).__name__ for each in refused) == ["Different", "NoneType"]
    winner = refused.index(None)
    database.rollback()
    text = database.query(Commitment).one().open
    assert text is not None
    assert (text.title, text.version) == (("One", "Other")[winner], 2)
    assert count(database, User) == (1 if winner == 0 else 0)


def test_a_workbook_meets_somebody_who_invites(app: Flask, database: Session) -> None:
    body = make_constituent(code="NP-MOL")
    seat = {**PERSON, "Organisation": "NP-MOL", "Role": "contributor"}

    def invite() -> None:
        with transaction() as session:
            constituents.invite_member(
                session,
                actor=OPERATOR,
                constituent=session.get_one(Constituent, body.id),
                email="asha@example.org",
                name="Asha Rai",
                role="contributor",
                language="en",
                now=NOW,
            )

    refused = at_once(app, applier(book(People=[seat])), invite)
    # The second of the two finds her there; whoever it is, she has one account and one seat.
    assert all(
        isinstance(each, StaleVersion | IntegrityError | DomainError)
        for each in refused
        if each is not None
    )
    assert None in refused
    assert [count(database, each) for each in (User, Membership)] == [1, 1]


def test_two_administrators_take_each_others_office(app: Flask, database: Session) -> None:
    for name in ("a", "b"):
        make_user(Role.ADMINISTRATOR, email=f"{name}@example.org", name=name)
    books = [
        book(People=[{"Mail address": f"{name}@example.org", "Name": name, "Office": None}])
        for name in ("a", "b")
    ]
    refused = at_once(app, *map(applier, books))
    assert refused.count(None) == 1
    assert count(database, Office) == 1


def test_a_process_killed_in_the_middle_leaves_nothing(
    app: Flask, database: Session, tmp_path: Path
) -> None:
    path = tmp_path / "moving.xlsx"
    path.write_bytes(book(**WHOLE))
    # It ends itself, as hard as a lost machine, once organisations and people are written.
    program = textwrap.dedent(
        """
        import os, signal, sys
        from policytrack import cli
        from policytrack.commitments import service
        def die(session, **_given):
            session.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        service.bring_in = die
        cli.main(sys.argv[1:])
        """
    )
    database.rollback()
    done = subprocess.run(
        [sys.executable, "-c", program, "workbook", "import", str(path), "--apply"],
        env={**environment(app), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [count(database, each) for each in TABLES] == [0] * len(TABLES)
    # Nobody has to clear up after it.
    bring_in(path.read_bytes())
    assert [count(database, each) for each in TABLES] == [ROWS] * len(TABLES)
