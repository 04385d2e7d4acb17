"""Make the invented notes in all their states, as their service would have left them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from policytrack.core import changes
from policytrack.core.clock import end_of_day, start_of_day
from policytrack.core.review import Action, State
from policytrack.demonstration import people
from policytrack.demonstration.dates import ZONE
from policytrack.demonstration.stage import Stage, text
from policytrack.frameworks.models import Theme
from policytrack.library.models import LibraryFile, LibraryRevision, TextPage
from policytrack.library.passages import locate
from policytrack.places.models import Corridor, Country
from policytrack.progress.models import (
    Decision,
    Evidence,
    LatestWord,
    Note,
    NoteRevision,
    NoteTranslation,
    Reading,
)
from policytrack.progress.rules import PARTS, Split, complete_split
from policytrack.progress.targets import Subject, Target

Entry = Mapping[str, Any]
# How far into a revision's time each step falls, before some of it is spread at random.
_STEPS = {"created": 0.0, "submitted": 0.3, "taken_up": 0.5, "decided": 0.65, "retracted": 0.8}
_SPREAD = 0.15
# Which acts of officers a revision in a state has behind it.
_ACTS: Mapping[State, tuple[Action, ...]] = {
    State.IN_REVIEW: (Action.TAKE_UP,),
    State.RETURNED: (Action.TAKE_UP, Action.RETURN),
    State.PUBLISHED: (Action.TAKE_UP, Action.PUBLISH),
    State.SUPERSEDED: (Action.TAKE_UP, Action.PUBLISH),
    State.RETRACTED: (Action.TAKE_UP, Action.PUBLISH, Action.RETRACT),
}
_SUBMITTED = frozenset(_ACTS) | {State.SUBMITTED}
_WAS_PUBLISHED = frozenset({State.PUBLISHED, State.SUPERSEDED, State.RETRACTED})
_UNDER_WAY = frozenset({State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED})


@dataclass(frozen=True, slots=True)
class _Times:
    """Say when each step of a revision came."""

    begins: datetime
    length: timedelta
    spread: float

    def at(self, step: str) -> datetime:
        moment = self.begins + self.length * (_STEPS[step] + self.spread)
        return moment.replace(microsecond=0)


def add(stage: Stage, entry: Entry) -> Note:
    """Add a note with its revisions: those in `before`, oldest first, then the entry's own."""
    target = _target(stage, entry)
    subject = target.subject
    texts = [{**entry, **each} for each in (*entry.get("before", ()), {})]
    times = _times(stage, entry, len(texts))
    note = Note(
        public_id=stage.new_id(),
        key=target.key,
        round=target.round,
        constituent=target.constituent,
        commitment=subject.commitment,
        country_iso2=target.country_iso2,
        corridor=subject.corridor,
        theme=subject.theme,
        created_at=times[0].at("created"),
        demonstration=True,
    )
    stage.session.add(note)
    stage.session.flush()
    for number, (given, when) in enumerate(zip(texts, times, strict=True), start=1):
        revision = _revision(stage, note, given, number, when)
        _point(note, given, when, revision)
        stage.revisions.setdefault(note.id, []).append(revision)
    stage.session.flush()
    _tell(stage, note)
    return note


def _target(stage: Stage, entry: Entry) -> Target:
    session = stage.session
    return Target(
        round=stage.rounds[-entry.get("round", 0)],
        subject=Subject(
            commitment=stage.commitments[entry["on"]] if "on" in entry else None,
            country=session.get_one(Country, entry["country"]) if "country" in entry else None,
            corridor=stage.found(Corridor.code, [entry["corridor"]])[0]
            if "corridor" in entry
            else None,
            theme=session.get_one(Theme, entry["theme"]) if "theme" in entry else None,
        ),
        constituent=stage.bodies[entry["by"]],
    )


def _times(stage: Stage, entry: Entry, count: int) -> list[_Times]:
    """Spread the revisions of a note over its round, as far as that has come."""
    span = stage.calendar.round(-entry.get("round", 0))
    opens_at = start_of_day(span.opens_on, ZONE)
    ends_at = min(end_of_day(span.closes_on, ZONE), stage.calendar.now)
    begins = opens_at + (ends_at - opens_at) * stage.random.uniform(0.02, 0.45)
    length = (ends_at - begins) / count
    return [
        _Times(begins + length * turn, length, stage.random.uniform(0.0, _SPREAD))
        for turn in range(count)
    ]


def _revision(stage: Stage, note: Note, given: Entry, number: int, when: _Times) -> NoteRevision:
    state = State(given["state"])
    unchanged = bool(given.get("nothing_changed"))
    by_officer = bool(given.get("on_behalf"))
    submitted = state in _SUBMITTED
    published_at = when.at("submitted" if unchanged else "decided")
    revision = NoteRevision(
        public_id=stage.new_id(),
        note=note,
        number=number,
        state=state,
        version=stage.random.randint(1, 5),
        language=given["language"],
        nothing_changed=unchanged,
        claimed_status=given.get("status"),
        reversed=bool(given.get("reversed")),
        people_protected=submitted,
        on_behalf=by_officer,
        author_id=_author(stage, given),
        created_at=when.at("created"),
        saved_at=when.at("submitted") - timedelta(hours=3),
        submitted_at=when.at("submitted") if submitted else None,
        published_at=published_at if state in _WAS_PUBLISHED else None,
        **({} if unchanged else {part: text(given.get(part, "")) for part in PARTS}),
    )
    _fill(stage, revision, given, when)
    if not unchanged:
        _decide(stage, revision, given, when)
    stage.session.add(revision)
    stage.session.flush()
    return revision


