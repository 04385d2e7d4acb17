"""Make of rows what the pages that show several features say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.presenters import (
    Facts,
    RevisionView,
    Steps,
    TextView,
    facts,
    revision_views,
    steps,
    text_view,
)
from policytrack.commitments.queries import Classification, Filters, Option, Row
from policytrack.commitments.rules import is_overdue
from policytrack.constituents.rules import Group
from policytrack.core import clock
from policytrack.core.i18n import collated, format_date, label, label_language, language, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.paging import Page
from policytrack.core.permissions import Actor, Permission
from policytrack.core.text import excerpt, isolated
from policytrack.core.translations import Offer, preferred
from policytrack.pages.queries import NO_INFORMATION, Claim
from policytrack.places.models import Corridor, Country
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.presenters import (
    STATUS_WORDS,
    organisation,
    owed_rows,
    subject_of,
)
from policytrack.progress.presenters.lists import OwedRow
from policytrack.progress.queries import Owed, Voice
from policytrack.rounds.models import Round


@dataclass(frozen=True, slots=True)
class ListedCommitment:
    """Hold one row of the list."""

    row: Row
    url: str
    lead: str
    claim: Claim | None
    overdue: bool


def listed(page: Page[Row], claims: Mapping[int, Claim], today: date) -> list[ListedCommitment]:
    """Return rows with what their leads claim and whether their date has passed."""
    return [
        ListedCommitment(
            row=row,
            url=url_for("pages.commitment", address=row.address),
            lead=_lead(row),
            claim=claims.get(row.id),
            overdue=is_overdue(
                row.due_on, claims[row.id].status if row.id in claims else None, today
            ),
        )
        for row in page.items
    ]


def _lead(row: Row) -> str:
    name = label(row.lead)
    if row.lead_country is None:
        return name
    country = label(row.lead_country.labels)
    return _("%(organisation)s, %(country)s", organisation=name, country=country)


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold one value of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """Hold one filter of a list: a select with its choices, in groups where there are any."""

    name: str
    label: str
    groups: Sequence[tuple[str, Sequence[Choice]]]


def _option_label(option: Option) -> str:
    own = label(option.labels)
    return f"{own} – {label(option.end_labels)}" if option.end_labels else own


def _sorted(options: Sequence[Option]) -> list[Option]:
    return collated(options, [_option_label(option) for option in options], language().code)


def _flat(options: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, list[Choice]]]:
    return [("", [Choice(value, text, value == chosen) for value, text in options])]


def group_words() -> Mapping[str, str]:
    """Return the words for the groups, in their order."""
    return {
        Group.GOVERNMENTS: _("Governments"),
        Group.EMPLOYERS: _("Employers"),
        Group.WORKERS: _("Workers"),
    }


def status_words() -> Mapping[str, str]:
    """Return the words for the statuses, in their order, no information last."""
    return {code or NO_INFORMATION: str(word) for code, word in STATUS_WORDS.items()}


def filters_of(
    options: Mapping[str, Sequence[Option]], given: Filters, status: str
) -> list[Filter]:
    """Return the filters of the commitments list, with only the values in use."""

    def of(name: str, text: str, *, collate: bool = True) -> Filter:
        found = options.get(name, ())
        pairs = [(o.value, _option_label(o)) for o in (_sorted(found) if collate else found)]
        return Filter(name, text, _flat(pairs, getattr(given, name)))

    areas = [option for option in options.get("theme", ()) if not option.parent]
    themes: list[tuple[str, Sequence[Choice]]] = []
    for area in areas:
        under = [option for option in options["theme"] if option.parent == area.value]
        whole = Choice(area.value, _("All of this area"), given.theme == area.value)
        parts = [Choice(o.value, label(o.labels), o.value == given.theme) for o in under]
        themes.append((label(area.labels), [whole, *parts]))
    gender = [
        ("3", _("Principal focus")),
        ("2", _("Significant")),
        ("1", _("Partial")),
        ("0", _("Not targeted")),
    ]
    return [
        Filter("status", _("Claimed by the lead"), _flat(list(status_words().items()), status)),
        Filter("theme", _("Theme"), themes),
        of("country", _("Country or territory")),
        of("corridor", _("Corridor")),
        Filter("group", _("Led by"), _flat(list(group_words().items()), given.group)),
        Filter("gender", _("Women migrant workers"), _flat(gender, given.gender)),
        of("provision", _("Provision"), collate=False),
        of("sector", _("Sector"), collate=False),
        of("target", _("Target group"), collate=False),
    ]


def found_sentence(total: int) -> str:
    """Return how many commitments a list holds."""
    return ngettext("%(count)s commitment", "%(count)s commitments", total, count=f"{total:,}")


@dataclass(frozen=True, slots=True)
class Share:
    """Hold how many commitments have a status, and the address that lists them."""

    status: str | None
    word: str
    count: int
    url: str


def shares(counts: Mapping[str | None, int], address: Callable[[str], str]) -> list[Share]:
    """Return the counts by status in their order; `address` lists those of one status."""
    return [
        Share(
            status=None if code == NO_INFORMATION else code,
            word=word,
            count=counts.get(None if code == NO_INFORMATION else code, 0),
            url=address(code),
        )
        for code, word in status_words().items()
    ]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Hold a country or territory in a list."""

    name: str
    language: str
    url: str
    commitments: int


