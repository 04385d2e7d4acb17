"""Show good practices: one, their list, and some beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from policytrack.core.db import Labels
from policytrack.core.i18n import collated, language
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor
from policytrack.core.text import excerpt, isolated
from policytrack.library import policy, rules
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.practicewords import FACTS, STORY
from policytrack.library.presenters import listing, naming
from policytrack.library.presenters.listing import Choice, Filter
from policytrack.library.presenters.naming import Named, named
from policytrack.library.queries import Marks, Names, Option, PracticeFilters
from policytrack.library.words import PRACTICE_WORDS

# As many can be read beside each other.
MOST_COMPARED = 4
# A list shows so much of a summary.
_GLIMPSE = 280
_SHORT = 40
_DATED = frozenset({"start", "end", "date_shared"})
_SHOWN = ("theme", "country", "corridor", "sector", "target_group")


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold an objective, principle, goal or target; what has no name here shows its code."""

    code: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Saying:
    """Hold a field of a practice under its heading."""

    name: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Practice:
    """Hold what a practice says beside what every document says."""

    facts: Sequence[Saying]
    story: Sequence[Saying]
    marks: Sequence[tuple[str, Sequence[Mark]]]
    compare_url: str


def practice(revision: LibraryRevision, names: Names, *, insider: bool) -> Practice | None:
    """Return the practice that a text describes; None where it describes none."""
    if not revision.practice:
        return None
    return Practice(
        facts=_facts(revision, insider=insider),
        story=[each for each in (_saying(revision, name) for name in STORY) if each.text],
        marks=_all_marks(revision, names),
        compare_url=url_for("library.practices", practice=revision.document.public_id),
    )


def _facts(revision: LibraryRevision, *, insider: bool) -> list[Saying]:
    said = [_saying(revision, name) for name in FACTS if insider or name not in rules.NEVER_PUBLIC]
    return [each for each in said if each.text]


def _saying(revision: LibraryRevision, name: str) -> Saying:
    text = str(revision.practice.get(name, "")).strip()
    return Saying(name, str(PRACTICE_WORDS[name]), _dated(text) if name in _DATED else text)


def _dated(value: str) -> str:
    try:
        return naming.day(rules.partial_date(value))
    except ValueError:
        return value


def _span(given: Mapping[str, Any]) -> str:
    """Return from when to when a practice was carried out; empty where that is no date."""
    try:
        start, end = (
            naming.day(rules.partial_date(str(given.get(name, "")))) for name in ("start", "end")
        )
    except ValueError:
        return ""
    if start and end:
        return _("from %(first)s to %(last)s", first=start, last=end)
    if start:
        return _("since %(date)s", date=start)
    return _("until %(date)s", date=end) if end else ""


def _all_marks(revision: LibraryRevision, names: Names) -> list[tuple[str, Sequence[Mark]]]:
    found = [
        (str(PRACTICE_WORDS[name]), _marks(revision.practice.get(name, ()), among))
        for name, among in (
            ("gcm_objectives", names.objectives),
            ("gcm_principles", names.principles),
            ("sdgs", names.sdgs),
        )
    ]
    return [(heading, marks) for heading, marks in found if marks]


def _marks(codes: Iterable[str], among: Mapping[str, Labels]) -> list[Mark]:
    return [mark(str(code), among) for code in codes]


def mark(code: str, among: Mapping[str, Labels]) -> Mark:
    """Return a mark by its name; a target or indicator without one goes by that above it."""
    above = code
    while above not in among and "." in above:
        above = above.rpartition(".")[0]
    if above not in among:
        return Mark(code, "", "")
    each = named(among[above])
    return Mark(code, each.name, each.language)


# --- The list


@dataclass(frozen=True, slots=True)
class Row:
    """Hold a practice in the list; `glimpse` is the beginning of its summary."""

    public_id: str
    url: str
    title: str
    language: str
    glimpse: str
    kind: str
    implementer: str
    when: str
    countries: Sequence[Named]
    objectives: Sequence[Mark]
    demonstration: bool
    restricted: bool
    embargoed: bool
    chosen: bool


def rows(
    found: Sequence[LibraryDocument], names: Names, chosen: Iterable[str], now: datetime
) -> list[Row]:
    """Return practices as their list shows them; `chosen` are those to be compared."""
    ticked = set(chosen)
    return [
        _row(document, document.published, names, ticked, now)
        for document in found
        if document.published is not None
    ]


def _row(
    document: LibraryDocument, text: LibraryRevision, names: Names, chosen: set[str], now: datetime
) -> Row:
    said = text.practice
    return Row(
        public_id=document.public_id,
        url=url_for("library.show", public_id=document.public_id),
        title=text.title,
        language=text.language,
        glimpse=excerpt(text.summary or str(said.get("why_good", "")), _GLIMPSE),
        kind=str(said.get("practice_type", "")),
        implementer=str(said.get("implementer", "")),
        when=_span(said),
        countries=naming.countries(text.countries),
        objectives=_marks(said.get("gcm_objectives", ()), names.objectives),
        demonstration=document.demonstration,
        restricted=text.visibility == rules.Visibility.CONSTITUENTS,
        embargoed=text.embargo_until is not None and text.embargo_until > now,
        chosen=document.public_id in chosen,
    )


