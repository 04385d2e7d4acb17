"""Set the laws of several countries, or of the two sides of a corridor, beside each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for

from policytrack.core.i18n import collated, format_number, label, language
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor
from policytrack.frameworks.models import Theme
from policytrack.library import policy
from policytrack.library.models import LawColumn, LibraryDocument, LibraryRevision
from policytrack.library.presenters import naming
from policytrack.library.presenters.naming import Named, Standing, named
from policytrack.library.presenters.terms import Point, point
from policytrack.library.rules import Visibility
from policytrack.library.words import TYPE_WORDS
from policytrack.places.models import Corridor, Country

# As many fit beside each other on paper, and into one's head.
MOST_COUNTRIES = 8
# No address of the page itself asks for more.
_MOST_ASKED = 80
_SHAPES = {
    "theme": re.compile(r"[A-Z][0-9]{1,2}(\.[0-9]{1,2})?"),
    "country": re.compile(r"[A-Z]{2}"),
    "corridor": re.compile(r"[A-Z]{2}-[A-Z]{2}"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what is compared: a theme, and countries or the sides of a corridor.

    `notes` say what was asked for and left aside, and why.
    """

    theme: Theme | None
    countries: Sequence[Country] = ()
    corridor: Corridor | None = None
    notes: Sequence[str] = ()

    @property
    def places(self) -> list[str]:
        """Return the codes of the countries whose laws are looked for."""
        if self.corridor is not None:
            return [self.corridor.origin_iso2, self.corridor.destination_iso2]
        return [each.iso2 for each in self.countries]

    @property
    def asked(self) -> dict[str, Any]:
        """Return what an address says to ask the same."""
        given: dict[str, Any] = {"theme": self.theme.code} if self.theme else {}
        if self.corridor is not None:
            return given | {"corridor": self.corridor.code}
        return given | {"country": self.places} if self.countries else given


@dataclass(slots=True)
class Known:
    """Hold what can be asked for."""

    themes: Sequence[tuple[Theme, bool]]
    countries: Sequence[Country]
    corridors: Sequence[Corridor]


def question(theme: str, countries: Sequence[str], corridor: str, known: Known) -> Question:
    """Return what an address asks for, as far as there is such a thing.

    Without a theme it is the first in which laws are compared. A corridor goes before countries.
    """
    notes: list[str] = []
    wanted = _theme(theme, known.themes, notes)
    if corridor:
        found = next((each for each in known.corridors if each.code == corridor), None)
        if found is not None:
            return Question(wanted, corridor=found, notes=notes)
        notes.append(_unknown(_("There is no such corridor"), "corridor", [corridor]))
    by_code = {each.iso2: each for each in known.countries}
    asked = list(dict.fromkeys(code for code in countries[:_MOST_ASKED] if code))
    if missing := [code for code in asked if code not in by_code]:
        notes.append(_unknown(_("There is no such country or territory"), "country", missing))
    present = [by_code[code] for code in asked if code in by_code]
    if beyond := present[MOST_COUNTRIES:]:
        notes.append(
            _(
                "Up to %(count)s countries stand beside each other; left out: %(names)s.",
                count=format_number(MOST_COUNTRIES),
                names=_(", ").join(label(each.labels) for each in beyond),
            )
        )
    return Question(wanted, present[:MOST_COUNTRIES], notes=notes)


def _theme(code: str, themes: Sequence[tuple[Theme, bool]], notes: list[str]) -> Theme | None:
    if not code:
        return next((theme for theme, has_columns in themes if has_columns), None)
    found = next((each for each in themes if each[0].code == code), None)
    if found is None:
        notes.append(_unknown(_("There is no such theme"), "theme", [code]))
    elif not found[1]:
        notes.append(
            _(
                "Laws are not compared under “%(theme)s” yet: no points are set for it. Choose"
                " another theme.",
                theme=label(found[0].labels),
            )
        )
    return found[0] if found and found[1] else None


def _unknown(sentence: str, kind: str, codes: Collection[str]) -> str:
    """Say what there is not; what has not even the shape of a code is not repeated."""
    shaped = [code for code in codes if _SHAPES[kind].fullmatch(code)]
    return f"{sentence}{_(': ')}{_(', ').join(shaped)}." if shaped else f"{sentence}."


@dataclass(frozen=True, slots=True)
class Law:
    """Hold a row: a legal text with what it says in each column, None where nothing is recorded.

    `places` are the countries that it concerns, where it is more than the one it stands under.
    """

    title: Named
    type: str
    number: str
    issued: str
    standing: Standing | None
    since: str
    until: str
    restricted: bool
    embargoed: bool
    demonstration: bool
    places: Sequence[Named]
    points: Sequence[Point | None]
    document: LibraryDocument
    revision: LibraryRevision


