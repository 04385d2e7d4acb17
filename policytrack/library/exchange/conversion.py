"""Read and write practices in the columns of other databases, and say what does not go across."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from policytrack.core.cells import joined, several
from policytrack.core.text import excerpt
from policytrack.exports.tables import Cell
from policytrack.library import rules
from policytrack.library.description import TIES
from policytrack.library.exchange.manifest import KEYS, PATH, column
from policytrack.library.exchange.pairs import PAIRS, Two
from policytrack.library.exchange.profiles import Heading, Profile
from policytrack.library.queries import Reference
from policytrack.library.rules import Type

_LISTS = frozenset({*TIES, *rules.PRACTICE_LISTS, "files"})
# How much of a summary stands for a title.
_TITLE = 120
_EVERYWHERE = "Global coverage"
_GLOBAL = frozenset({"global", "global coverage", "worldwide"})
# How others write what we keep as a number: Objective 6: …, SDG 8, Target 8.8.
_NUMBER = re.compile(
    r"(?:gcm\s+)?(?:objective|principle|sdg|goal|target)\s*(\d{1,2}(?:\.\w{1,2})?)\b.*",
    re.IGNORECASE | re.DOTALL,
)


class Lost(NamedTuple):
    """Hold a column that does not go across: how many cells of it say something, and why."""

    column: str
    cells: int
    reason: str


@dataclass(frozen=True)
class Names:
    """Hold what themes, countries and the like are called, by field."""

    labels: Mapping[str, Mapping[str, str]]
    codes: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, reference: Reference) -> Names:
        """Return the names of reference data: written in English, read in any language."""
        labels: dict[str, dict[str, str]] = {}
        codes: dict[str, dict[str, str]] = {}
        for name, things in (("themes", reference.themes), ("countries", reference.countries)):
            key = TIES[name].key
            taken: Counter[str] = Counter(each.labels["en"].casefold() for each in things)
            for each in things:
                code = str(getattr(each, key))
                english = each.labels["en"]
                alone = taken[english.casefold()] == 1
                labels.setdefault(name, {})[code] = english if alone else code
                for word in (*(each.labels.values() if alone else ()), code):
                    codes.setdefault(name, {})[word.casefold()] = code
        return cls(labels, codes)


def theirs(profile: Profile, said: Mapping[str, Cell], names: Names) -> dict[str, str]:
    """Return what a practice says in another database's columns; `said` are our columns."""
    return {each.name: _written(each.fields, said, names) for each in profile.written}


def _written(fields: tuple[str, ...], said: Mapping[str, Cell], names: Names) -> str:
    if len(fields) > 1:
        join, _split = PAIRS[_two(fields)]
        return join(*(_text(said[name]) for name in fields))
    (name,) = fields
    value = said[name]
    if not isinstance(value, tuple):
        return _text(value)
    if name == "countries" and not value and _text(said["scope"]).casefold() in _GLOBAL:
        return _EVERYWHERE
    labels = names.labels.get(name, {})
    return joined(labels.get(each, each) for each in value)


def _two(fields: tuple[str, ...]) -> Two:
    first, second = fields
    return first, second


def _text(value: Cell) -> str:
    return "" if value is None else str(value)


# What stands beside another database's columns, or is the same of all its rows.
_OURS_ALONE = frozenset(
    {"id", "title", "type", "path", "further_paths", "address", "files", "sha256"}
)


def not_carried(profile: Profile, found: Iterable[Mapping[str, Cell]]) -> list[Lost]:
    """Return our columns that say something and have none there, after those we do not hold."""
    counted: Counter[str] = Counter()
    for said in found:
        counted.update(name for name, value in said.items() if value)
    ours = [
        Lost(name, count, f"{profile.code} has no column for it")
        for name, count in counted.items()
        if name not in profile.carried | _OURS_ALONE
    ]
    return [*_not_held(profile, {}), *ours]


def _not_held(profile: Profile, counted: Mapping[str, int]) -> list[Lost]:
    return [
        Lost(each.name, counted.get(each.name, 0), "we hold no such field")
        for each in profile.headings
        if not each.fields
    ]


