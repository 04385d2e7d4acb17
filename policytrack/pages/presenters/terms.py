"""Show what commitments are classified by: names with their pages and how many stand under each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.core.db import Labels
from policytrack.core.i18n import collated, label, label_language, language
from policytrack.core.i18n import gettext as _
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.pages.queries.classified import LedFrom
from policytrack.places.models import Country
from policytrack.progress.rules import Status


@dataclass(frozen=True, slots=True)
class Term:
    """Hold a name and its page; `count` is how many commitments stand under it."""

    code: str
    name: str
    language: str
    url: str
    count: int = 0


def term(code: str, labels: Labels, url: str, count: int = 0) -> Term:
    """Return a name in the reader's language, or the nearest."""
    return Term(code, label(labels), label_language(labels), url, count)


def _terms(
    found: Sequence[Any], counts: Mapping[str, int], address: Callable[[str], str]
) -> list[Term]:
    return [
        term(each.code, each.labels, address(each.code), counts.get(each.code, 0)) for each in found
    ]


def theme_terms(found: Sequence[Theme], counts: Mapping[str, int] | None = None) -> list[Term]:
    """Return themes with their pages."""
    return _terms(found, counts or {}, lambda code: url_for("pages.theme", code=code))


def sector_terms(found: Sequence[Sector], counts: Mapping[str, int] | None = None) -> list[Term]:
    """Return sectors with their pages."""
    return _terms(found, counts or {}, lambda code: url_for("pages.sector", code=code))


def target_group_terms(
    found: Sequence[TargetGroup], counts: Mapping[str, int] | None = None
) -> list[Term]:
    """Return target groups with their pages."""
    return _terms(found, counts or {}, lambda code: url_for("pages.target_group", code=code))


def country_term(country: Country | LedFrom) -> Term:
    """Return a country or territory with its page."""
    return term(country.iso2, country.labels, url_for("pages.country", iso2=country.iso2))


def regional_term() -> Term:
    """Return what stands in a country's place for organisations that belong to none."""
    return Term("", _("Regional organisations"), language().code, "")


def country_terms(found: Sequence[Country]) -> list[Term]:
    """Return countries and territories with their pages, in the reader's order."""
    terms = [country_term(each) for each in found]
    return collated(terms, [each.name for each in terms], language().code)


@dataclass(frozen=True, slots=True)
class LedFromLine:
    """Hold how many commitments led from a country have each status, in the order of statuses."""

    place: Term
    counts: Sequence[int]
    total: int


def led_from_lines(found: Sequence[LedFrom]) -> list[LedFromLine]:
    """Return the countries of the leads in the reader's order, regional organisations last."""
    lines = [
        LedFromLine(
            place=country_term(each) if each.iso2 else regional_term(),
            counts=[each.standing.counts.get(status, 0) for status in (*Status, None)],
            total=each.standing.total,
        )
        for each in found
    ]
    ordered = collated(lines, [line.place.name for line in lines], language().code)
    return sorted(ordered, key=lambda line: not line.place.code)
