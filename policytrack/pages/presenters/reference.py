"""Show facts about places: ratifications, agreements, processes, and people by sex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from policytrack.core.confidence import WEAK
from policytrack.core.i18n import format_date, format_month, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.frameworks.models import Ratification
from policytrack.pages.presenters.sources import Source, source
from policytrack.places.models import Agreement, Country

# What is asked first on a page about labour migration: migration, recruitment, domestic work,
# violence, forced labour. The fundamental instruments follow, then the rest.
_FIRST = ("C97", "C143", "ICRMW", "C181", "C189", "C190", "C29", "P29", "C105")

_FEW = 6


@dataclass(frozen=True, slots=True)
class RatificationLine:
    """Hold whether a country ratified an instrument: `state` in words, with what it rests on."""

    code: str
    name: str
    language: str
    state: str
    words: str
    on: str
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class Ratifications:
    """Hold what is known of a country's ratifications; weak ones apart, `first` to begin with."""

    sure: Sequence[RatificationLine]
    weak: Sequence[RatificationLine]

    @property
    def first(self) -> Sequence[RatificationLine]:
        """Return the instruments about migration, with their near kin: a few."""
        return [line for line in self.sure if line.code in _FIRST][:_FEW]


def ratifications(found: Sequence[Ratification]) -> Ratifications:
    """Return ratifications with what bears on migration first; weakly sourced ones apart."""

    def rank(each: Ratification) -> tuple[int, int, int]:
        code = each.instrument_code
        place = _FIRST.index(code) if code in _FIRST else len(_FIRST)
        return place, not each.instrument.fundamental, each.instrument.position

    ordered = sorted(found, key=rank)
    return Ratifications(
        sure=[_ratification(each) for each in ordered if each.confidence not in WEAK],
        weak=[_ratification(each) for each in ordered if each.confidence in WEAK],
    )


def _ratification(each: Ratification) -> RatificationLine:
    instrument = each.instrument
    return RatificationLine(
        code=instrument.code,
        name=label(instrument.labels),
        language=label_language(instrument.labels),
        state=each.state,
        words=_ratified(each),
        on=each.on.isoformat() if each.on else str(each.year or ""),
        note=each.note,
        source=source(each.source, each.confidence),
    )


def _ratified(each: Ratification) -> str:
    when = format_date(each.on) or str(each.year or "")
    if each.state == "yes":
        return _("ratified %(date)s", date=when) if when else _("ratified, date not known")
    if each.state == "pending":
        return _("under way")
    # A list tells of its own day only.
    if each.as_of:
        return _("not ratified as of %(date)s", date=format_date(each.as_of))
    return _("not ratified, list undated")


# State -> the words alone, and with the date.
_STATES: Mapping[str, tuple[Any, Any]] = {
    "signed": (_l("signed, date not known"), _l("signed %(date)s")),
    "renewed": (_l("renewed, date not known"), _l("renewed %(date)s")),
    "in_force": (_l("in force, date not known"), _l("in force as of %(date)s")),
    "announced": (_l("announced only"), _l("announced only, as of %(date)s")),
    "draft": (_l("draft"), _l("draft, as of %(date)s")),
    "suspended": (_l("suspended"), _l("suspended as of %(date)s")),
    "expired": (_l("expired"), _l("expired %(date)s")),
}
IN_FORCE = "in_force"
_CONCLUDED = frozenset({"signed", "renewed"})


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """Hold an agreement; dates are as exact as they are known.

    `words` tell its state, `signed` when it was signed where the state is another; `inferred`
    where a year was not read.
    """

    code: str
    name: str
    language: str
    origin: str
    destination: str
    url: str
    state: str
    words: str
    signed: str
    inferred: bool
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class Agreements:
    """Hold agreements by what is known of them, and those of which little is sure.

    `standing` are signed, and nobody told whether they entered into force or still are.
    """

    in_force: Sequence[AgreementLine]
    standing: Sequence[AgreementLine]
    others: Sequence[AgreementLine]
    weak: Sequence[AgreementLine]

    @property
    def total(self) -> int:
        """Return how many agreements are known of."""
        return len(self.in_force) + len(self.standing) + len(self.others) + len(self.weak)

    @property
    def first(self) -> Sequence[AgreementLine]:
        """Return those that count, in force or signed, the former first."""
        return (*self.in_force, *self.standing)


