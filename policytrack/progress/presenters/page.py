"""Prepare the page of a note for one reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from policytrack.core.permissions import Actor, Permission
from policytrack.core.review import Action, State
from policytrack.core.translations import Kind
from policytrack.progress import policy
from policytrack.progress.models import Decision, Note, NoteRevision
from policytrack.progress.presenters.comparing import Comparison, compare_address, comparison
from policytrack.progress.presenters.naming import Heading, heading
from policytrack.progress.presenters.quotations import Reader
from policytrack.progress.presenters.revisions import (
    RevisionView,
    address,
    revision_view,
    version_numbers,
)
from policytrack.progress.words import DECISION_WORDS


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Hold a decision; `officer` and `comment` are empty for who may not read them."""

    action: str
    word: str
    at: datetime
    officer: str
    reason: str
    language: str
    comment: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Hold one revision in the list of them; `compare` leads to what it changed."""

    number: int
    state: str
    at: datetime
    url: str
    current: bool
    author: str
    on_behalf: bool
    compare: str
    decisions: tuple[DecisionView, ...]


@dataclass(frozen=True, slots=True)
class NotePage:
    """Hold everything that the page of a note shows to one reader."""

    heading: Heading
    revision: RevisionView | None
    comparison: Comparison | None
    published_url: str
    open_url: str
    reviewer: str
    returned: DecisionView | None
    history: tuple[HistoryEntry, ...]
    actions: frozenset[str]
    lacking: tuple[str, ...]
    until: datetime | None
    retracted_at: datetime | None
    retraction_reason: str
    retraction_language: str
    reviews: bool
    may_translate: bool
    redacted_at: datetime | None
    redaction_note: str
    redaction_language: str
    may_print: bool = field(default=False)


def note_page(
    actor: Actor,
    note: Note,
    revisions: Sequence[NoteRevision],
    *,
    now: datetime,
    until: datetime | None,
    lacking: Mapping[str, object],
    chosen: str = "",
    wanted: str = "",
    part: str = "",
) -> NotePage:
    """Return a note as an actor gets it.

    `revisions` are those that the actor may read, newest first. `chosen` names one of them; else
    those who may read it get the one under way, everybody else the published one.
    """
    insider = policy.is_insider(actor, note)
    reader = Reader(actor, now)
    under_way = next((each for each in revisions if each.id == note.open_id), None)
    published = next((each for each in revisions if each.id == note.published_id), None)
    revision = next((each for each in revisions if each.public_id == chosen), None)
    # The office may read what was returned, though not the draft that takes it further.
    latest = next((each for each in revisions if note.retracted_at is None), None)
    revision = revision or under_way or published or latest
    compared = (
        comparison(note, published, under_way, reader, insider=insider, part=part)
        if published and under_way and revision is under_way
        else None
    )
    return NotePage(
        heading=heading(note),
        revision=revision_view(
            note, revision, reader, insider=insider, older=revisions, wanted=wanted, part=part
        )
        if revision
        else None,
        comparison=compared,
        published_url=address(note, published) if published and revision is not published else "",
        open_url=address(note, under_way) if under_way and revision is not under_way else "",
        reviewer=under_way.reviewer.name if under_way and under_way.reviewer and insider else "",
        returned=_returned(actor, note, revisions) if revision is under_way else None,
        history=_history(actor, note, revisions, revision),
        actions=_actions(actor, note, revision, until),
        lacking=tuple(str(each) for each in lacking.values()),
        until=until,
        retracted_at=note.retracted_at,
        retraction_reason=note.retraction_reason,
        retraction_language=note.retraction_language,
        reviews=actor.may(Permission.NOTE_REVIEW),
        may_translate=published is not None and policy.may_translate(actor, note),
        redacted_at=note.redacted_at,
        redaction_note=note.redaction_note,
        redaction_language=note.redaction_language,
        may_print=insider and revision is not None,
    )


def _actions(
    actor: Actor, note: Note, revision: NoteRevision | None, until: datetime | None
) -> frozenset[str]:
    if revision is None or revision.id not in {note.open_id, note.published_id}:
        return frozenset()
    return frozenset(
        action.value for action in Action if policy.can(actor, action, note, revision, until=until)
    )


def _returned(actor: Actor, note: Note, revisions: Sequence[NoteRevision]) -> DecisionView | None:
    """Return the last return, while the text is being put right."""
    if note.open is None or note.open.state not in {State.RETURNED, State.DRAFT}:
        return None
    for revision in revisions:
        if revision.state == State.PUBLISHED:
            break
        if revision.state == State.RETURNED:
            found = [each for each in revision.decisions if each.action == Action.RETURN]
            return decision_view(actor, note, found[-1]) if found else None
    return None


def _history(
    actor: Actor,
    note: Note,
    revisions: Sequence[NoteRevision],
    current: NoteRevision | None,
) -> tuple[HistoryEntry, ...]:
    insider = policy.is_insider(actor, note)
    numbers = version_numbers(revisions, insider=insider)
    entries = []
    for revision, former in zip(revisions, [*revisions[1:], None], strict=False):
        entries.append(
            HistoryEntry(
                number=numbers[revision.id],
                state=revision.state,
                at=revision.published_at or revision.submitted_at or revision.saved_at,
                url=address(note, revision),
                current=revision is current,
                author=revision.author.name if revision.author and insider else "",
                on_behalf=revision.on_behalf,
                compare=compare_address(note, former, revision) if former else "",
                decisions=tuple(decision_view(actor, note, each) for each in revision.decisions)
                if insider
                else (),
            )
        )
    return tuple(entries)


def decision_view(actor: Actor, note: Note, decision: Decision) -> DecisionView:
    """Return a decision with the name and the comment for those who may read them."""
    reviews = actor.may(Permission.NOTE_REVIEW)
    insider = policy.is_insider(actor, note)
    return DecisionView(
        action=decision.action,
        word=str(DECISION_WORDS.get(decision.action, decision.action)),
        at=decision.at,
        officer=decision.officer.name if decision.officer and insider else "",
        reason=decision.reason,
        language=decision.language,
        comment=decision.internal_comment if reviews else "",
    )


def translator_kinds(actor: Actor, note: Note) -> list[Kind]:
    """Return the kinds of translation that an actor may add."""
    official = policy.may_translate(actor, note, officially=True)
    return [kind for kind in Kind if official or kind is not Kind.OFFICIAL]
