"""Read the filters of the list from an address; what makes no sense is left aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Protocol

from policytrack.constituents.rules import Group
from policytrack.core import ids, paging
from policytrack.core.forms import clean_line


class Sort(StrEnum):
    """Name an order of the list."""

    DUE = "due"
    CODE = "code"
    RECENT = "recent"


class Given(Protocol):
    """Offer the first value of each parameter, as `request.args` does."""

    def get(self, key: str, /) -> str | None:
        """Return the first value given under a name."""
        ...


_WORDS = 100
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "framework": re.compile(r"[A-Z][A-Z0-9-]{0,19}"),
    "provision": re.compile(r"[A-Z][A-Z0-9-]{0,19}:[A-Za-z0-9.]{1,20}"),
    "theme": re.compile(r"[A-Z][0-9]{1,2}(\.[0-9]{1,2})?"),
    "sector": re.compile(r"[a-z0-9-]{1,40}"),
    "target": re.compile(r"[a-z0-9-]{1,40}"),
    "country": re.compile(r"[A-Z]{2}"),
    "corridor": re.compile(r"[A-Z]{2}-[A-Z]{2}"),
    "group": re.compile("|".join(Group)),
    "lead": ids.PATTERN,
    "supporter": ids.PATTERN,
    "gender": re.compile(r"[0-3]"),
    "overdue": re.compile("1"),
    "sort": re.compile("|".join(Sort)),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Hold what a list is narrowed by; field names are the names of the parameters."""

    framework: str = ""
    provision: str = ""  # "BALI:B1"
    theme: str = ""  # an area stands for all its sub-themes
    sector: str = ""
    target: str = ""
    country: str = ""
    corridor: str = ""
    group: str = ""
    lead: str = ""
    supporter: str = ""
    gender: str = ""
    due_from: date | None = None
    due_to: date | None = None
    overdue: str = ""
    words: str = ""
    sort: Sort = Sort.DUE
    page: int = 1

    @property
    def active(self) -> Mapping[str, object]:
        """Return the filters that narrow the list, by parameter."""
        return {
            item.name: value
            for item in fields(self)
            if item.name not in {"sort", "page"} and (value := getattr(self, item.name))
        }


def parse(given: Given) -> Filters:
    """Return the filters of an address; the words stand in its parameter `q`."""
    shaped = {
        name: value
        for name, shape in _SHAPES.items()
        if (value := given.get(name) or "") and shape.fullmatch(value)
    }
    sort = Sort(shaped.pop("sort", Sort.DUE))
    return Filters(
        **shaped,
        due_from=_day(given.get("due_from")),
        due_to=_day(given.get("due_to")),
        words=clean_line((given.get("q") or "")[:_WORDS]),
        sort=sort,
        page=paging.number_of(given.get("page")),
    )


def _day(value: str | None) -> date | None:
    if not value or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