@dataclass(frozen=True, slots=True)
class RegionList:
    """Hold a region with its countries and territories in the reader's order."""

    name: str
    places: Sequence[PlaceLine]


def regions(countries: Sequence[Country], led: Mapping[str, int]) -> list[RegionList]:
    """Return countries and territories by region; `led` counts the commitments led from each."""
    by_region: dict[str, list[Country]] = {}
    for country in countries:
        by_region.setdefault(country.region_code, []).append(country)
    ordered = sorted(by_region.values(), key=lambda group: group[0].region.position)
    return [
        RegionList(
            name=label(group[0].region.labels),
            places=[
                PlaceLine(
                    name=label(country.labels),
                    language=label_language(country.labels),
                    url=url_for("pages.country", iso2=country.iso2),
                    commitments=led.get(country.iso2, 0),
                )
                for country in collated(
                    group, [label(each.labels) for each in group], language().code
                )
            ],
        )
        for group in ordered
    ]


# Where a share of women was carried over from other origins it is no fact about this corridor.
OWN_SPLIT = "origin-specific"


@dataclass(frozen=True, slots=True)
class CorridorLine:
    """Hold a corridor in a list; numbers of people, None where there is no estimate."""

    code: str
    origin: str
    destination: str
    url: str
    people: int | None
    women: int | None


def corridor_rows(corridors: Sequence[Corridor]) -> list[CorridorLine]:
    """Return corridors by the names of both ends, in the reader's order."""
    lines = [
        CorridorLine(
            code=corridor.code,
            origin=label(corridor.origin.labels),
            destination=label(corridor.destination.labels),
            url=url_for("pages.corridor", code=corridor.code),
            people=corridor.stock_2020,
            women=corridor.women_2020 if corridor.sex_split_quality == OWN_SPLIT else None,
        )
        for corridor in corridors
    ]
    return collated(
        lines, [f"{line.origin}\u0001{line.destination}" for line in lines], language().code
    )


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
        organisation=organisation(note.constituent),
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


@dataclass(frozen=True, slots=True)
class Heard:
    """Say when a group of a country was last heard; None is never."""

    group: str
    at: datetime | None


def heard(by_group: Mapping[str, datetime]) -> list[Heard]:
    """Return the three groups in their order with the moment each was last heard."""
    return [Heard(word, by_group.get(group)) for group, word in group_words().items()]


