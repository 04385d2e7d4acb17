"""Read the filters of the library's list from an address; what makes no sense is left aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, or_, select, union_all

from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core import languages, paging
from policytrack.core.forms import clean_line, latin_digits
from policytrack.frameworks.models import Theme
from policytrack.library import rules
from policytrack.library.models import (
    LibraryDocument,
    LibraryRevision,
    library_corridor,
    library_country,
    library_sector,
    library_target_group,
    library_theme,
)
from policytrack.places.models import Corridor

_WORDS = 100


class Given(Protocol):
    """Offer the first value of each parameter, as `request.args` does."""

    def get(self, key: str, /) -> str | None:
        """Return the first value given under a name."""
        ...


def _any_of(words: Any) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


_SHAPES: Mapping[str, re.Pattern[str]] = {
    "type": _any_of(rules.Type),
    "theme": re.compile(r"[A-Z][0-9]{1,2}(\.[0-9]{1,2})?"),
    "sector": re.compile(r"[a-z0-9-]{1,40}"),
    "target_group": re.compile(r"[a-z0-9-]{1,40}"),
    "country": re.compile(r"[A-Z]{2}"),
    "corridor": re.compile(r"[A-Z]{2}-[A-Z]{2}"),
    "language": _any_of(languages.CONTENT),
    "group": _any_of(Group),
    "organisation": re.compile(r"[a-z0-9]{1,20}"),
    "status": _any_of(rules.LegalStatus),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Hold what the list is narrowed by; field names are the names of the parameters.

    `since` and `until` are years, 0 where none was given.
    """

    type: str = ""
    theme: str = ""  # an area stands for all its sub-themes
    sector: str = ""
    target_group: str = ""
    country: str = ""
    corridor: str = ""
    language: str = ""
    group: str = ""
    organisation: str = ""  # by public id
    status: str = ""
    since: int = 0
    until: int = 0
    q: str = ""
    page: int = 1

    @property
    def active(self) -> Mapping[str, str]:
        """Return the filters that narrow the list, as an address says them."""
        return {
            item.name: str(value)
            for item in fields(self)
            if item.name != "page" and (value := getattr(self, item.name))
        }

    def own(self) -> list[ColumnElement[bool]]:
        """Return clauses that the list of one kind of documents knows beside those of all."""
        return []


def parse(given: Given) -> Filters:
    """Return the filters of an address."""
    shaped = {
        name: value
        for name, shape in _SHAPES.items()
        if (value := given.get(name) or "") and shape.fullmatch(value)
    }
    return Filters(
        **shaped,
        since=_year(given.get("since")),
        until=_year(given.get("until")),
        q=clean_line((given.get("q") or "")[:_WORDS]),
        page=paging.number_of(given.get("page")),
    )


def _year(value: str | None) -> int:
    typed = latin_digits((value or "")[:8])
    return int(typed) if re.fullmatch(r"(1[5-9]|20|21)[0-9]{2}", typed) else 0


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the clauses on `LibraryDocument` and its `LibraryRevision` that filters ask for."""
    text = LibraryRevision
    found: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (text.type, filters.type),
            (text.language, filters.language),
            (text.legal_status, filters.status),
        )
        if value
    ]
    if filters.theme:
        codes = select(Theme.code).where(
            or_(Theme.code == filters.theme, Theme.parent_code == filters.theme)
        )
        found.append(_tied(library_theme, library_theme.c.theme_code.in_(codes)))
    if filters.sector:
        found.append(_tied(library_sector, library_sector.c.sector_code == filters.sector))
    if filters.target_group:
        found.append(
            _tied(
                library_target_group,
                library_target_group.c.target_group_code == filters.target_group,
            )
        )
    if filters.country:
        found.append(_concerns(filters.country))
    if filters.corridor:
        ids = select(Corridor.id).where(Corridor.code == filters.corridor)
        found.append(_tied(library_corridor, library_corridor.c.corridor_id.in_(ids)))
    if filters.group:
        bodies = select(Constituent.id).where(Constituent.group == filters.group)
        found.append(LibraryDocument.constituent_id.in_(bodies))
    if filters.organisation:
        bodies = select(Constituent.id).where(Constituent.public_id == filters.organisation)
        found.append(LibraryDocument.constituent_id.in_(bodies))
    if filters.since:
        found.append(text.issued_on >= date(filters.since, 1, 1))
    if filters.until:
        found.append(text.issued_on <= date(filters.until, 12, 31))
    if filters.q:
        found.append(
            or_(
                *(
                    column.icontains(filters.q, autoescape=True)
                    for column in (text.title, text.summary, text.official_number)
                )
            )
        )
    return [*found, *filters.own()]


def _tied(link: Any, on: ColumnElement[bool]) -> ColumnElement[bool]:
    return LibraryRevision.id.in_(select(link.c.revision_id).where(on))


def _concerns(iso2: str) -> ColumnElement[bool]:
    """Return the clause for a country: named, or at an end of a corridor that is named."""
    corridors = select(Corridor.id).where(
        or_(Corridor.origin_iso2 == iso2, Corridor.destination_iso2 == iso2)
    )
    named = union_all(
        select(library_country.c.revision_id).where(library_country.c.country_iso2 == iso2),
        select(library_corridor.c.revision_id).where(library_corridor.c.corridor_id.in_(corridors)),
    )
    return LibraryRevision.id.in_(named)
