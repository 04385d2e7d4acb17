"""Let something have been redacted, asked for, and refused: one of each, on invented texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from policytrack.core import files
from policytrack.core.files.models import RefusedFile, StoredFile
from policytrack.core.redaction import Found, Passage, find, table_of, without
from policytrack.core.review import State as Review
from policytrack.demonstration.stage import Stage
from policytrack.library.models import LibraryDocument, LibraryFile
from policytrack.progress.models import Evidence, Note, NoteRevision
from policytrack.redaction import shelves
from policytrack.redaction.models import Redaction
from policytrack.redaction.rules import State, Target

# The document whose file is taken out.
_EMPTIED = "return-talks"
# How many words are taken out, from the third on.
_WORDS = slice(2, 6)
_DAY = timedelta(days=1)


def add(stage: Stage, notes: Iterable[Note]) -> None:
    """Add a redaction of words and one of a file, one that waits, and one that was refused."""
    done, refused = _told_once(stage, notes)
    _carry_out(stage, *done)
    _take_file(stage, stage.documents[_EMPTIED])
    note, words, _found = refused
    stage.session.add_all(
        (
            _asked(
                stage,
                "note",
                note.public_id,
                9,
                state=State.REFUSED,
                reason=f"The sentence on “{words.split()[0]}…” may point at a person.",
                refusal="It names an office, not a person.",
            ),
            _waiting(stage),
        )
    )
    stage.session.flush()


def _told_once(
    stage: Stage, notes: Iterable[Note]
) -> tuple[tuple[Note, str, Found], tuple[Note, str, Found]]:
    """Return two notes with words that stand in one place of them only."""
    found = _once(stage.session, notes)
    return next(found), next(found)


def _once(session: Session, notes: Iterable[Note]) -> Iterator[tuple[Note, str, Found]]:
    for note in notes:
        text = note.published
        if text is None or text.language != "en" or text.state != Review.PUBLISHED:
            continue
        words = " ".join(text.obstacles.split()[_WORDS])
        if len(words) < 12:
            continue
        places = find(session, shelves.everywhere("note"), note.public_id, Passage(words))
        if len(places) == 1:
            yield note, words, places[0]


def _carry_out(stage: Stage, note: Note, words: str, found: Found) -> None:
    session, revision = stage.session, note.published
    if revision is None:
        return
    redaction = _asked(
        stage,
        "note",
        note.public_id,
        20,
        state=State.DONE,
        reason="A person could be recognised by her village.",
        sentence="A place was taken out, so that nobody can be recognised.",
        language="en",
        places=[found.place.data()],
    )
    table = table_of(NoteRevision)
    changed = without(revision.obstacles, Passage(words).spans(revision.obstacles))
    session.execute(
        update(table).where(table.c.id == revision.id).values({found.place.field: changed})
    )
    session.expire(revision, [found.place.field])
    note.redacted_at = redaction.decided_at
    note.redaction_note, note.redaction_language = redaction.sentence, redaction.language
    session.add(redaction)


def _take_file(stage: Stage, document: LibraryDocument) -> None:
    """Take the file of a document out; nothing but its tombstone is left of it."""
    session, text = stage.session, document.published
    if text is None:
        return
    (file,) = text.files
    stored, sources = file.file, {file.source_sha256}
    redaction = _asked(
        stage,
        "document",
        document.public_id,
        12,
        target=Target.FILE,
        file_id=file.public_id,
        state=State.DONE,
        reason="A photograph on its first page showed faces.",
        sentence="The file was taken out: persons could be recognised in a photograph.",
        language="en",
        files=[{"sha256": stored.sha256, "sources": sorted(sources - {stored.sha256})}],
    )
    at = redaction.decided_at or stage.calendar.now
    for each in shelves.FEATURES:
        each.empty(session, stored)
    files.withhold(session, stored, sources=sources, now=at)
    files.erase(session, stored.sha256)
    document.redacted_at = at
    document.redaction_note, document.redaction_language = redaction.sentence, redaction.language
    session.add(redaction)
    session.flush()
    session.expire(file)


def hashes(session: Session) -> Collection[str]:
    """Return the hashes of the invented contents that were taken out, and are refused since."""
    rows = session.scalars(select(Redaction.files).where(Redaction.demonstration))
    found = [each for row in rows for each in row]
    return {sha256 for each in found for sha256 in (each["sha256"], *each["sources"])}


def forget(session: Session, gone: Collection[str]) -> None:
    """Refuse contents that were taken out no more, but for those that something real names."""
    for names in (LibraryFile.file_id, Evidence.file_id):
        named = select(StoredFile.sha256).join(names.class_, names == StoredFile.id)
        gone = set(gone) - set(session.scalars(named.where(StoredFile.sha256.in_(gone))))
    session.execute(delete(RefusedFile).where(RefusedFile.sha256.in_(gone)))


def _waiting(stage: Stage) -> Redaction:
    document = next(each for each in stage.documents.values() if _readable(each))
    text = document.published.summary if document.published else ""
    return _asked(
        stage,
        "document",
        document.public_id,
        1,
        # The first sentence says that all of it is invented.
        passage=" ".join(text.split(". ", 1)[-1].split()[_WORDS]),
        reason="These words may let a reader find the family.",
        sentence="A sentence was taken out to protect a person.",
        language="en",
    )


def _readable(document: LibraryDocument) -> bool:
    text = document.published
    return text is not None and text.language == "en" and len(text.summary.split()) > 12


def _asked(stage: Stage, kind: str, thing_id: str, days: int, **overrides: object) -> Redaction:
    """Return what the first officer asked for so many days ago; the second decides a day later."""
    at = stage.calendar.now - days * _DAY
    decided = overrides.get("state", State.WAITING) != State.WAITING
    return Redaction(
        **{
            "public_id": stage.new_id(),
            "kind": kind,
            "thing_id": thing_id,
            "target": Target.PASSAGE,
            "asked_by_id": stage.officer(0).id,
            "asked_at": at,
            "decided_by_id": stage.officer(1).id if decided else None,
            "decided_at": at + _DAY if decided else None,
            "demonstration": True,
            **overrides,
        }
    )
