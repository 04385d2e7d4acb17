"""Show instruments, and who ratified them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.core.i18n import (
    collated,
    format_date,
    format_number,
    label,
    label_language,
    language,
    ngettext,
)
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.frameworks.models import Instrument, Ratification
from policytrack.frameworks.queries import RatifiedBy
from policytrack.pages.presenters.sources import WEAK, Cited, Source, source
from policytrack.pages.presenters.terms import Term, country_term, term, theme_terms

KINDS: Mapping[str, Any] = {
    "convention": _l("ILO Convention"),
    "protocol": _l("ILO Protocol"),
    "recommendation": _l("ILO Recommendation"),
    "declaration": _l("Declaration"),
    "resolution": _l("Resolution"),
    "framework": _l("ILO framework"),
    "principles": _l("ILO principles and guidelines"),
    "agenda": _l("Agenda"),
    "regional": _l("Regional instrument"),
    "un-treaty": _l("United Nations treaty"),
    "un-compact": _l("United Nations compact"),
}
# Only these are ratified; the others are adopted, endorsed or followed.
RATIFIABLE = frozenset({"convention", "protocol", "un-treaty"})


@dataclass(frozen=True, slots=True)
class InstrumentLine:
    """Hold an instrument in a list; `ratified` says how many of the countries on record did so."""

    term: Term
    kind: str
    year: str
    fundamental: bool
    ratified: str
    as_of: str
    source: Source


def instrument_lines(
    found: Sequence[Instrument], ratified: Mapping[str, RatifiedBy]
) -> list[InstrumentLine]:
    """Return instruments as lists show them, weakly sourced ones left out."""
    return [_line(each, ratified.get(each.code)) for each in found if each.confidence not in WEAK]


def _line(each: Instrument, counted: RatifiedBy | None) -> InstrumentLine:
    return InstrumentLine(
        term=_term(each),
        kind=kind_word(each.kind),
        year=str(each.year or ""),
        fundamental=each.fundamental,
        ratified=counted_words(counted),
        as_of=format_date(counted.as_of) if counted else "",
        source=source(each.source, each.confidence),
    )


def _term(each: Instrument) -> Term:
    return term(each.code, each.labels, url_for("pages.instrument", code=each.code))


def kind_word(kind: str) -> str:
    """Return the word for a kind of instrument."""
    return str(KINDS.get(kind, kind))


def counted_words(counted: RatifiedBy | None) -> str:
    """Return how many countries ratified an instrument, of how many that are on record.

    Where nobody is on record as not having ratified, there is no whole to count against.
    """
    if counted is None or not counted.listed:
        return ""
    if counted.as_of is None:
        return ngettext(
            "%(count)s known",
            "%(count)s known",
            counted.ratified,
            count=format_number(counted.ratified),
        )
    return _(
        "%(ratified)s of %(listed)s",
        ratified=format_number(counted.ratified),
        listed=format_number(counted.listed),
    )


@dataclass(frozen=True, slots=True)
class CountryLine:
    """Hold what is known of an instrument in a country: `when` it was ratified, or as of when not.

    `on` is the day or the year for programs.
    """

    place: Term
    state: str
    when: str
    on: str
    as_of: str
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class NotRatified:
    """Hold the countries that had not ratified an instrument when a list was made."""

    as_of: str
    note: str
    source: Source
    places: Sequence[Term]


@dataclass(frozen=True, slots=True)
class InstrumentPage:
    """Hold an instrument: who ratified it, where that is under way, who had not, what is weak."""

    term: Term
    kind: str
    year: str
    topic: str
    topic_language: str
    fundamental: bool
    note: str
    themes: Sequence[Term]
    source: Source
    ratifiable: bool
    ratified: Sequence[CountryLine]
    pending: Sequence[CountryLine]
    not_ratified: Sequence[NotRatified]
    weak: Sequence[CountryLine]

    @property
    def listed(self) -> int:
        """Return how many countries and territories are surely on record."""
        return len(self.ratified) + len(self.pending) + self.lacking

    @property
    def lacking(self) -> int:
        """Return how many had not ratified it when a list was made."""
        return sum(len(group.places) for group in self.not_ratified)


def instrument_page(instrument: Instrument, found: Sequence[Ratification]) -> InstrumentPage:
    """Return the page of an instrument; a "no" without the date of its list is left out."""
    lines = collated(
        [_country(each) for each in found],
        [label(each.country.labels) for each in found],
        language().code,
    )
    weak = {each.country_iso2 for each in found if each.confidence in WEAK}
    sure = [line for line in lines if line.place.code not in weak]
    by_state = {
        state: [line for line in sure if line.state == state] for state in ("yes", "pending")
    }
    return InstrumentPage(
        term=_term(instrument),
        kind=kind_word(instrument.kind),
        year=str(instrument.year or ""),
        topic=label(instrument.topic),
        topic_language=label_language(instrument.topic),
        fundamental=instrument.fundamental,
        note=instrument.note,
        themes=theme_terms(instrument.themes),
        source=source(instrument.source, instrument.confidence),
        ratifiable=instrument.kind in RATIFIABLE or bool(found),
        ratified=by_state["yes"],
        pending=by_state["pending"],
        not_ratified=_by_list([line for line in sure if line.state == "no" and line.as_of]),
        weak=[
            line for line in lines if line.place.code in weak and (line.state != "no" or line.as_of)
        ],
    )


def _by_list(lines: Sequence[CountryLine]) -> list[NotRatified]:
    """Return those that had not ratified by the list that says so: many stand on each."""
    groups: dict[tuple[str, str, tuple[Cited, ...]], list[CountryLine]] = {}
    for line in lines:
        key = (line.as_of, line.note, tuple(line.source.cited))
        groups.setdefault(key, []).append(line)
    return [
        NotRatified(group[0].as_of, group[0].note, group[0].source, [each.place for each in group])
        for group in groups.values()
    ]


def _country(each: Ratification) -> CountryLine:
    return CountryLine(
        place=country_term(each.country),
        state=each.state,
        when=format_date(each.on) or str(each.year or ""),
        on=each.on.isoformat() if each.on else str(each.year or ""),
        as_of=format_date(each.as_of),
        note=each.note,
        source=source(each.source, each.confidence),
    )
