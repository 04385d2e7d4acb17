"""Prepare what pages show of notes: frozen, in the reader's language, with small counts hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core import diff, languages
from policytrack.core.i18n import format_date, format_number, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language as present_language
from policytrack.core.permissions import Actor, Permission
from policytrack.core.text import excerpt
from policytrack.core.translations import Kind, Offer, preferred, same_language
from policytrack.progress import policy, rules
from policytrack.progress.models import (
    Decision,
    Note,
    NoteRevision,
    NoteTranslation,
    Reading,
)
from policytrack.progress.queries import Owed, Voice
from policytrack.progress.rules import Action, State
from policytrack.progress.targets import Target
from policytrack.progress.words import (
    CELL_WORDS,
    DECISION_WORDS,
    PART_HEADINGS,
    STATE_WORDS,
    STATUS_WORDS,
)

__all__ = ["STATUS_WORDS"]

# Beyond so many characters a page shows the beginning of each part and leads to the rest: in the
# scripts of the region a character is three bytes, and a page has 100 kB.
LONG = 24_000
_BEGINNING = 1_500


@dataclass(frozen=True, slots=True)
class Named:
    """Hold a name and the language it is in; `url` leads to the thing, where it has a page."""

    name: str
    language: str
    url: str = ""


def named(labels: Mapping[str, str], url: str = "") -> Named:
    """Return a label in the reader's language, or the nearest."""
    return Named(label(labels), label_language(labels), url)


# What a note is about


@dataclass(frozen=True, slots=True)
class Heading:
    """Hold what names a note: its subject, organisation and round."""

    note_id: str
    subject: Named
    code: str
    corridor: tuple[Named, Named] | None
    country: Named | None
    organisation: Named
    group: str
    round: str
    demonstration: bool

    @property
    def title(self) -> str:
        """Return the title of the note's page."""
        return _("Note on: %(subject)s", subject=self.subject.name)


def heading(note: Note) -> Heading:
    """Return what names a note."""
    corridor = note.corridor
    return Heading(
        note_id=note.public_id,
        subject=subject_of(note),
        code=note.commitment.address if note.commitment else "",
        corridor=(named(corridor.origin.labels), named(corridor.destination.labels))
        if corridor
        else None,
        country=named(note.country.labels, url_for("pages.country", iso2=note.country.iso2))
        if note.country
        else None,
        organisation=named(note.constituent.labels),
        group=note.constituent.group,
        round=note.round.name,
        demonstration=note.demonstration,
    )


def subject_of(note: Note) -> Named:
    """Return the commitment's title or the theme under which a place is reported on."""
    if note.commitment is not None:
        return commitment_title(note.commitment)
    place = url_for("pages.corridor", code=note.corridor.code) if note.corridor else ""
    if not place and note.country:
        place = url_for("pages.country", iso2=note.country.iso2)
    return named(note.theme.labels if note.theme else {}, place)


def commitment_title(commitment: Any) -> Named:
    """Return the title of a commitment in force, in the reader's language where there is one."""
    url = url_for("pages.commitment", address=commitment.address)
    text = commitment.in_force
    if text is None:
        return Named(commitment.address, "en", url)
    offers = [Offer(each.language, each.kind, each.title) for each in text.translations]
    chosen = preferred(text.language, offers, present_language().code)
    if chosen is not None:
        return Named(chosen.content, chosen.language, url)
    return Named(text.title, text.language, url)


