"""What notes quote from a document goes with the file that it was quoted from."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from policytrack.progress import service
from policytrack.progress.models import Evidence
from policytrack.progress.service import QuoteCommand
from tests.library.shelf import shelve
from tests.progress.scene import Scene as Notes
from tests.redaction.scene import NAME, WORDS, columns_with, redact

PAGES = ("Act on recruitment.", f"The fees were paid by {NAME}, who asked for them back.")


def test_a_quotation_is_empty_when_its_file_was_redacted(
    app: Flask, notes: Notes, database: Session
) -> None:
    act = shelve(text=PAGES, title="Act on recruitment")
    note = notes.start()
    said = QuoteCommand(document=act.public_id, file=act.file, page=2, quote=PAGES[1])
    notes.do(service.quote, note, notes.focal, command=said)
    notes.do(service.submit, note, notes.focal, people_protected=True)
    notes.do(service.take_up, note, notes.officer)
    notes.do(service.publish, note, notes.officer)
    assert "evidence.quote" in columns_with(database, WORDS[1])
    redact("document", act.public_id, notes.officer, notes.second)
    assert columns_with(database, WORDS[1]) == []
    quoted = database.query(Evidence).one()
    assert (quoted.quote, quoted.page) == ("", 2)
    page = app.test_client().get(f"/notes/{note}", headers={"Accept-Language": "en"})
    assert "This passage was redacted" in page.get_data(as_text=True)


def test_a_passage_of_a_quotation_takes_the_whole_of_it(notes: Notes, database: Session) -> None:
    act = shelve(text=PAGES, title="Act on recruitment")
    note = notes.start()
    said = QuoteCommand(document=act.public_id, file=act.file, page=2, quote=PAGES[1])
    notes.do(service.quote, note, notes.focal, command=said)
    notes.do(service.submit, note, notes.focal, people_protected=True)
    redact("note", note, notes.officer, notes.second)
    database.expire_all()
    assert database.query(Evidence).one().quote == ""