def national_figure(corridor: Corridor) -> str:
    """Return what a corridor's national figure counts, and when: the head of its number."""
    people = {
        "workers": _("Workers"),
        "domestic-workers": _("Domestic workers"),
        "valid-visas": _("Holders of valid visas"),
    }.get(corridor.alt_population, _("Migrants of all ages"))
    qualifier = {"about": _("about"), "over": _("over"), "up-to": _("up to")}
    words = qualifier.get(corridor.alt_qualifier)
    head = _("%(people)s, %(year)s, national figure", people=people, year=corridor.alt_year or "")
    return f"{head} ({words})" if words else head


def owed_heading(outstanding: int, closes_on: date) -> str:
    """Return the sentence that says how much is due, and by when."""
    if not outstanding:
        return _("Everything due in this round is published")
    return ngettext(
        "%(count)s commitment is due by %(date)s",
        "%(count)s commitments are due by %(date)s",
        outstanding,
        count=f"{outstanding:,}",
        date=format_date(closes_on),
    )


@dataclass(frozen=True, slots=True)
class Due:
    """Hold what the reader's organisations owe in the open round."""

    heading: str
    lede: str
    page: Page[OwedRow]
    several: bool


def due(
    page: Page[Owed], outstanding: int, reporting_round: Round, *, several: bool, now: datetime
) -> Due:
    """Return the list of what is due; `several`: rows say for which organisation."""
    rows = owed_rows(page.items)
    days = max((reporting_round.closes_at - now).days, 0)
    return Due(
        heading=owed_heading(outstanding, reporting_round.closes_on),
        lede=ngettext(
            "Round %(round)s closes in %(num)d day.",
            "Round %(round)s closes in %(num)d days.",
            days,
            round=isolated(reporting_round.name),
        ),
        page=Page(items=rows, number=page.number, total=page.total, size=page.size),
        several=several,
    )


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """Hold what the page of a commitment in force shows, beside its voices."""

    address: str
    text: TextView
    facts: Facts
    steps: Steps
    revisions: Sequence[RevisionView]
    claim: Claim | None
    gender_marker: int
    due_on: date | None
    overdue: bool
    demonstration: bool


def commitment_page(
    actor: Actor,
    commitment: Commitment,
    texts: Sequence[CommitmentRevision],
    classification: Classification,
    voices: Mapping[Group, Sequence[Voice]],
    *,
    wanted: str | None,
) -> CommitmentPage:
    """Return what the page shows of the text in force, in the reader's language or `wanted`."""
    text = next(each for each in texts if each.id == commitment.in_force_id)
    view = text_view(text, texts, wanted)
    claim = _lead_claim(commitment, voices)
    return CommitmentPage(
        address=commitment.address,
        text=view,
        facts=facts(commitment, text, classification),
        steps=steps(actor, commitment, view.title),
        revisions=revision_views(texts),
        claim=claim,
        gender_marker=text.gender_marker,
        due_on=text.due_on,
        overdue=is_overdue(text.due_on, claim.status if claim else None, clock.now().date()),
        demonstration=commitment.demonstration,
    )


def _lead_claim(commitment: Commitment, voices: Mapping[Group, Sequence[Voice]]) -> Claim | None:
    for voice in (each for group in voices.values() for each in group):
        revision = voice.revision
        if voice.constituent.id == commitment.lead_id and revision and revision.published_at:
            return Claim(revision.claimed_status, revision.reversed, revision.published_at)
    return None


@dataclass(frozen=True, slots=True)
class Reporting:
    """Hold where one of the reader's organisations writes its note on this commitment."""

    organisation: str
    url: str


def reporting(
    actor: Actor,
    commitment: Commitment,
    reporting_round: Round | None,
    voices: Mapping[Group, Sequence[Voice]],
) -> list[Reporting]:
    """Return the organisations of the reader that are asked about this commitment now."""
    if reporting_round is None:
        return []
    own = actor.own(Permission.NOTE_WRITE)
    bodies = [voice.constituent for group in voices.values() for voice in group]
    return [
        Reporting(
            organisation=organisation(body),
            url=url_for(
                "progress.write", commitment=commitment.address, constituent=body.public_id
            ),
        )
        for body in bodies
        if body.id in own
    ]