def filters_of(
    options: Mapping[str, Sequence[Option]], used: Marks, names: Names, given: PracticeFilters
) -> list[Filter]:
    """Return the filters that matter to practices, of those that have something to choose."""
    shared = {each.name: each for each in listing.filters_of(options, given)}
    kinds = [(each, each) for each in collated(sorted(used.kinds), sorted(used.kinds), _code())]
    found = [
        *(shared[name] for name in _SHOWN if name in shared),
        _flat(
            "objective",
            str(PRACTICE_WORDS["gcm_objectives"]),
            _numbered(used.objectives, names.objectives),
            given.objective,
        ),
        _goals(used.sdgs, names.sdgs, given.sdg),
        _flat("practice_type", str(PRACTICE_WORDS["practice_type"]), kinds, given.practice_type),
    ]
    return [each for each in found if any(choices for _heading, choices in each.groups)]


def _code() -> str:
    return language().code


def _flat(name: str, heading: str, pairs: Sequence[tuple[str, str]], chosen: str) -> Filter:
    return Filter(name, heading, [("", [Choice(*pair, pair[0] == chosen) for pair in pairs])])


def _numbered(codes: Iterable[str], among: Mapping[str, Labels]) -> list[tuple[str, str]]:
    return [
        (code, f"{code}. {name}" if (name := mark(code, among).name) else code)
        for code in sorted(codes, key=_place)
    ]


def _place(code: str) -> tuple[tuple[int, str], ...]:
    """Return what codes are sorted by: numbers by their size, before letters."""
    return tuple(
        (int(part), "") if part.isascii() and part.isdigit() else (10_000, part)
        for part in code.split(".")
    )


def _goals(codes: Iterable[str], among: Mapping[str, Labels], chosen: str) -> Filter:
    """Return targets in use under their goals; a goal stands for all of its targets."""
    by_goal: dict[str, list[str]] = {}
    for code in sorted(codes, key=_place):
        by_goal.setdefault(code.partition(".")[0], []).append(code)
    groups = []
    for goal, held in by_goal.items():
        parts = [Choice(*pair, pair[0] == chosen) for pair in _numbered(held, among)]
        whole = Choice(goal, _("All of goal %(number)s", number=goal), goal == chosen)
        name = mark(goal, among).name or goal
        groups.append((f"{goal}. {name}", [whole, *(each for each in parts if each.value != goal)]))
    return Filter("sdg", str(PRACTICE_WORDS["sdgs"]), groups)


# --- Some beside each other


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what stands above the column of a practice; `without_url` leaves it out.

    `short` names it where it is named again and again: a telephone has no columns.
    """

    public_id: str
    title: Named
    short: str
    organisation: Named | None
    demonstration: bool
    restricted: bool
    without_url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold what one practice says in a row: a text in its language, names, or marks."""

    text: str = ""
    language: str = ""
    names: Sequence[Named] = ()
    marks: Sequence[Mark] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.names or self.marks)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold practices in columns; rows in which none says anything are left out."""

    heads: Sequence[Head]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    more_url: str


def comparison(actor: Actor, found: Sequence[LibraryDocument], names: Names) -> Comparison:
    """Return practices beside each other, in the order in which they were asked for."""
    told = [(document, text) for document in found if (text := document.published) is not None]
    chosen = [document.public_id for document, _text in told]
    columns = [_cells(actor, document, text, names) for document, text in told]
    headings = list(dict.fromkeys(name for column in columns for name in column))
    return Comparison(
        heads=[
            _head(number, document, text, chosen)
            for number, (document, text) in enumerate(told, start=1)
        ],
        rows=[
            (heading, cells)
            for heading in headings
            if any(cells := [column.get(heading, Cell()) for column in columns])
        ],
        more_url=url_for("library.practices", practice=chosen),
    )


def titles(found: Sequence[LibraryDocument]) -> list[Named]:
    """Return practices by their names alone."""
    texts = (each.published for each in found)
    return [Named(text.title, text.language) for text in texts if text is not None]


def _head(
    number: int, document: LibraryDocument, text: LibraryRevision, chosen: Sequence[str]
) -> Head:
    others = [each for each in chosen if each != document.public_id]
    url = url_for("library.show", public_id=document.public_id)
    return Head(
        public_id=document.public_id,
        title=Named(text.title, text.language, url),
        short=f"{number}. {isolated(excerpt(text.title, _SHORT))}",
        organisation=naming.organisation(document.constituent),
        demonstration=document.demonstration,
        restricted=text.visibility == rules.Visibility.CONSTITUENTS,
        without_url=url_for("library.compare_practices", practice=others),
    )


def _cells(
    actor: Actor, document: LibraryDocument, text: LibraryRevision, names: Names
) -> dict[str, Cell]:
    def said(each: Saying) -> Cell:
        return Cell(each.text, text.language)

    insider = policy.is_insider(actor, document)
    story = {each.heading: said(each) for each in (_saying(text, name) for name in STORY)}
    facts = {each.heading: said(each) for each in _facts(text, insider=insider)}
    return {
        _("Summary"): Cell(text.summary, text.language),
        **_blank_facts(),
        **facts,
        _("Countries and territories"): Cell(names=naming.countries(text.countries)),
        _("Corridors"): Cell(names=_corridors(text)),
        **story,
        _("Themes"): Cell(names=[named(each.labels) for each in text.themes]),
        _("Sectors"): Cell(names=[named(each.labels) for each in text.sectors]),
        _("Target groups"): Cell(names=[named(each.labels) for each in text.target_groups]),
        **{heading: Cell(marks=marks) for heading, marks in _all_marks(text, names)},
    }


def _blank_facts() -> dict[str, Cell]:
    """Return the facts without what they say: the order of the rows is the same for all."""
    return dict.fromkeys((str(PRACTICE_WORDS[name]) for name in FACTS), Cell())


def _corridors(text: LibraryRevision) -> list[Named]:
    return [
        Named(_("%(origin)s to %(destination)s", origin=origin, destination=end), _code(), url)
        for origin, end, url in naming.corridors(text.corridors)
    ]