def agreements(found: Sequence[Agreement]) -> Agreements:
    """Return agreements by what they are worth."""
    sure = [each for each in found if each.confidence not in WEAK]
    apart = {IN_FORCE, *_CONCLUDED}
    return Agreements(
        in_force=[_agreement(each) for each in sure if each.state == IN_FORCE],
        standing=[_agreement(each) for each in sure if each.state in _CONCLUDED],
        others=[_agreement(each) for each in sure if each.state not in apart],
        weak=[_agreement(each) for each in found if each.confidence in WEAK],
    )


def _agreement(each: Agreement) -> AgreementLine:
    concluded = each.state in _CONCLUDED
    bare, dated = _STATES[each.state]
    told = partial_date(each.signed if concluded else each.as_of)
    signed = "" if concluded or not each.signed else partial_date(each.signed)
    return AgreementLine(
        code=each.code,
        name=label(each.labels),
        language=label_language(each.labels),
        origin=label(each.corridor.origin.labels),
        destination=label(each.corridor.destination.labels),
        url=url_for("pages.corridor", code=each.corridor_code),
        state=each.state,
        words=str(dated) % {"date": told} if told else str(bare),
        signed=str(_STATES["signed"][1]) % {"date": signed} if signed else "",
        inferred=each.year_inferred,
        note=each.note,
        source=source(each.source, each.confidence),
    )


def partial_date(given: str) -> str:
    """Return a date that is known to its year, month or day: `2018`, `2018-05`, `2018-05-11`."""
    parts = given.split("-")
    if len(parts) == 3:
        return format_date(date.fromisoformat(given))
    if len(parts) == 2:
        return format_month(date(int(parts[0]), int(parts[1]), 1))
    return given


_PROCESSES: Mapping[str, Any] = {
    "abu-dhabi-dialogue": _l("Abu Dhabi Dialogue"),
    "colombo-process": _l("Colombo Process"),
    "doha-dialogue": _l("Doha Dialogue"),
    "gcc": _l("Gulf Cooperation Council"),
    "safe-and-fair": _l("Safe and Fair (programme)"),
}
SIDES: Mapping[str, Any] = {
    "origin": _l("as a country of origin"),
    "destination": _l("as a country of destination"),
}


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """Hold a process that a country takes part in, on which side, and who says so."""

    name: str
    side: str
    source: Source


def processes(country: Country) -> list[ProcessLine]:
    """Return the processes that a country or territory takes part in."""
    return [
        ProcessLine(
            name=str(word),
            side=str(SIDES.get(country.processes[code], "")),
            source=_process_source(country, code),
        )
        for code, word in _PROCESSES.items()
        if country.processes.get(code)
    ]


def _process_source(country: Country, code: str) -> Source:
    """Return the part of a country's source that speaks of a process: `Doha Dialogue 2024: ...`."""
    stem = code.replace("-", " ")
    pieces = [piece.strip() for piece in country.source.split(";")]
    found = [piece for piece in pieces if piece.lower().startswith(stem)]
    return source(found[0].partition(": ")[2] if found else "", country.confidence)


@dataclass(frozen=True, slots=True)
class People:
    """Hold how many migrants live somewhere, and the shares of women and men where known."""

    total: int
    women: Decimal | None
    men: Decimal | None
    source: Source


def migrants(country: Country) -> People | None:
    """Return how many migrants lived in a country in 2020, None where there is no estimate."""
    total, share = country.migrants_2020, country.women_pct_2020
    if not total:
        return None
    return People(
        total=total,
        women=share,
        men=100 - share if share is not None else None,
        source=source(country.source, country.confidence, "migrants"),
    )