@dataclass
class Reader:
    """Read the rows of another database's table as rows of a manifest, and count what is lost.

    Our own columns may stand beside theirs: a path, an id, a language.
    """

    profile: Profile
    names: Names
    counted: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    untitled: int = 0

    def __post_init__(self) -> None:
        self._headings = {column(each.name): each for each in self.profile.headings}

    def __call__(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return a row in our columns; what is theirs alone is counted and left out."""
        ours: dict[str, str] = {}
        found = [
            (self._headings[name], text) for name, text in cells.items() if name in self._headings
        ]
        for heading, text in sorted(found, key=lambda each: not each[0].sure):
            if text:
                self.counted[heading.name] += 1
                self._put(ours, heading, text)
        own = {name: text for name, text in cells.items() if name not in self._headings}
        said = {"type": Type.PRACTICE.value, **ours, **own}
        if not said.get("title") and said.get("summary"):
            said["title"] = excerpt(said["summary"], _TITLE)
            self.untitled += 1
        return {**said, **self._key(said)}

    def _put(self, ours: dict[str, str], heading: Heading, text: str) -> None:
        if len(heading.fields) > 1:
            _join, split = PAIRS[_two(heading.fields)]
            for name, part in zip(heading.fields, split(text), strict=True):
                _add(ours, name, part)
        elif heading.fields:
            (name,) = heading.fields
            _add(ours, name, self._list(ours, heading, text) if name in _LISTS else text)

    def _list(self, ours: dict[str, str], heading: Heading, text: str) -> str:
        (name,) = heading.fields
        items = several(text.replace("\n", ";"))
        if name in rules.PRACTICE_LISTS:
            items = [found[1] if (found := _NUMBER.fullmatch(each)) else each for each in items]
        known = self.names.codes.get(name)
        if known is None:
            return joined(items)
        codes = [known[each.casefold()] for each in items if each.casefold() in known]
        others = [each for each in items if each.casefold() not in known]
        if name == "countries":
            self._elsewhere(ours, heading, others)
            others = []
        return joined([*codes, *others])

    def _elsewhere(self, ours: dict[str, str], heading: Heading, others: Sequence[str]) -> None:
        """Keep what is no country: the world as a scope, a continent as a region."""
        for each in others:
            _add(ours, "scope" if each.casefold() in _GLOBAL else "subregions", each)
        self.moved[heading.name] += bool(others)

    def _key(self, said: Mapping[str, str]) -> dict[str, str]:
        """Return by what a practice is known when it comes again: its title, if nothing else."""
        title = said.get("title", "")
        if not title or any(said.get(name) for name in (PATH, *KEYS)):
            return {}
        digest = hashlib.sha256(" ".join(title.casefold().split()).encode()).hexdigest()
        return {"source_key": f"{self.profile.code}:title-{digest[:16]}"}

    def lost(self) -> list[Lost]:
        """Return what did not go across, or went elsewhere than its column says."""
        files = [each for each in self.profile.headings if "files" in each.fields]
        untitled = Lost("title", self.untitled, "made of the beginning of the summary")
        return [
            *((untitled,) if self.untitled else ()),
            *_not_held(self.profile, self.counted),
            *(
                Lost(each.name, self.counted[each.name], "addresses of files are not fetched")
                for each in files
                if self.counted[each.name]
            ),
            *(
                Lost(name, count, "what is no country is kept as scope or region")
                for name, count in self.moved.items()
                if count
            ),
            *(
                Lost(each.name, self.counted[each.name], "taken over; its heading is not verified")
                for each in self.profile.headings
                if not each.sure and each.fields and self.counted[each.name]
            ),
        ]


def _add(ours: dict[str, str], name: str, text: str) -> None:
    """Put a text into a field, after what another column says of it."""
    before = ours.get(name, "")
    if not before:
        ours[name] = text
    elif text and text not in before.split("; "):
        ours[name] = f"{before}; {text}"
