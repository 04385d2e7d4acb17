"""What the worker does for the library after the commit."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core import files, outbox
from policytrack.core.changes import Change
from policytrack.core.db import transaction
from policytrack.core.files.models import StoredFile
from policytrack.core.outbox import OutboxItem, work_one
from policytrack.demonstration.papers import pages
from policytrack.library import service
from policytrack.library.later import read
from policytrack.library.models import FileText, TextPage
from policytrack.library.reading import Kind, Origin, Outcome, PageText, Reading, Unit
from policytrack.library.service.keeping import READ
from tests.factories import NOW, make_document

FIRST = "The employer pays the fees of recruitment and all that goes with it."
SECOND = "The worker has a weekly rest of twenty-four hours in a row."


def _handed_in(session: Session) -> str:
    accepted = files.inspect(pages([FIRST, SECOND]), name="act.pdf", library=True)
    document = make_document(files=[accepted])
    with transaction() as session:
        outbox.enqueue(
            session, READ, {"sha256": accepted.sha256}, key=f"read:{accepted.sha256}", now=NOW
        )
    return document.public_id


def test_the_worker_reads_a_file_page_by_page(app: Flask, database: Session) -> None:
    public_id = _handed_in(database)
    before = database.scalars(select(Change.seq).where(Change.public_id == public_id)).all()
    assert work_one({READ: read}, NOW)
    database.rollback()
    text = database.scalars(select(FileText)).one()
    assert (text.outcome, text.unit, text.pages, text.language) == ("read", "page", 2, "en")
    found = database.execute(select(TextPage.number, TextPage.text).order_by(TextPage.number))
    assert [tuple(row) for row in found] == [(1, FIRST), (2, SECOND)]
    after = database.scalars(select(Change.seq).where(Change.public_id == public_id)).all()
    assert len(after) == len(before) + 1
    assert database.scalars(select(OutboxItem.done_at)).one() is not None


def test_a_file_that_is_gone_or_known_is_left(app: Flask, database: Session) -> None:
    _handed_in(database)
    read({"sha256": "0" * 64}, "")
    stored = database.scalars(select(StoredFile)).one()
    known = Reading(Outcome.NO_TEXT, Kind.PDF, unit=Unit.PAGE)
    with transaction() as session:
        service.keep_text(session, session.get_one(StoredFile, stored.id), known, NOW)
    assert work_one({READ: read}, NOW)
    assert database.scalars(select(FileText.outcome)).one() == "no_text"


def test_a_later_reading_takes_the_place_of_an_earlier_one(database: Session) -> None:
    _handed_in(database)
    for number, words in enumerate((("a", "b", "c"), ("d",)), start=1):
        reading = Reading(
            Outcome.READ,
            Kind.PDF,
            unit=Unit.PAGE,
            pages=tuple(
                PageText(at, word, Origin.LAYER, "en") for at, word in enumerate(words, start=1)
            ),
            language="en-GB",
            title="T" * 900,
        )
        with transaction() as session:
            stored = session.scalars(select(StoredFile)).one()
            text = service.keep_text(session, stored, reading, NOW + timedelta(days=number))
        assert (text.pages, text.language, len(text.title)) == (len(words), "en", 500)
    assert database.scalars(select(TextPage.text)).all() == ["d"]


def test_the_text_goes_with_its_content(database: Session) -> None:
    accepted = files.inspect(pages([FIRST]), name="act.pdf", library=True)
    reading = Reading(
        Outcome.READ, Kind.PDF, pages=(PageText(1, FIRST, Origin.LAYER, "en"),), language="en"
    )
    with transaction() as session:
        stored = files.store(session, accepted, NOW)
        service.keep_text(session, stored, reading, NOW)
    with transaction() as session:
        assert files.sweep(session, now=NOW + timedelta(days=8)) == 1
    assert database.scalars(select(TextPage)).all() == []
    assert database.scalars(select(FileText)).all() == []
