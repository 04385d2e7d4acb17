"""Byte by byte: neither the database's files, nor the index, nor a restored backup keep a trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core.db import db
from policytrack.core.db import session as current_session
from policytrack.operations import backup, restore
from policytrack.progress import service
from policytrack.progress.models import Note
from policytrack.redaction.models import Redaction
from policytrack.search import engine
from policytrack.search.engine import Wanted
from policytrack.search.index import generations
from policytrack.search.index.follower import Follower
from tests.library.scene import Scene as Library
from tests.progress.scene import TEXTS, content
from tests.progress.scene import Scene as Notes
from tests.redaction.scene import NAME, WORDS, ask, columns_with, confirm, files_with, redact
from tests.redaction.test_service import officers, shelved, told

# How the index writes the beginning of the first of the words, however it takes words apart.
STEM = WORDS[0].lower()[:8]


def forgotten() -> None:
    """Let go of what this process has open, as a process that ends does."""
    current_session().rollback()
    db.session.remove()


@pytest.fixture
def on_sqlite(database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("the files of a server are its own")


def test_no_file_of_the_database_keeps_what_was_redacted(
    on_sqlite: None, app: Flask, notes: Notes, database: Session
) -> None:
    public_id = told(notes)
    forgotten()
    assert files_with(app, WORDS[1]) != []
    redact("note", public_id, notes.officer, notes.second)
    forgotten()
    assert files_with(app, WORDS[1]) == []
    assert files_with(app, WORDS[0]) == []


def test_no_file_keeps_what_was_asked_for_and_refused(
    on_sqlite: None, app: Flask, library: Library, database: Session
) -> None:
    public_id = shelved(library, text=(NAME,), summary=f"It is {NAME}.")
    redact("document", public_id, *officers(library))
    forgotten()
    assert files_with(app, WORDS[1]) == []


def test_the_index_loses_the_words_and_not_only_the_hits(
    app: Flask, notes: Notes, database: Session
) -> None:
    public_id = told(notes)
    follower = Follower(app)
    follower.follow()
    assert files_with(app, STEM, "index") != []
    officer = notes.officer

    def found() -> int:
        return engine.search(app, Wanted(WORDS[1]), actor=officer, language="en").total

    assert found() == 1
    before = generations.current(app).folder
    redact("note", public_id, notes.officer, notes.second)
    assert follower.behind()
    follower.follow()
    assert not follower.behind()
    assert found() == 0
    assert generations.current(app).folder != before
    assert files_with(app, STEM, "index") == []
    assert follower.verify() == []


def test_an_index_of_another_machine_that_followed_without_being_made_anew_is_made_anew(
    app: Flask, notes: Notes, database: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = told(notes)
    Follower(app).follow()
    redact("note", public_id, notes.officer, notes.second)
    killed = Follower(app)
    with monkeypatch.context() as patched:

        def die(*_given: object) -> Any:
            raise KeyboardInterrupt

        patched.setattr(killed, "_build", die)
        with pytest.raises(KeyboardInterrupt):
            killed.follow()
    assert files_with(app, STEM, "index") != []
    other = Follower(app)
    assert other.behind()
    other.follow()
    assert files_with(app, STEM, "index") == []
    assert not other.behind()


# From backups


def saved(app: Flask, target: Path) -> Path:
    chosen = app.config["POLICYTRACK"]
    written = backup.write(target, settings=chosen, with_secret=False, tell=lambda _step: None)
    assert written.damaged == ()
    return target


def restored(app: Flask, source: Path) -> None:
    forgotten()
    chosen = app.config["POLICYTRACK"]
    restore.read(source, settings=chosen, force=True, tell=lambda _step: None)


def run(app: Flask, *arguments: str) -> str:
    forgotten()
    answer = app.test_cli_runner().invoke(args=list(arguments))
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_restored_backup_is_redacted_again_from_the_register(
    app: Flask,
    notes: Notes,
    library: Library,
    database: Session,
    database_kind: str,
    tmp_path: Path,
) -> None:
    note_id = told(notes)
    document_id = shelved(library, text=(NAME,), title=f"What {NAME} told")
    old = saved(app, tmp_path / "old.tar")
    redact("note", note_id, notes.officer, notes.second)
    redact("document", document_id, *officers(library))
    register = tmp_path / "register.json"
    register.write_text(run(app, "redactions", "list", "--json"), encoding="utf-8")
    assert NAME not in register.read_text(encoding="utf-8")

    restored(app, old)
    assert columns_with(current_session(), WORDS[1]) != []
    assert files_with(app, WORDS[1], "files") != []

    assert "Carried out: 2 of 2" in run(app, "redactions", "apply", str(register))
    assert columns_with(current_session(), WORDS[1]) == []
    Follower(app).rebuild()
    forgotten()
    assert files_with(app, WORDS[1]) == []
    with app.app_context():
        note = current_session().scalars(select(Note).where(Note.public_id == note_id)).one()
        assert note.redacted_at is not None
        current_session().rollback()

    assert "Carried out: 0 of 2" in run(app, "redactions", "apply", str(register))
    # What the machine says of itself afterwards is what was said before.
    again = json.loads(run(app, "redactions", "list", "--json"))
    before = json.loads(register.read_text(encoding="utf-8"))
    assert again["redactions"] == before["redactions"]


def test_two_redactions_of_one_text_are_applied_in_their_order(
    app: Flask, notes: Notes, database: Session, tmp_path: Path
) -> None:
    public_id = told(notes)
    old = saved(app, tmp_path / "old.tar")
    redact("note", public_id, notes.officer, notes.second, passage="In the shelter")
    between = saved(app, tmp_path / "between.tar")
    redact("note", public_id, notes.officer, notes.second)
    register = tmp_path / "register.json"
    register.write_text(run(app, "redactions", "list", "--json"), encoding="utf-8")
    published = notes.note(public_id).published
    assert published is not None
    wanted = published.women
    for source, count in ((old, 2), (between, 1)):
        restored(app, source)
        said = run(app, "redactions", "apply", str(register))
        assert f"Carried out: {count} of 2" in said
        published = notes.note(public_id).published
        assert published is not None
        assert published.women == wanted
        assert columns_with(current_session(), WORDS[1]) == []


def test_a_draft_that_was_another_one_then_loses_the_whole_field(
    app: Flask, notes: Notes, database: Session, tmp_path: Path
) -> None:
    public_id = told(notes)
    notes.do(_revised, public_id, notes.focal, texts={"women": f"Long ago {NAME} came."})
    old = saved(app, tmp_path / "old.tar")
    notes.do(_saved, public_id, notes.focal, texts={"women": f"{NAME} came."})
    redact("note", public_id, notes.officer, notes.second)
    register = tmp_path / "register.json"
    register.write_text(run(app, "redactions", "list", "--json"), encoding="utf-8")
    restored(app, old)
    run(app, "redactions", "apply", str(register))
    assert columns_with(current_session(), WORDS[1]) == []


def _revised(session: Session, *, texts: dict[str, str], **known: Any) -> None:
    service.revise(session, **known)
    session.flush()
    _saved(session, texts=texts, **known)


def _saved(session: Session, *, texts: dict[str, str], **known: Any) -> None:
    note = known["note"]
    said = content(texts={**TEXTS, **texts})
    service.save(session, content=said, seen=note.open.stamp, **known)


def test_a_request_that_waits_in_the_backup_is_carried_out_there(
    app: Flask, notes: Notes, database: Session, tmp_path: Path
) -> None:
    public_id = told(notes)
    made = ask("note", public_id, notes.officer)
    old = saved(app, tmp_path / "old.tar")
    confirm(made, notes.second)
    register = tmp_path / "register.json"
    register.write_text(run(app, "redactions", "list", "--json"), encoding="utf-8")
    restored(app, old)
    assert "redaction.passage" in columns_with(current_session(), WORDS[1])
    run(app, "redactions", "apply", str(register))
    assert columns_with(current_session(), WORDS[1]) == []


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1, "redactions": [{"id": 7}]}'])
def test_what_is_no_register_changes_nothing(
    app: Flask, notes: Notes, database: Session, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "register.json"
    file.write_text(text, encoding="utf-8")
    forgotten()
    answer = app.test_cli_runner().invoke(args=["redactions", "apply", str(file)])
    assert answer.exit_code == 1
    assert "no register" in answer.output
    assert current_session().scalar(select(Redaction.id)) is None


def test_the_list_says_where_and_never_what(app: Flask, notes: Notes, database: Session) -> None:
    public_id = told(notes)
    assert "Nothing was redacted." in run(app, "redactions", "list")
    made = redact("note", public_id, notes.officer, notes.second)
    said = run(app, "redactions", "list")
    assert public_id in said
    assert made in said
    assert "written anew" in run(app, "redactions", "erase")
