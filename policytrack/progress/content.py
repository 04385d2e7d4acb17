"""Hold what a person writes into a note, and put it into a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from policytrack.commitments.models import Commitment, Indicator
from policytrack.core import languages
from policytrack.core.errors import InvalidInput, RuleViolation
from policytrack.core.files.models import StoredFile
from policytrack.core.i18n import lazy_gettext as _
from policytrack.progress import rules
from policytrack.progress.models import Evidence, NoteRevision, Reading
from policytrack.progress.rules import Split


@dataclass(frozen=True, slots=True)
class ReadingInput:
    """Hold a reading of one indicator."""

    indicator_id: str
    on: date
    split: Split


@dataclass(frozen=True, slots=True)
class Link:
    """Hold an address given as evidence."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Hold a file that was claimed for this note."""

    file: StoredFile
    name: str


@dataclass(frozen=True, slots=True)
class Content:
    """Hold all that a note says: it replaces what a draft said before.

    `readings` name their indicators by public id. `staged` are public ids of files waiting to be
    claimed, `removed` of evidence that goes; files and quotations not named stay.
    """

    language: str
    texts: Mapping[str, str]
    claimed_status: str | None = None
    reversed: bool = False
    nothing_changed: bool = False
    readings: tuple[ReadingInput, ...] = ()
    links: tuple[Link, ...] = ()
    staged: tuple[str, ...] = ()
    removed: frozenset[str] = field(default_factory=frozenset)


def check(content: Content, indicators: Mapping[str, Indicator], now: datetime) -> None:
    """Raise `InvalidInput` for what no draft may hold, however unfinished it is."""
    problems: dict[str, object] = {}
    if content.language not in languages.CONTENT:
        problems["language"] = _("Choose a language from the list.")
    for part, text in content.texts.items():
        if part not in rules.PARTS or len(text) > rules.PART_LENGTH:
            problems[part] = _(
                "This is longer than %(max)d characters; please shorten it.", max=rules.PART_LENGTH
            )
    if content.claimed_status is not None and content.claimed_status not in list(rules.Status):
        problems["claimed_status"] = _("Choose a status from the list.")
    if len(content.links) > rules.LINKS:
        problems["links"] = _("A note carries up to %(max)d links.", max=rules.LINKS)
    for reading in content.readings:
        problem = reading_problem(reading, indicators.get(reading.indicator_id), now)
        if problem is not None:
            problems[f"reading_{reading.indicator_id}"] = problem
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)


def reading_problem(reading: ReadingInput, indicator: Indicator | None, now: datetime) -> object:
    """Return what is wrong with a reading, as a sentence; None where it can stand."""
    if indicator is None:
        return _("This indicator does not belong to the commitment.")
    # Somewhere on earth it is tomorrow already.
    if not rules.EARLIEST_READING <= reading.on <= (now + timedelta(days=1)).date():
        return _("A reading has a date from 2000 on that is not in the future.")
    given = (*reading.split.cells.values(), reading.split.total)
    if indicator.counts_people and any(each is not None and each % 1 for each in given):
        return _("People are counted in whole numbers.")
    try:
        rules.complete_split(reading.split)
    except RuleViolation as disagreement:
        return disagreement.message
    return None


def indicators_of(commitment: Commitment | None) -> dict[str, Indicator]:
    """Return the indicators that a note on the commitment can read, by public id."""
    return {each.public_id: each for each in commitment.indicators} if commitment else {}


def put(
    session: Session,
    revision: NoteRevision,
    content: Content,
    indicators: Mapping[str, Indicator],
    attachments: Sequence[Attachment],
) -> list[str]:
    """Put content into a draft and return the names of the fields that changed."""
    changed = [part for part in rules.PARTS if getattr(revision, part) != content.texts.get(part)]
    for part in changed:
        setattr(revision, part, content.texts.get(part, ""))
    for name in ("language", "claimed_status", "reversed", "nothing_changed"):
        if getattr(revision, name) != getattr(content, name):
            setattr(revision, name, getattr(content, name))
            changed.append(name)
    if _put_readings(revision, content, indicators):
        changed.append("readings")
    if _put_evidence(revision, content, attachments):
        changed.append("evidence")
    session.flush()
    return changed


def _put_readings(
    revision: NoteRevision, content: Content, indicators: Mapping[str, Indicator]
) -> bool:
    before = {reading.indicator_id: reading for reading in revision.readings}
    wanted: list[Reading] = []
    changed = False
    for given in content.readings:
        indicator = indicators[given.indicator_id]
        split = rules.complete_split(given.split)
        reading = before.get(indicator.id) or Reading(indicator_id=indicator.id)
        if reading.id is None or (reading.on, reading.split) != (given.on, split):
            reading.on = given.on
            for name, value in {**split.cells, "total": split.total}.items():
                setattr(reading, name, value)
            changed = True
        wanted.append(reading)
    changed = changed or len(wanted) != len(before)
    if changed:
        revision.readings = wanted
    return changed


def _put_evidence(
    revision: NoteRevision, content: Content, attachments: Sequence[Attachment]
) -> bool:
    links = {(each.title, each.url or ""): each for each in revision.evidence if each.url}
    left = [each for each in revision.evidence if each.public_id not in content.removed]
    kept = [each for each in left if each.file_id is not None]
    quoted = [each for each in left if each.library_file_id is not None]
    if len(kept) + len(attachments) > rules.FILES:
        raise InvalidInput(
            _("Something needs to be put right"),
            {"files": _("A note carries up to %(max)d files.", max=rules.FILES)},
        )
    given = dict.fromkeys((link.title, link.url) for link in content.links)
    wanted = [
        *(links.get(each) or Evidence(title=each[0], url=each[1]) for each in given),
        *kept,
        *(Evidence(file_id=each.file.id, file_name=each.name, title="") for each in attachments),
        *quoted,
    ]
    changed = [id(each) for each in wanted] != [id(each) for each in revision.evidence]
    if changed:
        revision.evidence = wanted
    return changed


# What a piece of evidence keeps when its note is taken further: all but its address.
_EVIDENCE = (
    "title", "url", "file_id", "file_name",
    "library_file_id", "quote", "quote_language", "page", "quote_start", "sha256",
)  # fmt: skip


def copy(source: NoteRevision, target: NoteRevision) -> None:
    """Copy all that one revision says into another, its evidence under new addresses."""
    for name in (*rules.PARTS, "language", "claimed_status", "reversed", "nothing_changed"):
        setattr(target, name, getattr(source, name))
    target.readings = [
        Reading(
            indicator_id=each.indicator_id,
            on=each.on,
            women=each.women,
            men=each.men,
            not_stated=each.not_stated,
            total=each.total,
        )
        for each in source.readings
    ]
    target.evidence = [
        Evidence(**{name: getattr(each, name) for name in _EVIDENCE}) for each in source.evidence
    ]
