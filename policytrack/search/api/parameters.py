"""Read the parameters of a request strictly: a slip must not pass for an answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from policytrack.core.forms import latin_digits
from policytrack.core.i18n import gettext as _
from policytrack.search import given
from policytrack.search.engine import FILTERS, LAST_PAGE, PAGE_SIZE, SORTS, Wanted

LARGEST_PAGE = 100
MOST_CODES = 50
SINGLE = ("q", "sort", "page", "per_page")

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_YEARS = re.compile(r"(\d{4})(?:\.\.(\d{4})?)?|\.\.(\d{4})")
# The years that an open end reaches.
_FIRST_YEAR, _LAST_YEAR = 1800, 2200


@dataclass(slots=True)
class _Reader:
    given: MultiDict[str, str]
    kinds: Collection[str]
    faults: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, usual: int, most: int) -> int:
        """Return a whole number from 1 to `most`."""
        text = self.given.get(name)
        if text is None:
            return usual
        found = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
        if not 1 <= found <= most:
            self.faults[name] = _("Give a whole number from 1 to %(most)s.", most=most)
        return found

    def sort(self) -> str:
        chosen = self.given.get("sort", SORTS[0])
        if chosen not in SORTS:
            self.faults["sort"] = _("Give one of: %(choices)s.", choices=", ".join(SORTS))
        return chosen

    def codes(self, name: str) -> tuple[str, ...]:
        """Return the values of a filter, once each."""
        values = tuple(dict.fromkeys(self.given.getlist(name)))
        if name == "year":
            return self._years(values)
        if len(values) > MOST_CODES:
            self.faults[name] = _("Give at most %(most)s values.", most=MOST_CODES)
        elif not all(_CODE.fullmatch(value) for value in values):
            self.faults[name] = _("Give codes, such as they stand among the facets of an answer.")
        elif name == "kind" and set(values) - set(self.kinds):
            known = ", ".join(sorted(self.kinds))
            self.faults[name] = _("Give one of: %(choices)s.", choices=known)
        return values

    def _years(self, values: tuple[str, ...]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for value in values[:MOST_CODES]:
            years = _YEARS.fullmatch(latin_digits(value))
            if years is None:
                self.faults["year"] = _("Give a year of four digits, or years as 2018..2023.")
                return ()
            first = int(years[1] or _FIRST_YEAR)
            last = int(years[2] or years[3] or (_LAST_YEAR if ".." in value else first))
            if first > last:
                first, last = last, first
            span = range(max(first, _FIRST_YEAR), min(last, _LAST_YEAR) + 1)
            found |= dict.fromkeys(map(str, span if first < last else (first,)))
        if len(values) > MOST_CODES:
            self.faults["year"] = _("Give at most %(most)s values.", most=MOST_CODES)
        return tuple(found)


def read(
    parameters: MultiDict[str, str], kinds: Collection[str]
) -> tuple[Wanted, Mapping[str, str]]:
    """Return what a program wants, and what is wrong with how it says so, by parameter."""
    reader = _Reader(parameters, kinds)
    for name in parameters:
        if name not in (*SINGLE, *FILTERS):
            reader.faults[name[:100]] = _("There is no such parameter.")
        elif name in SINGLE and len(parameters.getlist(name)) > 1:
            reader.faults[name] = _("Give it once.")
    wanted = Wanted(
        typed=given.typed(parameters.get("q", "")),
        filters={name: codes for name in FILTERS if (codes := reader.codes(name))},
        sort=reader.sort(),
        page=reader.number("page", 1, LAST_PAGE),
        size=reader.number("per_page", PAGE_SIZE, LARGEST_PAGE),
    )
    return wanted, reader.faults