def _author(stage: Stage, given: Entry) -> int | None:
    if given.get("on_behalf"):
        return stage.officer(0).id
    if "author" in given:
        return stage.users[f"{given['author']}@{people.DOMAIN}"].id
    focal_point = stage.focal_point(given["by"])
    return focal_point.id if focal_point else None


def _fill(stage: Stage, revision: NoteRevision, given: Entry, when: _Times) -> None:
    revision.readings = [_reading(revision.note, each) for each in given.get("readings", ())]
    revision.evidence = [
        Evidence(public_id=stage.new_id(), title=each["title"], url=each["url"])
        for each in given.get("links", ())
    ]
    if "file" in given:
        stored, name = stage.files[given["file"]]
        revision.evidence.append(
            Evidence(public_id=stage.new_id(), file=stored, file_name=name, title="")
        )
    revision.evidence += [_quotation(stage, each) for each in given.get("quotes", ())]
    revision.translations = [
        NoteTranslation(
            language=each["language"],
            kind=each.get("kind", "official"),
            author_id=revision.author_id,
            created_at=when.at("retracted"),
            **{part: text(each.get(part, "")) for part in PARTS},
        )
        for each in given.get("translation", ())
    ]


def _quotation(stage: Stage, given: Entry) -> Evidence:
    """Return a quotation from a document, or from the version that was replaced by the present."""
    file = stage.session.scalars(
        select(LibraryFile)
        .join(LibraryFile.revision)
        .where(LibraryRevision.document_id == stage.documents[given["document"]].id)
        .order_by(
            LibraryRevision.number.asc() if "earlier" in given else LibraryRevision.number.desc()
        )
    ).first()
    page = stage.session.get(TextPage, (file.file_id, given["page"])) if file else None
    span = locate(page.text, given["quote"]) if page else None
    if file is None or page is None or span is None:
        raise ValueError(f"this does not stand there: {given['quote']}")
    return Evidence(
        public_id=stage.new_id(),
        library_file=file,
        quote=page.text[slice(*span)],
        quote_language=page.language,
        page=page.number,
        quote_start=span[0],
        sha256=file.file.sha256,
    )


def _reading(note: Note, given: Entry) -> Reading:
    if note.commitment is None:
        raise ValueError("readings belong to a commitment's indicators")
    numbers = {
        name: Decimal(str(given[name])) if name in given else None
        for name in ("women", "men", "not_stated", "total")
    }
    split = complete_split(Split(**numbers))
    # A round asks where things stood when it opened.
    on = note.round.opens_on - timedelta(days=1)
    indicator = note.commitment.indicators[given.get("n", 0)]
    return Reading(indicator=indicator, on=on, total=split.total, **split.cells)


def _decide(stage: Stage, revision: NoteRevision, given: Entry, when: _Times) -> None:
    acts = _ACTS.get(State(revision.state), ())
    if not acts:
        return
    second = revision.on_behalf or stage.random.random() < 0.5
    officer = stage.officer(1 if second else 0)
    revision.reviewer_id = officer.id
    moments = {Action.TAKE_UP: "taken_up", Action.RETRACT: "retracted"}
    for act in acts:
        at = when.at(moments.get(act, "decided"))
        gives_reason = act in {Action.RETURN, Action.RETRACT}
        revision.decisions.append(
            Decision(
                action=act,
                officer_id=officer.id,
                at=at,
                reason=text(given["reason"]) if gives_reason else "",
                language=given.get("reason_language", "en") if gives_reason else "",
                internal_comment=text(given.get("internal", "")) if act is acts[-1] else "",
            )
        )
        if act in {Action.RETURN, Action.PUBLISH}:
            revision.decided_at = at


def _point(note: Note, given: Entry, when: _Times, revision: NoteRevision) -> None:
    """Let the note name its revision in force, and the one under way."""
    state = State(revision.state)
    note.open = revision if state in _UNDER_WAY else None
    if state is State.PUBLISHED:
        note.published = revision
    if state is State.RETRACTED:
        note.retracted_at = when.at("retracted")
        note.retraction_reason = text(given["reason"])
        note.retraction_language = given.get("reason_language", "en")


def _tell(stage: Stage, note: Note) -> None:
    changes.append(stage.session, "note", note.public_id)
    if note.country_iso2 is not None:
        changes.append(stage.session, "country", note.country_iso2)
    if note.corridor is not None:
        changes.append(stage.session, "corridor", note.corridor.code)


def keep_latest_words(stage: Stage, notes: list[Note]) -> None:
    """Write down what each organisation last said of each commitment."""
    latest: dict[tuple[int, int], NoteRevision] = {}
    for note in sorted(notes, key=lambda each: each.round.opens_on):
        if note.commitment_id is not None and note.published is not None:
            latest[note.commitment_id, note.constituent_id] = note.published
    for (commitment_id, constituent_id), revision in latest.items():
        stage.session.add(
            LatestWord(
                commitment_id=commitment_id,
                constituent_id=constituent_id,
                revision_id=revision.id,
                status=revision.claimed_status,
                heard_at=revision.published_at or revision.saved_at,
            )
        )
