"""Say what other databases of practices call our fields, after `practice_profiles.csv`.

Each line of the table holds where it was read and how sure that is. A heading marked low is
understood when it comes in; it is written only for a field that has no surer heading.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

# As they call themselves, in every language.
PROFILE_NAMES: Mapping[str, str] = {
    "unnm": "UN Network on Migration",
    "gfmd": "GFMD",
    "ilo": "ILO",
    "micic": "MICIC",
}
_TABLE = "practice_profiles.csv"
_LOW = "low"


@dataclass(frozen=True, slots=True)
class Heading:
    """Hold a column of another database, and which of our fields it has; none: we hold no such."""

    name: str
    fields: tuple[str, ...]
    note: str
    source: str
    confidence: str

    @property
    def sure(self) -> bool:
        """Tell whether the heading is known rather than guessed."""
        return self.confidence != _LOW


@dataclass(frozen=True, slots=True)
class Profile:
    """Hold the columns of another database, in the order of its pages."""

    code: str
    headings: Sequence[Heading]

    @property
    def written(self) -> list[Heading]:
        """Return the columns that are written: of those for one field the surest and first."""
        surer: set[str] = set()
        kept = []
        for heading in sorted(self.headings, key=lambda each: not each.sure):
            if not set(heading.fields) <= surer:
                kept.append(heading)
            surer.update(heading.fields)
        return [heading for heading in self.headings if heading in kept]

    @property
    def carried(self) -> frozenset[str]:
        """Return our fields that have a column there."""
        return frozenset(name for heading in self.headings for name in heading.fields)


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the profiles by their codes."""
    text = resources.files(__package__).joinpath(_TABLE).read_text(encoding="utf-8")
    found: dict[str, list[Heading]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        fields = tuple(filter(None, row["our_field"].split(";")))
        heading = Heading(row["their_field"], fields, row["note"], row["source"], row["confidence"])
        found.setdefault(row["profile"], []).append(heading)
    return {code: Profile(code, tuple(headings)) for code, headings in found.items()}