# One revision


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one part of a text; `more` leads to the rest where only its beginning is shown."""

    key: str
    heading: str
    text: str
    language: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold one number of a reading as it is shown; `hidden` where it had to be suppressed."""

    key: str
    label: str
    text: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class ReadingView:
    """Hold a reading as the reader may see it."""

    indicator: Named
    indicator_id: str
    unit: str
    on: date
    cells: tuple[Cell, ...]

    @property
    def suppressed(self) -> bool:
        """Tell whether something is hidden."""
        return any(cell.hidden for cell in self.cells)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Hold a piece of evidence; `size` is in bytes, None for a link."""

    public_id: str
    title: str
    url: str
    is_file: bool
    kind: str
    size: int | None


@dataclass(frozen=True, slots=True)
class RevisionView:
    """Hold a revision as the reader gets it; `kind` is that of a translation, None for none."""

    public_id: str
    number: int
    state: str
    status: str | None
    reversed: bool
    nothing_changed: bool
    on_behalf: bool
    parts: tuple[Part, ...]
    language: str
    kind: str | None
    outdated: bool
    source_name: str
    source_language: str
    other_languages: tuple[tuple[str, str, str], ...]
    readings: tuple[ReadingView, ...]
    evidence: tuple[EvidenceView, ...]
    at: datetime
    is_public: bool


def shown(split: rules.Split, *, counts_people: bool, insider: bool) -> rules.ShownSplit:
    """Return a reading as an actor may see it: own people and the office see every count."""
    if insider or not counts_people:
        return rules.ShownSplit(split, frozenset())
    return rules.suppress(split)


def reading_view(reading: Reading, *, insider: bool) -> ReadingView:
    """Return a reading with its numbers as words."""
    indicator = reading.indicator
    found = shown(reading.split, counts_people=indicator.counts_people, insider=insider)
    values: dict[str, Decimal | None] = {**found.split.cells, "total": found.split.total}
    cells = tuple(
        Cell(
            key,
            str(CELL_WORDS[key]),
            _cell_text(key, value, found.suppressed),
            key in found.suppressed,
        )
        for key, value in values.items()
    )
    return ReadingView(
        indicator=named(indicator.labels),
        indicator_id=indicator.public_id,
        unit=indicator.unit,
        on=reading.on,
        cells=cells,
    )


def _cell_text(key: str, value: Decimal | None, suppressed: frozenset[str]) -> str:
    if key in suppressed:
        return _("not shown") if key == "total" else _("fewer than 5")
    if value is None:
        return _("not reported")
    return format_number(value.normalize() if value % 1 else int(value))


def revision_view(
    note: Note,
    revision: NoteRevision,
    *,
    insider: bool,
    older: Sequence[NoteRevision] = (),
    wanted: str = "",
    part: str = "",
) -> RevisionView:
    """Return a revision by the one fallback order, or in the language `wanted`.

    `older` are public revisions whose translations serve as outdated ones. `part` asks for one
    part of a long text in full.
    """
    offers = _offers(revision, older)
    known = {revision.language, *(offer.language for offer in offers)}
    reader = wanted if wanted in known else present_language().code
    chosen = None if wanted == revision.language else preferred(revision.language, offers, reader)
    texts = chosen.content.texts if chosen else revision.texts
    tongue = chosen.language if chosen else revision.language
    is_public = policy.revision_is_public(note, revision)
    return RevisionView(
        public_id=revision.public_id,
        number=revision.number,
        state=revision.state,
        status=revision.claimed_status,
        reversed=revision.reversed,
        nothing_changed=revision.nothing_changed,
        on_behalf=revision.on_behalf,
        parts=_parts(note, revision, texts, tongue, part),
        language=tongue,
        kind=chosen.kind if chosen else None,
        outdated=chosen.outdated if chosen else False,
        source_name=languages.name(revision.language),
        source_language=revision.language,
        other_languages=tuple(
            (code, languages.name(code), _address(note, revision, language=code))
            for code in sorted(known)
            if not same_language(code, tongue)
        ),
        readings=tuple(reading_view(each, insider=insider) for each in revision.readings),
        evidence=tuple(_evidence(revision)),
        at=revision.published_at or revision.submitted_at or revision.saved_at,
        is_public=is_public,
    )


def _offers(revision: NoteRevision, older: Sequence[NoteRevision]) -> list[Offer[NoteTranslation]]:
    found = [Offer(each.language, each.kind, each) for each in revision.translations]
    if revision.state == State.PUBLISHED:
        found += [
            Offer(each.language, each.kind, each, outdated=True)
            for former in older
            if former.state == State.SUPERSEDED
            for each in former.translations
        ]
    return found


def _address(note: Note, revision: NoteRevision, **values: str) -> str:
    named_in: dict[str, Any] = dict(values)
    if revision.id != note.published_id:
        named_in["revision"] = revision.public_id
    return url_for("progress.show", note_id=note.public_id, **named_in)


def _compare_address(note: Note, old: NoteRevision, new: NoteRevision, **values: str) -> str:
    named_in: dict[str, Any] = {"from": old.public_id, "to": new.public_id, **values}
    return url_for("progress.compare", note_id=note.public_id, **named_in)


def _parts(
    note: Note, revision: NoteRevision, texts: Mapping[str, str], tongue: str, part: str
) -> tuple[Part, ...]:
    long = sum(len(text) for text in texts.values()) > LONG
    found = []
    for key, text in texts.items():
        if not text or (part in texts and key != part):
            continue
        cut = long and part not in texts and len(text) > _BEGINNING
        found.append(
            Part(
                key=key,
                heading=str(PART_HEADINGS[key]),
                text=excerpt(text, _BEGINNING) if cut else text,
                language=tongue,
                more=_address(note, revision, part=key, language=tongue) if cut else "",
            )
        )
    return tuple(found)


def _evidence(revision: NoteRevision) -> Iterable[EvidenceView]:
    for each in revision.evidence:
        if each.file is not None:
            yield EvidenceView(
                public_id=each.public_id,
                title=each.title or each.file_name,
                url=url_for("progress.evidence", evidence_id=each.public_id),
                is_file=True,
                kind=each.file_name.rpartition(".")[2].upper(),
                size=each.file.size,
            )
        else:
            yield EvidenceView(
                public_id=each.public_id,
                title=each.title or each.url or "",
                url=each.url or "",
                is_file=False,
                kind="",
                size=None,
            )


# Two revisions side by side


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
    note: Note, old: NoteRevision, new: NoteRevision, *, insider: bool, part: str = ""
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
                more=_compare_address(note, old, new, part=key) if apart else "",
            )
        )
    return Comparison(
        old=old,
        new=new,
        parts=tuple(parts),
        values=tuple(_value_changes(old, new, insider=insider)),
        language=new.language,
    )


def _segments(before: str, after: str, *, apart: bool) -> Sequence[tuple[str, str]]:
    if apart or before == after:
        return ()
    return diff.diff_words(before, after)


def _value_changes(old: NoteRevision, new: NoteRevision, *, insider: bool) -> Iterable[ValueChange]:
    before, after = _values(old, insider=insider), _values(new, insider=insider)
    for heading_ in dict.fromkeys((*before, *after)):
        was, now = before.get(heading_, ""), after.get(heading_, "")
        if was != now:
            yield ValueChange(heading_, was or _("none"), now or _("none"))


def _values(revision: NoteRevision, *, insider: bool) -> dict[str, str]:
    found = {
        _("Status claimed"): str(STATUS_WORDS[revision.claimed_status]),
        _("Reversed"): _("yes") if revision.reversed else _("no"),
        _("Nothing has changed"): _("yes") if revision.nothing_changed else _("no"),
        _("Language of the text"): languages.name(revision.language),
        _("Evidence"): _("; ").join(each.title for each in _evidence(revision)),
    }
    for reading in revision.readings:
        view = reading_view(reading, insider=insider)
        cells = _("; ").join(f"{cell.label}: {cell.text}" for cell in view.cells)
        found[view.indicator.name] = f"{format_date(view.on)}: {cells}"
    return found


# The page


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
    insider: bool
    reviews: bool
    may_translate: bool
    may_print: bool = field(default=False)


def note_page(
    actor: Actor,
    note: Note,
    revisions: Sequence[NoteRevision],
    *,
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
    under_way = next((each for each in revisions if each.id == note.open_id), None)
    published = next((each for each in revisions if each.id == note.published_id), None)
    revision = next((each for each in revisions if each.public_id == chosen), None)
    # The office may read what was returned, though not the draft that takes it further.
    latest = next((each for each in revisions if note.retracted_at is None), None)
    revision = revision or under_way or published or latest
    compared = (
        comparison(note, published, under_way, insider=insider, part=part)
        if published and under_way and revision is under_way
        else None
    )
    return NotePage(
        heading=heading(note),
        revision=revision_view(
            note, revision, insider=insider, older=revisions, wanted=wanted, part=part
        )
        if revision
        else None,
        comparison=compared,
        published_url=_address(note, published) if published and revision is not published else "",
        open_url=_address(note, under_way) if under_way and revision is not under_way else "",
        reviewer=under_way.reviewer.name if under_way and under_way.reviewer and insider else "",
        returned=_returned(actor, note, revisions) if revision is under_way else None,
        history=_history(actor, note, revisions, revision),
        actions=_actions(actor, note, revision, until),
        lacking=tuple(str(each) for each in lacking.values()),
        until=until,
        retracted_at=note.retracted_at,
        retraction_reason=note.retraction_reason,
        retraction_language=note.retraction_language,
        insider=insider,
        reviews=actor.may(Permission.NOTE_REVIEW),
        may_translate=published is not None and policy.may_translate(actor, note),
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
            return _decision(actor, note, found[-1]) if found else None
    return None


def _history(
    actor: Actor,
    note: Note,
    revisions: Sequence[NoteRevision],
    current: NoteRevision | None,
) -> tuple[HistoryEntry, ...]:
    insider = policy.is_insider(actor, note)
    entries = []
    for revision, former in zip(revisions, [*revisions[1:], None], strict=False):
        entries.append(
            HistoryEntry(
                number=revision.number,
                state=revision.state,
                at=revision.published_at or revision.submitted_at or revision.saved_at,
                url=_address(note, revision),
                current=revision is current,
                author=revision.author.name if revision.author and insider else "",
                on_behalf=revision.on_behalf,
                compare=_compare_address(note, former, revision) if former else "",
                decisions=tuple(_decision(actor, note, each) for each in revision.decisions)
                if insider
                else (),
            )
        )
    return tuple(entries)


def _decision(actor: Actor, note: Note, decision: Decision) -> DecisionView:
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


# Voices


@dataclass(frozen=True, slots=True)
class VoiceItem:
    """Hold one entry of the voices component."""

    kind: str
    organisation: str
    organisation_url: str | None = None
    status: str | None = None
    stalled: bool = False
    reversed: bool = False
    excerpt: str = ""
    language: str = ""
    unchanged: bool = False
    date: datetime | None = None
    evidence_count: int = 0
    note_url: str = ""
    since: datetime | None = None
    asked: datetime | None = None
    last_url: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True)
class VoiceGroup:
    """Hold one group of the voices component; without items no organisation is listed."""

    key: str
    items: tuple[VoiceItem, ...]
    heading: str | None = None


def voice_groups(found: Mapping[Group, Sequence[Voice]]) -> list[VoiceGroup]:
    """Return the voices as the component takes them: nobody merged, nothing averaged."""
    return [
        VoiceGroup(group.value, tuple(_voice_item(voice) for voice in voices))
        for group, voices in found.items()
    ]


def _organisation(body: Constituent) -> str:
    name = label(body.labels)
    if body.country is None:
        return name
    return _("%(organisation)s, %(country)s", organisation=name, country=label(body.country.labels))


def _voice_item(voice: Voice) -> VoiceItem:
    organisation = _organisation(voice.constituent)
    revision = voice.revision
    url = url_for("progress.show", note_id=revision.note.public_id) if revision else ""
    if revision is None or voice.lapsed:
        # Who never spoke and whose time has passed is silent since it was asked: said once.
        return VoiceItem(
            kind="silent",
            organisation=organisation,
            since=voice.since,
            asked=voice.asked if voice.since != voice.asked else None,
            last_url=url,
            demo=voice.constituent.demonstration,
        )
    offers = [Offer(each.language, each.kind, each.done) for each in revision.translations]
    chosen = preferred(revision.language, offers, present_language().code)
    return VoiceItem(
        kind="spoken",
        organisation=organisation,
        status=revision.claimed_status,
        reversed=revision.reversed,
        excerpt=excerpt(chosen.content if chosen else revision.done),
        language=chosen.language if chosen else revision.language,
        unchanged=revision.nothing_changed,
        date=revision.published_at,
        evidence_count=voice.evidence_count,
        note_url=url,
        demo=revision.note.demonstration,
    )


def divergence(found: Mapping[Group, Sequence[Voice]]) -> str:
    """Return the sentence that says how groups differ, organisation by organisation; or nothing."""
    speaking = {
        group: [
            voice
            for voice in voices
            if voice.revision and voice.revision.claimed_status and not voice.lapsed
        ]
        for group, voices in found.items()
    }
    claims = {
        group.value: [str(voice.revision.claimed_status) for voice in voices if voice.revision]
        for group, voices in speaking.items()
    }
    if not rules.differing(claims):
        return ""
    by_status: dict[str, list[str]] = {}
    for voices in speaking.values():
        for voice in voices:
            if voice.revision and voice.revision.claimed_status:
                by_status.setdefault(voice.revision.claimed_status, []).append(
                    _organisation(voice.constituent)
                )
    between = _(", ")
    told = [
        _(
            "%(status)s (%(organisations)s)",
            status=str(STATUS_WORDS[status]),
            organisations=between.join(by_status[status]),
        )
        for status in rules.Status
        if status in by_status
    ]
    return _("The groups differ: %(claims)s.", claims=_("; ").join(told))


# Timeline


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Hold one entry of the timeline component."""

    at: datetime | None
    title: str
    language: str
    url: str
    text: str
    status: str | None


