"""Hold what is wrong with data files, each fault with its place and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policytrack.core.errors import DomainError
from policytrack.core.i18n import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold one fault: the file, the line (0 for the file itself), the column, what is wrong."""

    file: str
    line: int
    column: str
    sentence: object

    def __str__(self) -> str:
        places = [self.file, f"line {self.line}" if self.line else "", self.column]
        return f"{', '.join(place for place in places if place)}: {self.sentence}"


class FaultyData(DomainError):
    """Refuse data files as a whole; `faults` are in the order of the files."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = str(self.faults[0])
        more = len(self.faults) - 1
        super().__init__(
            _("%(first)s (and %(more)s more)", first=first, more=more) if more else first
        )