@dataclass(frozen=True, slots=True)
class Group:
    """Hold the laws of one country or side; `others` stand under the theme without any point."""

    heading: Named
    empty: str
    laws: list[Law] = field(default_factory=list)
    others: list[Law] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold the table: its columns, and its rows by country or side."""

    columns: Sequence[LawColumn]
    headings: Sequence[Named]
    groups: Sequence[Group]


def comparison(
    actor: Actor,
    asked: Question,
    columns: Sequence[LawColumn],
    found: Iterable[LibraryDocument],
    now: datetime,
) -> Comparison:
    """Return laws in columns; each stands under every country that it concerns, none is merged.

    A retired column shows only where a law says something in it.
    """
    documents = list(found)
    used = {
        each.column_code
        for document in documents
        if document.published
        for each in document.published.terms
    }
    shown = [each for each in columns if not each.retired or each.code in used]
    groups = _groups(asked)
    for document in documents:
        law = _law(actor, document, shown, now)
        for key in _places(document, asked) & groups.keys():
            (groups[key].laws if any(law.points) else groups[key].others).append(law)
    for group in groups.values():
        # What holds today stands before what did; the sort keeps the newest first in each.
        group.laws.sort(key=lambda law: law.standing is not None and not law.standing.in_force)
    return Comparison(shown, [named(each.labels) for each in shown], list(groups.values()))


_BOTH = "both"


def _groups(asked: Question) -> dict[str, Group]:
    if asked.corridor is None:
        return {each.iso2: _of_country(each) for each in asked.countries}
    corridor = asked.corridor
    both = Group(
        Named(_("Agreements and other texts on both sides"), language().code),
        _("No text that concerns both sides is recorded here under this theme."),
    )
    return {
        corridor.origin_iso2: _of_country(corridor.origin),
        corridor.destination_iso2: _of_country(corridor.destination),
        _BOTH: both,
    }


def _of_country(country: Country) -> Group:
    return Group(
        named(country.labels, url_for("pages.country", iso2=country.iso2)),
        _(
            "No law of %(country)s is recorded here under this theme. That does not say that there"
            " is none.",
            country=label(country.labels),
        ),
    )


def _concerned(revision: LibraryRevision) -> set[str]:
    """Return the countries that a text concerns: those named, else the ends of its corridors."""
    named_ones = {each.iso2 for each in revision.countries}
    ends = {end for each in revision.corridors for end in (each.origin_iso2, each.destination_iso2)}
    return named_ones or ends


def _places(document: LibraryDocument, asked: Question) -> set[str]:
    """Return under which groups a text stands."""
    assert document.published is not None  # noqa: S101 - what is compared is published
    places = _concerned(document.published)
    if asked.corridor is not None and set(asked.places) <= places:
        return {_BOTH}
    return places


def _law(
    actor: Actor, document: LibraryDocument, columns: Sequence[LawColumn], now: datetime
) -> Law:
    text = document.published
    assert text is not None  # noqa: S101 - what is compared is published
    said = {each.column_code: each.as_term() for each in text.terms}
    may_read = policy.may_have_files(actor, document, text)
    countries = naming.countries(text.countries)
    return Law(
        title=Named(
            text.title, text.language, url_for("library.show", public_id=document.public_id)
        ),
        type=str(TYPE_WORDS.get(text.type, "")),
        number=text.official_number,
        issued=naming.day(text.issued),
        standing=naming.standing(text, now.date()),
        since=naming.day(text.in_force_from),
        until=naming.day(text.in_force_until),
        restricted=text.visibility == Visibility.CONSTITUENTS,
        embargoed=text.embargo_until is not None and text.embargo_until > now,
        demonstration=document.demonstration,
        places=countries if len(countries) > 1 else (),
        points=[
            point(said[each.code], each, document, text, may_read=may_read)
            if each.code in said
            else None
            for each in columns
        ],
        document=document,
        revision=text,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold something that can be chosen to compare."""

    code: str
    name: str
    language: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chooser:
    """Hold what the form above the table offers."""

    themes: Sequence[tuple[str, Sequence[Offer]]]
    countries: Sequence[Offer]
    corridors: Sequence[Offer]


def chooser(known: Known, asked: Question) -> Chooser:
    """Return themes in which laws are compared by area, and all countries and corridors."""
    areas: Mapping[str, str] = {theme.code: label(theme.labels) for theme, _has in known.themes}
    by_area: dict[str, list[Offer]] = {}
    for theme, has_columns in known.themes:
        if has_columns:
            heading = areas.get(theme.parent_code or "", "")
            chosen = asked.theme is not None and theme.code == asked.theme.code
            by_area.setdefault(heading, []).append(_offer(theme.code, theme.labels, chosen))
    places = set() if asked.corridor else set(asked.places)
    countries = [_offer(each.iso2, each.labels, each.iso2 in places) for each in known.countries]
    corridors = [
        Offer(
            each.code,
            _(
                "%(origin)s to %(destination)s",
                origin=label(each.origin.labels),
                destination=label(each.destination.labels),
            ),
            language().code,
            asked.corridor is not None and each.code == asked.corridor.code,
        )
        for each in known.corridors
    ]
    return Chooser(list(by_area.items()), _sorted(countries), _sorted(corridors))


def _offer(code: str, labels: Mapping[str, str], chosen: bool) -> Offer:
    each = named(labels)
    return Offer(code, each.name, each.language, chosen)


def _sorted(offers: Sequence[Offer]) -> list[Offer]:
    return collated(list(offers), [each.name for each in offers], language().code)
