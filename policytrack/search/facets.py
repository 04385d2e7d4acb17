"""Turn the counts of an answer into what the search page offers to narrow or widen it by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policytrack.core import languages
from policytrack.core.i18n import collated, format_number, label, language, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.search.addresses import address
from policytrack.search.asking.naming import Names
from policytrack.search.engine import FILTERS, Found, Wanted
from policytrack.search.words import FACET_WORDS

# So many choices stand open; the rest waits behind a disclosure.
_SHOWN = 6
# Facets whose codes stand in one order for everybody, whatever their counts.
_ORDERED = frozenset({"kind", "group", "status", "gender", "legal", "year"})
# These lie open before anything is chosen in them.
_OPEN = frozenset({"kind", "theme", "country"})


@dataclass(frozen=True, slots=True)
class Option:
    """Hold one choice of a facet; `count` is how many results have it, as the filters stand."""

    code: str
    label: str
    chosen: bool
    count: int

    @property
    def said(self) -> str:
        """Return the count as a sentence, for who hears the page."""
        return ngettext(
            "%(count)s result", "%(count)s results", self.count, count=format_number(self.count)
        )


@dataclass(frozen=True, slots=True)
class Facet:
    """Hold a facet with what can be chosen in it: `first` stands open, `rest` is disclosed."""

    name: str
    label: str
    first: Sequence[Option]
    rest: Sequence[Option]

    @property
    def chosen(self) -> int:
        """Return how many choices are made."""
        return sum(option.chosen for option in (*self.first, *self.rest))

    @property
    def lies_open(self) -> bool:
        """Tell whether its choices are seen at once."""
        return self.name in _OPEN or self.chosen > 0


@dataclass(frozen=True, slots=True)
class Chip:
    """Hold a filter in use, with the address of the search without it."""

    facet: str
    label: str
    url: str


def facets(found: Found, wanted: Wanted) -> list[Facet]:
    """Return the facets in which anything can be chosen."""
    offered = [_facet(found, wanted, name) for name in FILTERS]
    return [facet for facet in offered if facet.first]


def chips(found: Found, wanted: Wanted) -> list[Chip]:
    """Return what is chosen, in the order of the facets."""
    return [
        Chip(str(FACET_WORDS[name]), called(found.names, name, code), _without(wanted, name, code))
        for name in FILTERS
        for code in wanted.filters.get(name, ())
    ]


def called(names: Names, facet: str, code: str) -> str:
    """Return what a code is called; itself where that is not known."""
    if facet == "language":
        return languages.name(code)
    if facet == "corridor" and code in names.labels["corridor"]:
        origin, destination = (label(names.labels["country"].get(end, {})) for end in _ends(code))
        return _("%(origin)s to %(destination)s", origin=origin, destination=destination)
    return label(names.labels.get(facet, {}).get(code, {})) or code


def _ends(corridor: str) -> tuple[str, str]:
    origin, _dash, destination = corridor.partition("-")
    return origin, destination


def _without(wanted: Wanted, name: str, code: str) -> str:
    left = [each for each in wanted.filters[name] if each != code]
    return address(wanted, filters={**wanted.filters, name: left})


def _facet(found: Found, wanted: Wanted, name: str) -> Facet:
    names = found.names
    counts, chosen = found.counts[name], wanted.filters.get(name, ())
    codes = _in_order(names, name, [*counts, *(code for code in chosen if code not in counts)])
    if name not in _ORDERED:
        codes.sort(key=lambda code: (code not in chosen, -counts.get(code, 0)))
    options = [
        Option(code, called(names, name, code), code in chosen, counts.get(code, 0))
        for code in codes
    ]
    # One more is no reason to hide it.
    shown = len(options) if len(options) <= _SHOWN + 1 else _SHOWN
    first, rest = options[:shown], options[shown:]
    first += [option for option in rest if option.chosen]
    return Facet(
        name, str(FACET_WORDS[name]), first, [option for option in rest if not option.chosen]
    )


def _in_order(names: Names, name: str, codes: Sequence[str]) -> list[str]:
    """Return codes in the order of their kind, or else of their names."""
    if name == "year":
        return sorted(codes, reverse=True)
    known: Mapping[str, object] = names.labels[name]
    if name in {"country", "corridor", "language"}:
        return collated(codes, [called(names, name, code) for code in codes], language().code)
    place = {code: at for at, code in enumerate(known)}
    return sorted(codes, key=lambda code: (place.get(code, len(place)), code))