def timeline_entries(notes: Sequence[Note]) -> list[TimelineEntry]:
    """Return published notes as the component takes them."""
    return [
        TimelineEntry(
            at=note.published.published_at,
            title=_organisation(note.constituent),
            language=label_language(note.constituent.labels),
            url=url_for("progress.show", note_id=note.public_id),
            text=_("Nothing has changed.")
            if note.published.nothing_changed
            else _("Note of the round %(round)s", round=note.round.name),
            status=note.published.claimed_status,
        )
        for note in notes
        if note.published
    ]


def translator_kinds(actor: Actor, note: Note) -> list[Kind]:
    """Return the kinds of translation that an actor may add."""
    official = policy.may_translate(actor, note, officially=True)
    return [kind for kind in Kind if official or kind is not Kind.OFFICIAL]


# Lists and forms

QUEUED = rules.QUEUED_STATES


def group_words() -> dict[str, str]:
    """Return the words for the groups, in their order."""
    return {
        Group.GOVERNMENTS: _("Governments"),
        Group.EMPLOYERS: _("Employers"),
        Group.WORKERS: _("Workers"),
    }


@dataclass(frozen=True, slots=True)
class QueueRow:
    """Hold one row of the queue."""

    heading: Heading
    url: str
    state: str
    submitted_at: datetime | None
    reviewer: str
    revises: bool
    on_behalf: bool
    number: int


