"""Prepare one revision: its text in the right language, its readings with small counts hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from policytrack.core import languages
from policytrack.core.i18n import format_number
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language as present_language
from policytrack.core.redaction import MARK, file_said
from policytrack.core.review import State
from policytrack.core.text import excerpt
from policytrack.core.translations import Offer, preferred, same_language
from policytrack.progress import policy, rules
from policytrack.progress.models import Note, NoteRevision, NoteTranslation, Reading
from policytrack.progress.presenters.naming import Named, named
from policytrack.progress.presenters.quotations import Quotation, Reader, quotation
from policytrack.progress.words import CELL_WORDS, PART_HEADINGS

# Beyond so many characters a page shows the beginning of each part and leads to the rest: in the
# scripts of the region a character is three bytes, and a page has 100 kB.
LONG = 24_000
_BEGINNING = 1_500


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
    unit: str
    on: date
    cells: tuple[Cell, ...]

    @property
    def suppressed(self) -> bool:
        """Tell whether something is hidden."""
        return any(cell.hidden for cell in self.cells)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Hold a piece of evidence; `size` is in bytes, None for what is no file.

    `withheld`: a quotation from a document that this reader may not read; only that there is one
    is said. `public`: whether everybody reads what this reader does.

    What was redacted has no address; its title says so.
    """

    public_id: str
    title: str
    url: str
    is_file: bool
    kind: str
    size: int | None
    quotation: Quotation | None = None
    withheld: bool = False
    public: bool = True


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

    @property
    def hidden_quotations(self) -> int:
        """Return how many quotations not everybody reads."""
        return sum(not each.public for each in self.evidence)


def shown(split: rules.Split, *, counts_people: bool, insider: bool) -> rules.ShownSplit:
    """Return a reading as an actor may see it: own people and the office see every count."""
    if insider or not counts_people:
        return rules.ShownSplit(split, frozenset())
    return rules.suppress(split)


def reading_view(reading: Reading, *, insider: bool) -> ReadingView:
    """Return a reading with its numbers as words."""
    indicator = reading.indicator
    found = shown(reading.split, counts_people=indicator.counts_people, insider=insider)
    cells = tuple(
        Cell(
            key,
            str(CELL_WORDS[key]),
            cell_text(found, key),
            key in found.suppressed,
        )
        for key in CELL_WORDS
    )
    return ReadingView(
        indicator=named(indicator.labels),
        unit=indicator.unit_word,
        on=reading.on,
        cells=cells,
    )


def cell_value(found: rules.ShownSplit, key: str) -> Decimal | None:
    """Return a number of a reading, None where it is hidden or was not reported."""
    return found.split.total if key == "total" else found.split.cells[key]


def cell_text(found: rules.ShownSplit, key: str) -> str:
    """Return a number of a reading as words: itself, or why it is not there."""
    if key in found.suppressed:
        return _("not shown") if key == "total" else _("fewer than 5")
    value = cell_value(found, key)
    return _("not reported") if value is None else format_number(value)


def revision_view(
    note: Note,
    revision: NoteRevision,
    reader: Reader,
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
    spoken = wanted if wanted in known else present_language().code
    chosen = None if wanted == revision.language else preferred(revision.language, offers, spoken)
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
            (code, languages.name(code), address(note, revision, language=code))
            for code in sorted(known)
            if not same_language(code, tongue)
        ),
        readings=tuple(reading_view(each, insider=insider) for each in revision.readings),
        evidence=tuple(evidence_views(revision, reader)),
        at=revision.published_at or revision.submitted_at or revision.saved_at,
        is_public=is_public,
    )


def original_view(note: Note, revision: NoteRevision, reader: Reader) -> RevisionView:
    """Return a revision in its own words, whole, as its organisation and the office read it."""
    texts = tuple(
        Part(key, str(PART_HEADINGS[key]), text, revision.language)
        for key, text in revision.texts.items()
        if text
    )
    view = revision_view(note, revision, reader, insider=True, wanted=revision.language)
    return replace(view, parts=texts)


def version_numbers(revisions: Iterable[NoteRevision], *, insider: bool) -> Mapping[int, int]:
    """Return the number under which a reader knows each revision, by its id.

    Outsiders count what they may read: a gap would tell of a text that was returned or discarded.
    """
    ordered = sorted(revisions, key=lambda each: each.number)
    return {
        each.id: each.number if insider else place for place, each in enumerate(ordered, start=1)
    }


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


def address(note: Note, revision: NoteRevision, **values: str) -> str:
    """Return the address that shows a revision; the published one has the note's own."""
    named_in: dict[str, Any] = dict(values)
    if revision.id != note.published_id:
        named_in["revision"] = revision.public_id
    return url_for("progress.show", note_id=note.public_id, **named_in)


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
                more=address(note, revision, part=key, language=tongue) if cut else "",
            )
        )
    return tuple(found)


def evidence_views(revision: NoteRevision, reader: Reader) -> Iterable[EvidenceView]:
    """Yield a revision's evidence: links, files and quotations, as a reader may see them."""
    for each in revision.evidence:
        if each.file is not None and each.file.redacted_at is not None:
            said = file_said(each.file.redacted_at)
            yield EvidenceView(each.public_id, said, "", is_file=True, kind="", size=None)
        elif each.library_file is not None:
            found = quotation(each, reader)
            yield EvidenceView(
                public_id=each.public_id,
                title=found.words if found else _("A quotation from a document that is not public"),
                url=found.url if found else "",
                is_file=False,
                kind="",
                size=None,
                quotation=found,
                withheld=found is None,
                public=found is not None and found.public,
            )
        elif each.file is not None:
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
                title=each.title or each.url or MARK,
                url=each.url or "",
                is_file=False,
                kind="",
                size=None,
            )
