"""What is redacted is nowhere: in no version, no table, no file; and nothing else is lost."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core import clock, files, outbox
from policytrack.core.audit import TrailEntry
from policytrack.core.db import transaction
from policytrack.core.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleViolation,
    StaleVersion,
)
from policytrack.core.files.models import StagedFile, StoredFile
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Actor
from policytrack.core.redaction import MARK
from policytrack.core.translations import Kind
from policytrack.demonstration.papers import pages
from policytrack.library import service as library_service
from policytrack.library.description import Attachment
from policytrack.library.models import (
    FileText,
    LibraryDocument,
    LibraryFile,
    LibraryRevision,
)
from policytrack.library.service.importing import Arrival, Wishes, take
from policytrack.operations.worker import handlers
from policytrack.progress import service as progress
from policytrack.progress.content import Link
from policytrack.progress.models import Evidence, Note, NoteRevision
from policytrack.progress.service.translating import TranslationCommand
from policytrack.redaction import queries
from policytrack.redaction.rules import State
from tests.factories import actor_for
from tests.library.scene import Scene as Library
from tests.library.scene import described
from tests.library.shelf import keep
from tests.progress.scene import TEXTS, content
from tests.progress.scene import Scene as Notes
from tests.redaction.scene import (
    NAME,
    WORDS,
    ask,
    columns_with,
    confirm,
    files_with,
    held,
    redact,
    refuse,
    work,
)

BROKEN = NAME.replace(" ", " \n ")
SAYING = {**TEXTS, "women": f"In the shelter {BROKEN} said that fees went on. {NAME}, 22."}
LINKS = (
    Link(f"Statement of {NAME}", "https://example.org/a"),
    Link("Her page", f"https://example.org/{quote(NAME)}?x=1"),
)


def told(notes: Notes) -> str:
    """Tell of a person in every place that a note has, over three versions, one discarded."""
    public_id = notes.in_review(texts=SAYING, links=LINKS)
    notes.do(
        progress.return_,
        public_id,
        notes.officer,
        reason=f"Who is {NAME}?",
        language="en",
        internal_comment=f"Ask about {BROKEN}.",
    )
    former = notes.note(public_id).open
    assert former is not None
    notes.do(
        progress.save, public_id, notes.focal, content=content(texts=SAYING), seen=former.stamp
    )
    notes.do(progress.submit, public_id, notes.focal, people_protected=True)
    notes.do(progress.take_up, public_id, notes.officer)
    notes.do(progress.publish, public_id, notes.officer)
    command = TranslationCommand(
        "fr", Kind.UNOFFICIAL, {**TEXTS, "done": f"Avec {NAME}, les frais sont interdits."}
    )
    notes.do(progress.translate, public_id, notes.focal, command=command)
    notes.do(progress.revise, public_id, notes.focal)
    notes.do(progress.discard, public_id, notes.focal)
    return public_id


def test_a_passage_goes_from_every_place_of_a_note(notes: Notes, database: Session) -> None:
    public_id = told(notes)
    assert len(columns_with(database, WORDS[1])) >= 6
    made = redact("note", public_id, notes.officer, notes.second)
    assert columns_with(database, WORDS[1]) == []
    assert columns_with(database, quote(NAME)) == []
    published = notes.note(public_id).published
    assert published is not None
    assert published.women == f"In the shelter {MARK} said that fees went on. {MARK}, 22."
    assert published.done == TEXTS["done"]
    states = set(database.scalars(select(NoteRevision.state)))
    assert states == {"returned", "published", "discarded"}
    done = held(database, made)
    assert (done.state, done.passage, done.files) == (State.DONE, "", [])
    assert {each["table"] for each in done.places} == {
        "note_revision",
        "note_translation",
        "decision",
        "evidence",
    }


def test_nothing_is_taken_out_before_a_second_officer_confirms(
    notes: Notes, database: Session
) -> None:
    public_id = told(notes)
    before = columns_with(database, WORDS[1])
    made = ask("note", public_id, notes.officer)
    assert columns_with(database, WORDS[1]) == sorted([*before, "redaction.passage"])
    with pytest.raises(NotPermitted):
        confirm(made, notes.officer)
    assert columns_with(database, WORDS[1]) == sorted([*before, "redaction.passage"])


@pytest.mark.parametrize("asker", [True, False])
def test_a_refusal_forgets_the_passage_and_changes_nothing(
    notes: Notes, database: Session, asker: bool
) -> None:
    public_id = told(notes)
    before = columns_with(database, WORDS[1])
    made = ask("note", public_id, notes.officer)
    if asker:
        refuse(made, notes.officer, reason="")
    else:
        with pytest.raises(InvalidInput):
            refuse(made, notes.second, reason="")
        refuse(made, notes.second)
    assert columns_with(database, WORDS[1]) == before
    assert held(database, made).state == State.REFUSED
    for decide in (confirm, refuse):
        with pytest.raises(StaleVersion):
            decide(made, notes.second)


def test_only_the_secretariat_redacts(notes: Notes) -> None:
    public_id = notes.published(texts=SAYING)
    made = ask("note", public_id, notes.officer)
    for name in ("focal", "contributor", "administrator", "researcher", "outsider"):
        actor = actor_for(notes.users[name])
        with pytest.raises(NotPermitted):
            ask("note", public_id, actor)
        with pytest.raises(NotPermitted):
            confirm(made, actor)
        with pytest.raises(NotPermitted):
            refuse(made, actor)


def test_what_officers_do_not_see_does_not_exist_for_them(notes: Notes) -> None:
    draft = notes.start(texts=SAYING)
    for kind, public_id in (("note", draft), ("document", draft), ("round", draft)):
        with pytest.raises(NotFound):
            ask(kind, public_id, notes.officer)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"passage": "abc"}, "passage"),
        ({"passage": " a\u200bb c "}, "passage"),
        ({"passage": ""}, "passage"),
        ({"passage": "x" * 20_001}, "passage"),
        ({"passage": NAME.lower()}, "passage"),
        ({"passage": "no such words"}, "passage"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 5_001}, "reason"),
        ({"reason": f"It is {BROKEN}"}, "reason"),
        ({"sentence": f"It is {NAME}"}, "sentence"),
        ({"sentence": "x" * 501}, "sentence"),
        ({"file_id": "nosuchfile"}, "passage"),
        ({"file_id": "nosuchfile", "passage": NAME}, "passage"),
    ],
)
def test_what_makes_no_sense_is_not_asked_for(
    notes: Notes, given: dict[str, str], field: str
) -> None:
    public_id = notes.published(texts=SAYING)
    with pytest.raises(InvalidInput) as problem:
        ask("note", public_id, notes.officer, **given)
    assert field in problem.value.fields


def test_the_same_is_asked_for_once(notes: Notes) -> None:
    public_id = notes.published(texts=SAYING)
    ask("note", public_id, notes.officer)
    with pytest.raises(RuleViolation):
        ask("note", public_id, notes.second, passage=BROKEN)


def test_a_version_that_came_after_the_request_is_redacted_too(
    notes: Notes, database: Session
) -> None:
    public_id = notes.published(texts=SAYING)
    made = ask("note", public_id, notes.officer)
    notes.do(progress.revise, public_id, notes.focal)
    confirm(made, notes.second)
    assert columns_with(database, WORDS[1]) == []
    draft = notes.note(public_id).open
    assert draft is not None
    assert MARK in draft.women


def test_nobody_saves_an_older_form_over_what_was_taken_out(notes: Notes) -> None:
    public_id = notes.published(texts=SAYING)
    draft = notes.do(progress.revise, public_id, notes.focal)
    stamp = draft.stamp
    redact("note", public_id, notes.officer, notes.second)
    with pytest.raises(StaleVersion):
        notes.do(progress.save, public_id, notes.focal, content=content(texts=SAYING), seen=stamp)


def test_a_request_whose_passage_is_gone_is_refused_not_confirmed(notes: Notes) -> None:
    public_id = notes.published(texts=SAYING)
    one = ask("note", public_id, notes.officer)
    other = ask("note", public_id, notes.officer, passage=NAME + ", 22")
    confirm(one, notes.second)
    with pytest.raises(RuleViolation):
        confirm(other, notes.second)
    refuse(other, notes.second)


def test_nothing_else_changes_what_was_submitted(notes: Notes) -> None:
    public_id = notes.published(texts=SAYING)
    redact("note", public_id, notes.officer, notes.second)
    with pytest.raises(RuntimeError), transaction() as session:
        revision = session.scalars(select(NoteRevision)).one()
        revision.women = revision.women.replace(MARK, "")


def test_the_page_says_so_and_the_trail_knows_who(notes: Notes, database: Session) -> None:
    public_id = notes.published(texts=SAYING)
    made = redact("note", public_id, notes.officer, notes.second)
    note = notes.note(public_id)
    assert note.redacted_at == held(database, made).decided_at
    assert (note.redaction_note, note.redaction_language) == ("A name was taken out.", "en")
    lines = database.scalars(
        select(TrailEntry).where(TrailEntry.action.startswith("redaction.")).order_by(TrailEntry.id)
    ).all()
    assert [(each.action, each.actor_id, each.public_id) for each in lines] == [
        ("redaction.ask", notes.officer.user_id, public_id),
        ("redaction.confirm", notes.second.user_id, public_id),
    ]
    assert lines[1].constituent_id == notes.ministry.id
    assert lines[1].details == {"redaction": made, "places": 2, "files": 0}


def test_a_redaction_without_a_sentence_leaves_the_one_before(notes: Notes) -> None:
    public_id = notes.published(texts=SAYING)
    redact("note", public_id, notes.officer, notes.second)
    first = notes.note(public_id).redacted_at
    redact("note", public_id, notes.officer, notes.second, passage="fees went on", sentence="")
    note = notes.note(public_id)
    assert note.redaction_note == "A name was taken out."
    assert note.redacted_at != first


def test_other_officers_are_written_to_and_the_mail_names_nothing(
    notes: Notes, database: Session
) -> None:
    made = ask("note", notes.published(texts=SAYING), notes.officer)
    mails = [
        item.payload
        for item in database.scalars(select(OutboxItem).where(OutboxItem.kind == "mail"))
        if item.payload["template"] == "redaction_asked"
    ]
    assert [each["to"] for each in mails] == [notes.users["second"].email]
    assert mails[0]["values"]["path"] == f"/redactions/{made}"


# Evidence and documents


def attached(notes: Notes, data: bytes, name: str = f"{NAME}.pdf") -> str:
    """Publish a note with a file, and return its public id."""
    accepted = files.inspect(data, name=name)
    files.lay_down(accepted)
    with transaction() as session:
        staged = files.stage(
            session,
            user_id=notes.focal.user_id or 0,
            accepted=accepted,
            name=accepted.name,
            now=clock.now(),
        ).public_id
    return notes.published(staged=(staged,))


PAPER = pages([f"Statement of {NAME}", "Second page"])


def shelved(library: Library, data: bytes = PAPER, text: tuple[str, ...] = (), **said: Any) -> str:
    """Publish a document with a file that was read, and return its public id."""
    accepted = files.inspect(data, name="statement.pdf", library=True)
    with transaction() as session:
        stored = files.store(session, accepted, clock.now())
        document = library_service.start(
            session,
            actor=library.actors["focal"],
            organisation=None or session.get(type(library.ministry), library.ministry.id),
            given=described(**said),
            attachments=[Attachment(stored, accepted.name, "a" * 64)],
            now=clock.now(),
        )
        public_id = document.public_id
    work()
    if text:
        with transaction() as session:
            keep(session, accepted.sha256, text)
    seen = library.stamp(public_id)
    library.do(library_service.submit, public_id, "focal", people_protected=True, seen=seen)
    library.do(library_service.take_up, public_id, "officer")
    library.do(library_service.publish, public_id, "officer")
    return public_id


def officers(library: Library) -> tuple[Actor, Actor]:
    return library.actors["officer"], library.actors["second"]


def test_a_file_that_holds_the_passage_goes_whole(
    app: Flask, library: Library, database: Session
) -> None:
    public_id = shelved(library, text=(f"Statement of {WORDS[0]}", f"{WORDS[1]} said", "the end"))
    sha256 = database.scalars(select(StoredFile.sha256)).one()
    assert files.service.folder().joinpath(sha256[:2], sha256).exists()
    made = redact("document", public_id, *officers(library))
    assert columns_with(database, WORDS[1]) == []
    assert files_with(app, WORDS[1], "files") == []
    assert not files.service.folder().joinpath(sha256[:2], sha256).exists()
    stored = database.scalars(select(StoredFile)).one()
    assert stored.redacted_at is not None
    assert database.scalar(select(FileText.file_id)) is None
    assert database.scalars(select(LibraryFile.name)).one() == ""
    assert held(database, made).files == [{"sha256": sha256, "sources": ["a" * 64]}]
    assert list(files.verify(database)) == []


def test_the_same_bytes_are_never_taken_again(
    app: Flask, library: Library, notes: Notes, database: Session
) -> None:
    public_id = shelved(library, text=(NAME,))
    redact("document", public_id, *officers(library))
    accepted = files.inspect(PAPER, name="again.pdf", library=True)
    with pytest.raises(RuleViolation):
        files.lay_down(accepted)
    with pytest.raises(RuleViolation), transaction() as session:
        files.store(session, accepted, clock.now())
    # As it was handed in, before its pictures were cleaned, it is known, too.
    other = files.inspect(pages(["Another page"]), name="other.pdf", library=True)
    with pytest.raises(RuleViolation), transaction() as session:
        files.stage(
            session,
            user_id=notes.focal.user_id or 0,
            accepted=other,
            name="other.pdf",
            now=clock.now(),
            source_sha256="a" * 64,
        )
    with pytest.raises(RuleViolation), transaction() as session:
        arrival = Arrival("a" * 64, other)
        take(session, arrivals=[arrival], wishes=Wishes(lambda said: said), now=clock.now())
    assert files_with(app, WORDS[1], "files") == []


def test_a_file_is_redacted_by_choice_wherever_the_same_content_is(
    app: Flask, library: Library, notes: Notes, database: Session
) -> None:
    noted = attached(notes, PAPER)
    public_id = shelved(library)
    with transaction() as session:
        stored = session.scalars(select(StoredFile)).one()
        session.add(
            StagedFile(
                user_id=notes.focal.user_id or 0,
                file=stored,
                file_name=f"{NAME}.pdf",
                created_at=clock.now(),
            )
        )
    file_id = database.scalars(select(LibraryFile.public_id)).one()
    database.rollback()
    redact("document", public_id, *officers(library), file_id=file_id)
    assert columns_with(database, WORDS[1]) == []
    assert files_with(app, WORDS[1], "files") == []
    evidence = database.scalars(select(Evidence)).one()
    assert (evidence.title, evidence.file_name) == ("", "")
    assert evidence.file is not None
    assert evidence.file.redacted_at is not None
    assert database.scalar(select(StagedFile.id)) is None
    assert notes.note(noted).redacted_at is None  # it was not about the note


def test_a_passage_goes_from_every_field_of_a_document(library: Library, database: Session) -> None:
    public_id = shelved(
        library,
        pages(["Nothing to see"]),
        title=f"What {NAME} told",
        summary=f"{NAME} told it.\n\n{BROKEN}",
        publisher=f"House of {NAME}",
        source_url=f"https://example.org/{quote(NAME)}",
        authors=({"family": WORDS[1], "given": WORDS[0]}, {"literal": f"Friends of {NAME}"}),
        practice={"contact": NAME, "lessons": f"Listen to {NAME}.", "outcomes": "Fees ended."},
    )
    with transaction() as session:
        document = session.scalars(select(LibraryDocument)).one()
        document.source_key = f"shelf:{NAME}"
    library.do(library_service.retract, public_id, "officer", reason=f"About {NAME}", language="en")
    redact("document", public_id, *officers(library))
    assert columns_with(database, WORDS[1]) == []
    assert columns_with(database, quote(NAME)) == []
    revision = database.scalars(select(LibraryRevision)).one()
    assert revision.title == f"What {MARK} told"
    assert revision.authors[1] == {"literal": f"Friends of {MARK}"}
    assert revision.source_url == ""
    assert revision.practice["lessons"] == f"Listen to {MARK}."
    assert revision.practice["outcomes"] == "Fees ended."
    assert database.scalars(select(StoredFile.redacted_at)).one() is None


def test_mail_that_waits_does_not_carry_it(library: Library, database: Session) -> None:
    public_id = library.submitted(title=f"What {NAME} told")
    assert "outbox_item.payload" in columns_with(database, NAME)
    made = ask("document", public_id, library.actors["officer"])
    confirm(made, library.actors["second"])
    assert columns_with(database, NAME) == []
    assert outbox.waiting(database, list(handlers()), clock.now())


def test_files_that_nobody_could_read_are_named_to_the_officers(
    notes: Notes, database: Session
) -> None:
    public_id = attached(notes, PAPER, "scan.pdf")
    with transaction() as session:
        note = session.scalars(select(Note)).one()
        note.retraction_reason = NAME
    now, actor = clock.now(), notes.officer
    about = queries.thing(database, actor, "note", public_id, now)
    found = queries.extent(database, actor, about, passage=NAME, file_id="", now=now)
    assert found.unread == ["scan.pdf"]
    assert [each.place.field for each in found.places] == ["retraction_reason"]
