"""List published notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.constituents.presenters import group_words
from policytrack.constituents.words import full_name
from policytrack.core.i18n import language
from policytrack.core.text import excerpt
from policytrack.core.translations import Offer, preferred
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.presenters import subject_of


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Hold a published note in a list; `title` is its commitment's, or its theme."""

    url: str
    title: str
    title_language: str
    organisation: str
    group: str
    round: str
    status: str | None
    reversed: bool
    unchanged: bool
    at: datetime | None
    text: str
    text_language: str
    demonstration: bool


def note_lines(notes: Sequence[Note]) -> list[NoteLine]:
    """Return published notes as lists show them, in the reader's language where there is one."""
    return [_note_line(note, note.published) for note in notes if note.published is not None]


def _note_line(note: Note, revision: NoteRevision) -> NoteLine:
    reader = language().code
    subject = subject_of(note)
    offers = [Offer(each.language, each.kind, each.done) for each in revision.translations]
    chosen = preferred(revision.language, offers, reader)
    return NoteLine(
        url=url_for("progress.show", note_id=note.public_id),
        title=subject.name,
        title_language=subject.language,
        organisation=full_name(note.constituent),
        group=group_words().get(note.constituent.group, ""),
        round=note.round.name,
        status=revision.claimed_status,
        reversed=revision.reversed,
        unchanged=revision.nothing_changed,
        at=revision.published_at,
        text=excerpt(chosen.content if chosen else revision.done),
        text_language=chosen.language if chosen else revision.language,
        demonstration=note.demonstration,
    )