def queue_rows(revisions: Sequence[NoteRevision]) -> list[QueueRow]:
    """Return what waits for a decision as the queue shows it."""
    return [
        QueueRow(
            heading=heading(each.note),
            url=url_for("progress.show", note_id=each.note.public_id),
            state=each.state,
            submitted_at=each.submitted_at,
            reviewer=each.reviewer.name if each.reviewer else "",
            revises=each.note.published_id is not None,
            on_behalf=each.on_behalf,
            number=each.number,
        )
        for each in revisions
    ]


@dataclass(frozen=True, slots=True)
class OwedRow:
    """Hold one commitment to report on; `url` leads to its note, or begins it."""

    subject: Named
    code: str
    organisation: Named
    status: str | None
    reversed: bool
    heard_at: datetime | None
    state: str | None
    url: str


def owed_rows(items: Sequence[Owed]) -> list[OwedRow]:
    """Return what organisations owe as the home page shows it."""
    return [
        OwedRow(
            subject=commitment_title(each.commitment),
            code=each.commitment.address,
            organisation=named(each.constituent.labels),
            status=each.status,
            reversed=each.reversed,
            heard_at=each.heard_at,
            state=each.state,
            url=url_for("progress.show", note_id=each.note_id)
            if each.note_id
            else url_for(
                "progress.write",
                commitment=each.commitment.address,
                constituent=each.constituent.public_id,
            ),
        )
        for each in items
    ]


