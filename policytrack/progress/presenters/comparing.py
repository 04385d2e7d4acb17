"""Lay two revisions over each other, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.core import diff, languages
from policytrack.core.i18n import format_date
from policytrack.core.i18n import gettext as _
from policytrack.progress import rules
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.presenters.quotations import Reader
from policytrack.progress.presenters.revisions import LONG, evidence_views, reading_view
from policytrack.progress.words import PART_HEADINGS, STATE_WORDS, STATUS_WORDS


@dataclass(frozen=True, slots=True)
class PartChange:
    """Hold a part laid over its former wording; `more` leads to a long one."""

    key: str
    heading: str
    segments: Sequence[tuple[str, str]]
    same: bool
    more: str = ""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """Hold a value before and after, as words."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold what changed from one revision to another."""

    old: NoteRevision
    new: NoteRevision
    parts: tuple[PartChange, ...]
    values: tuple[ValueChange, ...]
    language: str

    @property
    def same(self) -> bool:
        """Tell whether nothing changed."""
        return not self.values and all(part.same for part in self.parts)


def comparison(
    note: Note,
    old: NoteRevision,
    new: NoteRevision,
    reader: Reader,
    *,
    insider: bool,
    part: str = "",
) -> Comparison:
    """Return what changed, word by word; long texts by part, each at its own address."""
    long = sum(len(each) for each in (*old.texts.values(), *new.texts.values())) > 2 * LONG
    parts = []
    for key in rules.PARTS:
        before, after = old.texts[key], new.texts[key]
        if not (before or after) or (part in rules.PARTS and key != part):
            continue
        apart = long and part not in rules.PARTS and before != after
        parts.append(
            PartChange(
                key=key,
                heading=str(PART_HEADINGS[key]),
                segments=_segments(before, after, apart=apart),
                same=before == after,
                more=compare_address(note, old, new, part=key) if apart else "",
            )
        )
    return Comparison(
        old=old,
        new=new,
        parts=tuple(parts),
        values=tuple(_value_changes(old, new, reader, insider=insider)),
        language=new.language,
    )


def compare_address(note: Note, old: NoteRevision, new: NoteRevision, **values: str) -> str:
    """Return the address that compares two revisions."""
    named_in: dict[str, Any] = {"from": old.public_id, "to": new.public_id, **values}
    return url_for("progress.compare", note_id=note.public_id, **named_in)


def _segments(before: str, after: str, *, apart: bool) -> Sequence[tuple[str, str]]:
    if apart or before == after:
        return ()
    return diff.diff_words(before, after)


def _value_changes(
    old: NoteRevision, new: NoteRevision, reader: Reader, *, insider: bool
) -> Iterable[ValueChange]:
    before = _values(old, reader, insider=insider)
    after = _values(new, reader, insider=insider)
    for heading_ in dict.fromkeys((*before, *after)):
        was, now = before.get(heading_, ""), after.get(heading_, "")
        if was != now:
            yield ValueChange(heading_, was or _("none"), now or _("none"))


def _values(revision: NoteRevision, reader: Reader, *, insider: bool) -> dict[str, str]:
    found = {
        _("Status claimed"): str(STATUS_WORDS[revision.claimed_status]),
        _("Reversed"): _("yes") if revision.reversed else _("no"),
        _("Nothing has changed"): _("yes") if revision.nothing_changed else _("no"),
        _("Language of the text"): languages.name(revision.language),
        _("Evidence"): _("; ").join(each.title for each in evidence_views(revision, reader)),
    }
    for reading in revision.readings:
        view = reading_view(reading, insider=insider)
        cells = _("; ").join(f"{cell.label}: {cell.text}" for cell in view.cells)
        found[view.indicator.name] = f"{format_date(view.on)}: {cells}"
    return found


def revision_choices(
    revisions: Iterable[NoteRevision], numbers: Mapping[int, int]
) -> list[tuple[str, str]]:
    """Return (public id, words) of revisions, to choose two of them."""
    return [
        (
            each.public_id,
            _("%(number)d: %(state)s", number=numbers[each.id], state=str(STATE_WORDS[each.state])),
        )
        for each in revisions
    ]
