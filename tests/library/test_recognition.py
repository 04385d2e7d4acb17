"""Pages that are pictures are read by machine: one by one, behind all else, whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.core import clock, files, outbox
from policytrack.core.changes import Change
from policytrack.core.db import db, transaction
from policytrack.core.files.models import StoredFile
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from policytrack.demonstration.papers import pages, scanned
from policytrack.library import queries, recognition, service
from policytrack.library.later import read
from policytrack.library.models import FileText, LibraryDocument, TextPage
from policytrack.library.reading import (
    Kind,
    Legible,
    Origin,
    Outcome,
    PageText,
    Reading,
    Recognised,
    Unit,
    can_read,
)
from policytrack.library.reading import recognition as tesseract
from policytrack.library.rules import MOST_FAILED, Recognition
from policytrack.library.service.keeping import READ
from policytrack.operations import checks_data, worker
from tests.factories import make_document, make_user
from tests.library.machine import Machine, installed
from tests.operations.processes import environment, running, wait_until

FEES = "The employer pays the fees of recruitment and all that goes with it."
REST = "The worker has a weekly rest of twenty-four hours in a row."
# With how many pictures the files of these tests have, no two the same.
TEXTS = tuple(f"{REST} Article {number}." for number in range(40))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    yield from installed(tmp_path, monkeypatch)


def shelve(count: int, *, first: int = 0, **overrides: Any) -> LibraryDocument:
    """Put a document with so many pictures of pages on the shelf; its file waits to be read."""
    data = scanned(TEXTS[first : first + count])
    accepted = files.inspect(data, name="scan.pdf", library=True)
    document = make_document(files=[accepted], **overrides)
    with transaction() as session:
        key = f"{READ}:{accepted.sha256}"
        outbox.enqueue(session, READ, {"sha256": accepted.sha256}, key=key, now=clock.now())
    return document


def work() -> int:
    """Do all that is due, as the worker does; return in how many turns."""
    turns = 0
    while worker.send():
        turns += 1
        assert turns < 300
    return turns


def stand(session: Session) -> list[tuple[str, str]]:
    """Return the origin and state of all pages."""
    session.rollback()
    rows = session.execute(
        select(TextPage.origin, TextPage.recognition).order_by(TextPage.file_id, TextPage.number)
    )
    return [(origin, state) for origin, state in rows]


@pytest.mark.skipif(not can_read("en"), reason="tesseract is not installed")
def test_a_scanned_document_is_read_found_and_marked(app: Flask, database: Session) -> None:
    data = scanned([FEES, REST])
    accepted = files.inspect(data, name="scan.pdf", library=True)
    document = make_document(files=[accepted])
    with transaction() as session:
        outbox.enqueue(session, READ, {"sha256": accepted.sha256}, key="r", now=clock.now())
    before = _changes(database, document)
    work()
    text = database.scalars(select(FileText)).one()
    assert (text.outcome, text.reason, text.language) == ("read", "", "en")
    found = database.scalars(select(TextPage.text).order_by(TextPage.number)).all()
    assert FEES in " ".join(found[0].split())
    assert text.characters == sum(map(len, found))
    assert stand(database) == [("machine", "read")] * 2
    assert _changes(database, document) > before
    shown = app.test_client().get(f"/library/{document.public_id}/text")
    assert shown.text.count("Read by machine; it may hold mistakes") == 2
    hits = app.test_client().get(f"/library/{document.public_id}/text?q=weekly")
    assert hits.text.count("Read by machine; it may hold mistakes") == 1


def _changes(session: Session, document: LibraryDocument) -> int:
    session.rollback()
    found = select(func.count()).where(Change.public_id == document.public_id)
    return session.scalar(found) or 0


def test_pages_with_a_text_layer_are_left_alone(database: Session, machine: Machine) -> None:
    accepted = files.inspect(pages([FEES]), name="act.pdf", library=True)
    make_document(files=[accepted])
    with transaction() as session:
        outbox.enqueue(session, READ, {"sha256": accepted.sha256}, key="r", now=clock.now())
    work()
    assert database.scalars(select(OutboxItem.kind)).all() == [READ]
    assert stand(database) == [("layer", "")]


def test_a_page_at_a_turn_and_mail_goes_between(
    app: Flask, database: Session, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "TURN_SECONDS", 0.0)
    shelve(3)
    shelve(2, first=10)
    done: list[str] = []

    def mail(_payload: Mapping[str, Any], _key: str) -> None:
        done.append("mail")

    def act(payload: Mapping[str, Any], key: str) -> None:
        done.append(payload["sha256"][:4])
        if len(done) == 2:
            with transaction() as session:
                outbox.enqueue(session, "mail", {}, key="m", now=clock.now())
        recognition.recognise(payload, key)

    handlers = {READ: read, recognition.KIND: act, "mail": mail}
    while outbox.work_one(handlers, clock.now()):
        pass
    first, second = done[0], done[1]
    # Both files have their turns, and what came meanwhile goes before the next page; the last
    # turn of each finds nothing more to read.
    assert first != second
    assert done == [first, second, first, "mail", second, first, second, first]
    assert stand(database) == [("machine", "read")] * 5


def test_the_index_is_not_told_of_each_page(
    app: Flask, database: Session, machine: Machine
) -> None:
    document = shelve(30)
    worker.send()
    before = _changes(database, document)
    work()
    assert stand(database) == [("machine", "read")] * 30
    assert _changes(database, document) - before == 2


@pytest.mark.parametrize("mode", ["hangs", "crashes", "fails", "garbage", "floods"])
def test_what_goes_wrong_costs_the_page_only(
    database: Session, machine: Machine, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    short = replace(tesseract.RECOGNITION, wall_seconds=1.0)
    monkeypatch.setattr(tesseract, "RECOGNITION", short)
    machine.does(mode)
    document = shelve(2)
    work()
    assert stand(database) == [("none", "failed")] * 2
    assert database.scalars(select(FileText.outcome)).one() == "no_text"
    assert database.scalars(select(OutboxItem.id).where(OutboxItem.done_at.is_(None))).all() == []
    machine.does("speaks")
    assert not recognition.look_for_pages()
    assert work() == 0  # not for ever
    shelve(1, first=10)
    work()
    assert stand(database)[-1] == ("machine", "read")
    assert document.public_id


def test_an_empty_page_is_told_from_one_that_failed(
    app: Flask, database: Session, machine: Machine
) -> None:
    machine.does("specks")
    document = shelve(1)
    work()
    assert stand(database) == [("none", "nothing")]
    shown = app.test_client().get(f"/library/{document.public_id}/text").text
    assert "in which a machine found no text" in shown


def test_a_file_that_no_machine_can_read_does_not_hold_it_for_days(
    database: Session, machine: Machine
) -> None:
    machine.does("fails")
    shelve(MOST_FAILED + 5)
    worker.send()
    calls = _counted(database)
    assert stand(database) == [("none", "failed")] * (MOST_FAILED + 5)
    assert calls == MOST_FAILED


def _counted(session: Session) -> int:
    """Read what waits; return how many pages were tried."""
    sha256 = session.scalars(select(StoredFile.sha256)).one()
    session.rollback()
    told: list[Legible] = []
    recognition.read_pages(sha256, "", seconds=600, told=told.append)
    return len(told)


def test_the_language_is_what_people_say_of_the_file(database: Session, machine: Machine) -> None:
    machine.reads("eng", "tha", "fra")
    shelve(1, language="th")
    shelve(1, first=1, language="")
    work()
    said = database.scalars(select(TextPage.text).order_by(TextPage.file_id)).all()
    assert "-l tha " in said[0]
    assert "-l eng+fra " in said[1]


def test_a_language_without_data_is_marked_and_read_when_the_data_came(
    app: Flask, database: Session, machine: Machine, sign_in: Callable[[FlaskClient, User], None]
) -> None:
    document = shelve(3, language="km")
    work()
    assert stand(database) == [("none", "no_data")] * 3
    assert not recognition.look_for_pages()
    assert work() == 0
    standing = queries.picture_standing(database)
    assert (standing.waiting, standing.no_data, standing.languages) == (0, 3, ("km",))
    (said,) = checks_data.pictures()
    assert "tesseract-ocr-khm" in said.mend
    admin = app.test_client()
    sign_in(admin, make_user(Role.ADMINISTRATOR))
    health = admin.get("/administration/health").text
    assert "3 pages are in languages that no machine here reads" in health
    assert "data for: Khmer" in health
    shown = app.test_client().get(f"/library/{document.public_id}/text").text
    assert "cannot be read by machine here in its language" in shown
    machine.reads("eng", "khm")
    assert not recognition.look_for_pages()
    work()
    assert stand(database) == [("machine", "read")] * 3


def test_without_the_program_nothing_waits_and_what_waits_is_left_for_others(
    database: Session, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tesseract, "program", lambda: None)
    shelve(2)
    assert work() == 1
    assert database.scalars(select(OutboxItem.kind)).all() == [READ]
    monkeypatch.undo()
    monkeypatch.setenv("PATH", machine.path)
    recognition.look_for_pages()
    monkeypatch.setattr(tesseract, "program", lambda: None)
    assert work() == 0
    monkeypatch.undo()
    monkeypatch.setenv("PATH", machine.path)
    work()
    assert stand(database) == [("machine", "read")] * 2


def test_a_setting_turns_it_off(
    app: Flask, machine: Machine, make_app: Callable[..., Flask], database: Session
) -> None:
    other = make_app(instance=app.instance_path, recognition=False)
    shelve(1)
    with other.app_context():
        assert not recognition.possible()
        work()
        assert not recognition.look_for_pages()
        db.session.remove()
    assert stand(database) == [("none", "")]


def test_no_two_machines_read_the_same_page(
    app: Flask, machine: Machine, make_app: Callable[..., Flask], database: Session
) -> None:
    shelve(1)
    worker.send()
    seen: list[object] = []

    def elsewhere() -> None:
        with make_app(instance=app.instance_path).app_context():
            seen.append(worker.send())
            db.session.remove()

    def act(payload: Mapping[str, Any], key: str) -> None:
        def meanwhile(_legible: Legible) -> None:
            other = threading.Thread(target=elsewhere)
            other.start()
            other.join()

        recognition.read_pages(payload["sha256"], key, seconds=60, told=meanwhile)

    assert outbox.work_one({recognition.KIND: act}, clock.now())
    assert seen == [False]
    assert stand(database) == [("machine", "read")]


def test_what_comes_too_late_is_dropped(database: Session, machine: Machine) -> None:
    shelve(1)
    worker.send()
    late = _begin(database)
    now = _begin(database)
    assert (late.page, now.page) == (1, 1)
    for turn, words in ((late, "late"), (now, "in time")):
        with transaction() as session:
            page = PageText(1, words, Origin.MACHINE, "en")
            service.keep_page(session, turn, Recognised(page, Legible.READ))
    assert database.scalars(select(TextPage.text)).one() == "in time"
    assert database.scalars(select(FileText.characters)).one() == len("in time")


def _begin(session: Session) -> service.Turn:
    with transaction() as writing:
        return service.begin_page(writing, writing.scalars(select(StoredFile)).one())


def test_a_page_at_which_two_workers_ended_is_left(database: Session, machine: Machine) -> None:
    shelve(2)
    worker.send()
    assert [_begin(database).page for _worker in range(3)] == [1, 1, 2]
    work()
    assert stand(database) == [("none", "failed"), ("machine", "read")]


def test_a_killed_worker_goes_on_where_it_was(
    app: Flask, machine: Machine, tmp_path: Path, database: Session
) -> None:
    environ, log = {**environment(app), "PATH": machine.path}, tmp_path / "worker.log"
    shelve(4)
    worker.send()

    def begun() -> bool:
        return stand(database) == [("none", "begun"), *[("none", "")] * 3]

    machine.does("hangs")
    with running(environ, log, "worker") as first:
        wait_until(begun, what=log.read_text)
        first.kill()
    with transaction() as session:  # what the dead worker held comes up when its lease ends
        session.execute(update(OutboxItem).values(leased_until=None))
    machine.does("speaks")
    with running(environ, log, "worker"):
        wait_until(lambda: stand(database) == [("machine", "read")] * 4, what=log.read_text)


def test_what_a_machine_has_read_outlives_another_reading_of_the_same_file(
    database: Session, machine: Machine
) -> None:
    shelve(2)
    work()
    (first, _second) = database.scalars(select(TextPage.text).order_by(TextPage.number)).all()
    again = Reading(
        Outcome.NO_TEXT,
        Kind.PDF,
        "pictures",
        Unit.PAGE,
        (PageText(1, "", Origin.NONE), PageText(2, "layered", Origin.LAYER, "en")),
    )
    with transaction() as session:
        stored = session.scalars(select(StoredFile)).one()
        text = service.keep_text(session, stored, again, clock.now())
        assert (text.outcome, text.characters) == ("read", len(first) + len("layered"))
    assert stand(database) == [("machine", "read"), ("layer", "")]


def test_the_command_reads_here_and_now(
    app: Flask, database: Session, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve(3)
    shelve(2, first=10, language="km")
    with monkeypatch.context() as without:
        without.setattr(tesseract, "program", lambda: None)
        work()
    run = app.test_cli_runner().invoke
    verified = run(args=["library", "verify"])
    assert "5 pages of 2 files wait to be read by machine" in verified.output
    limited = run(args=["library", "recognise", "--limit", "2"])
    assert (limited.exit_code, "read by machine            2" in limited.output) == (0, True)
    whole = run(args=["library", "recognise"])
    assert "read by machine            1" in whole.output
    assert "tesseract-ocr-khm" in whole.output
    assert stand(database) == [("machine", "read")] * 3 + [("none", "no_data")] * 2
    machine.reads("khm")
    machine.does("fails")
    recognition.look_for_pages()
    work()
    assert "2 pages could not be read" in run(args=["library", "verify"]).output
    machine.does("speaks")
    assert "read by machine            2" in run(args=["library", "recognise", "--failed"]).output
    assert stand(database) == [("machine", "read")] * 5


def test_the_text_of_one_file_is_read_by_machine_when_asked(
    app: Flask, database: Session, machine: Machine
) -> None:
    machine.does("specks")
    shelve(2)
    work()
    sha256 = database.scalars(select(StoredFile.sha256)).one()
    database.rollback()
    run = app.test_cli_runner().invoke
    before = run(args=["library", "text", sha256])
    assert before.output.count("nothing that a machine could read") == 2
    machine.does("speaks")
    after = run(args=["library", "text", sha256, "--recognise", "--page", "2"])
    assert (after.exit_code, "has read this page" in after.output) == (0, True)
    assert stand(database) == [("machine", "read")] * 2


def test_without_the_program_the_commands_say_so(
    app: Flask, database: Session, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tesseract, "program", lambda: None)
    found = app.test_cli_runner().invoke(args=["library", "recognise"])
    assert (found.exit_code, "tesseract is not installed" in found.output) == (1, True)


def test_a_program_that_does_not_answer_reads_no_language(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine.folder / "tesseract").write_text("#!/bin/sh\nsleep 60\n")
    monkeypatch.setattr(tesseract, "_LIST_SECONDS", 0.2)
    assert not can_read("en")


def test_no_other_kind_of_file_is_drawn(database: Session, machine: Machine) -> None:
    accepted = files.inspect(b"Some words.", name="a.txt", library=True)
    make_document(files=[accepted])
    reading = Reading(Outcome.NO_TEXT, Kind.PPTX, pages=(PageText(1, "", Origin.NONE),))
    with transaction() as session:
        stored = session.scalars(select(StoredFile)).one()
        service.keep_text(session, stored, reading, clock.now())
        assert not service.have_recognised(session, stored, clock.now())
    assert not recognition.look_for_pages()
    assert database.scalars(select(OutboxItem.id)).all() == []


def test_the_state_of_a_page_is_one_of_the_rules(database: Session) -> None:
    assert {state.value for state in Recognition} >= {legible.value for legible in Legible}
