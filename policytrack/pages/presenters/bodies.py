"""Show organisations by country and group, and one: what it promised, said and owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from policytrack.constituents.models import Constituent
from policytrack.constituents.presenters import all_group_words
from policytrack.constituents.rules import Group
from policytrack.core import languages
from policytrack.core.i18n import collated, format_number, label, label_language, language, ngettext
from policytrack.core.paging import Page, offset
from policytrack.pages.presenters.heard import GroupLine, OrganisationLine, organisation_line
from policytrack.pages.presenters.sources import Source, source
from policytrack.pages.presenters.terms import Term, country_term, country_terms, regional_term
from policytrack.progress.presenters import commitment_title
from policytrack.progress.queries import Silence

# Countries stand on a page whole, however many organisations they have.
COUNTRIES = 12


@dataclass(frozen=True, slots=True)
class BodyFilters:
    """Hold what the list of organisations is narrowed by."""

    country: str
    group: str
    words: str

    @property
    def narrowed(self) -> bool:
        """Tell whether anything is narrowed."""
        return bool(self.country or self.group or self.words)

    def keeps(self, body: Constituent) -> bool:
        """Tell whether an organisation is left; words may stand in any of its names."""
        names = [body.acronym, *body.labels.values()]
        return (
            (not self.country or self.country == (body.country_iso2 or "regional"))
            and (not self.group or self.group == body.group)
            and all(
                any(word in name.casefold() for name in names)
                for word in self.words.casefold().split()
            )
        )


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Hold the organisations of a country by group; the retired ones apart."""

    place: Term
    groups: Sequence[GroupLine]
    retired: Sequence[OrganisationLine]


@dataclass(frozen=True, slots=True)
class BodiesPage:
    """Hold the list of organisations: a few countries at a time, each whole."""

    filters: BodyFilters
    countries: Sequence[Term]
    groups: Mapping[str, str]
    found: str
    page: Page[PlaceLine]


def bodies_page(bodies: Sequence[Constituent], filters: BodyFilters, asked: int) -> BodiesPage:
    """Return the organisations that the filters leave; `bodies` stand in the order of lists."""
    kept = [body for body in bodies if filters.keeps(body)]
    by_place: dict[str, list[Constituent]] = {}
    for body in kept:
        by_place.setdefault(body.country_iso2 or "", []).append(body)
    number, first = offset(asked, len(by_place), COUNTRIES)
    shown = list(by_place.values())[first : first + COUNTRIES]
    listed = {body.country_iso2: body.country for body in bodies if body.country is not None}
    return BodiesPage(
        filters=filters,
        countries=country_terms(list(listed.values())),
        groups=all_group_words(),
        found=found_sentence(sum(not body.retired for body in kept)),
        page=Page([_place(each, filters) for each in shown], number, len(by_place), COUNTRIES),
    )


def found_sentence(number: int) -> str:
    """Return how many organisations a list holds."""
    return ngettext(
        "%(count)s organisation", "%(count)s organisations", number, count=format_number(number)
    )


def _place(bodies: Sequence[Constituent], filters: BodyFilters) -> PlaceLine:
    country = bodies[0].country
    present = [body for body in bodies if not body.retired]
    groups = [
        GroupLine(key, word, "", None, _lines([body for body in present if body.group == key]))
        for key, word in all_group_words().items()
    ]
    # That a group has no organisation is told of a whole country only.
    whole = country is not None and not (filters.group or filters.words)
    return PlaceLine(
        place=country_term(country) if country else regional_term(),
        groups=[
            each for each in groups if each.organisations or (whole and each.key != Group.OBSERVERS)
        ],
        retired=_lines([body for body in bodies if body.retired]),
    )


def _lines(bodies: Sequence[Constituent]) -> list[OrganisationLine]:
    lines = [organisation_line(body) for body in bodies]
    named = collated(lines, [line.name for line in lines], language().code)
    return sorted(named, key=lambda line: (line.demonstration, not line.focal))


@dataclass(frozen=True, slots=True)
class SilentLine:
    """Hold a commitment on which an organisation owes an answer, and since when."""

    title: str
    language: str
    url: str
    since: date


@dataclass(frozen=True, slots=True)
class Office:
    """Hold what the secretariat alone reads of an organisation."""

    code: str
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class BodyPage:
    """Hold an organisation: its names, its place, and what it owes."""

    public_id: str
    name: str
    language: str
    acronym: str
    other_names: Sequence[tuple[str, str]]
    group: str
    place: Term | None
    focal: bool
    retired: bool
    demonstration: bool
    as_of: date | None
    asked: int
    silent: int
    silent_since: date | None
    round: str
    silences: Sequence[SilentLine]
    office: Office | None


def body_page(body: Constituent, silence: Silence | None, *, office: bool) -> BodyPage:
    """Return the page of an organisation; `office`: the reader may see what it rests on.

    Without `silence` nothing is said of what it owes.
    """
    shown = label_language(body.labels)
    return BodyPage(
        public_id=body.public_id,
        name=label(body.labels),
        language=shown,
        acronym=body.acronym,
        other_names=[
            (code, name)
            for code, name in body.labels.items()
            if code != shown and code in languages.CONTENT and name != label(body.labels)
        ],
        group=all_group_words()[body.group],
        place=country_term(body.country) if body.country else None,
        focal=body.focal_ministry,
        retired=body.retired,
        demonstration=body.demonstration,
        as_of=body.as_of,
        asked=silence.asked if silence else 0,
        silent=silence.total if silence else 0,
        silent_since=silence.since if silence else None,
        round=silence.round.name if silence and silence.round else "",
        silences=[
            SilentLine(title.name, title.language, title.url, item.since)
            for item in (silence.items if silence else ())
            for title in [commitment_title(item.commitment)]
        ],
        office=Office(body.code, body.note, source(body.source, body.confidence))
        if office
        else None,
    )