def original_view(note: Note, revision: NoteRevision) -> RevisionView:
    """Return a revision in its own words, whole, as its organisation and the office read it."""
    texts = tuple(
        Part(key, str(PART_HEADINGS[key]), text, revision.language)
        for key, text in revision.texts.items()
        if text
    )
    view = revision_view(note, revision, insider=True, wanted=revision.language)
    return replace(view, parts=texts)


def revision_choices(revisions: Iterable[NoteRevision]) -> list[tuple[str, str]]:
    """Return (public id, words) of revisions, to choose two of them."""
    return [
        (
            each.public_id,
            _("%(number)d: %(state)s", number=each.number, state=str(STATE_WORDS[each.state])),
        )
        for each in revisions
    ]


@dataclass(frozen=True, slots=True)
class Editor:
    """Hold what the form's page shows around the form.

    `newer` maps parts to what was saved in the meantime, where that differs from what was typed.
    """

    subject: Named
    code: str
    organisation: Named
    round: str
    closes_on: date
    action: str
    draft_key: str
    back: str
    evidence: tuple[EvidenceView, ...]
    returned: DecisionView | None
    newer: Mapping[str, str]
    newer_language: str
    newer_at: datetime | None
    stale: bool
    can_save: bool
    can_submit: bool
    on_behalf: bool


def editor(
    actor: Actor,
    note: Note | None,
    target: Target | None,
    newer: NoteRevision | None,
    typed: Mapping[str, str],
    now: datetime,
) -> Editor:
    """Return what stands around the form of a note, new (`target`) or begun (`note`)."""
    if note is None:
        assert target is not None  # noqa: S101 - the view gives one or the other
        return _new_editor(actor, target)
    revision = note.open
    subject = subject_of(note)
    return Editor(
        subject=subject,
        code=note.commitment.address if note.commitment else "",
        organisation=named(note.constituent.labels),
        round=note.round.name,
        closes_on=note.round.closes_on,
        action=url_for("progress.edit", note_id=note.public_id),
        draft_key=f"note:{note.public_id}",
        back=url_for("progress.show", note_id=note.public_id),
        evidence=tuple(each for each in _evidence(revision) if each.is_file) if revision else (),
        returned=_latest_return(actor, note),
        newer={key: text for key, text in newer.texts.items() if text != typed.get(key, "")}
        if newer
        else {},
        newer_language=newer.language if newer else "",
        newer_at=newer.saved_at if newer else None,
        stale=newer is not None,
        can_save=revision is not None and policy.can(actor, Action.SAVE, note, revision, until=now),
        can_submit=revision is not None and policy.may(actor, Action.SUBMIT, note, revision),
        on_behalf=revision.on_behalf if revision else False,
    )


def _new_editor(actor: Actor, target: Target) -> Editor:
    about = target.subject
    own = target.constituent.id in actor.own(Permission.NOTE_WRITE)
    if about.commitment is not None:
        subject = commitment_title(about.commitment)
    else:
        subject = named(about.theme.labels if about.theme else {})
    return Editor(
        subject=subject,
        code=about.commitment.address if about.commitment else "",
        organisation=named(target.constituent.labels),
        round=target.round.name,
        closes_on=target.round.closes_on,
        action=url_for(
            "progress.write",
            constituent=target.constituent.public_id,
            **dict[str, Any](about.arguments),
        ),
        draft_key=f"note:new:{target.key}",
        back=subject.url or url_for("pages.home"),
        evidence=(),
        returned=None,
        newer={},
        newer_language="",
        newer_at=None,
        stale=False,
        can_save=True,
        can_submit=not own or target.constituent.id in actor.own(Permission.NOTE_SUBMIT),
        on_behalf=not own,
    )


def _latest_return(actor: Actor, note: Note) -> DecisionView | None:
    if note.open is None or note.open.state != State.RETURNED:
        return None
    found = [each for each in note.open.decisions if each.action == Action.RETURN]
    return _decision(actor, note, found[-1]) if found else None
