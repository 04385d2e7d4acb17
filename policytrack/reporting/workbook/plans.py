"""Hold what a workbook would do: every row's end, and everything that is wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from policytrack.reporting.workbook.columns import Column, Sheet

# More faults than that are counted: whoever mends these will see the others the next time.
MOST_FAULTS = 500


class Outcome(StrEnum):
    """Name what a row does."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    PASSED = "passed"  # marked as demonstration, and left alone


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold one fault: where it is (row 0 for a sheet as a whole), and a sentence."""

    sheet: str
    row: int
    column: str
    sentence: object


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one field that a row changes, as cells say it."""

    heading: str
    before: str
    after: str


@dataclass(slots=True)
class Line:
    """Hold a row of a workbook once its cells are read: values by the names of columns.

    Columns that the workbook does not have, and empty cells that leave things as they are, have no
    value here.
    """

    sheet: Sheet
    number: int
    values: Mapping[str, str]
    faulty: bool = False

    @property
    def key(self) -> str:
        """Return what names the row's thing."""
        return self.values.get(self.sheet.key.name, "")

    @property
    def is_demonstration(self) -> bool:
        """Tell whether the workbook itself marks it as invented."""
        return self.values.get("demonstration") == "yes"

    def given(self, name: str) -> str:
        """Return a value, empty where the row says nothing."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Planned:
    """Hold what one row would do. `remark` says what follows from it, where it is not plain."""

    line: Line
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    remark: object = ""

    @property
    def label(self) -> str:
        """Return what people call the row's thing."""
        names = ("title", "name", "name_en")
        return next((text for name in names if (text := self.line.given(name))), "")


@dataclass(slots=True)
class Faults:
    """Gather faults, up to a few hundred; the others are counted."""

    listed: list[Fault] = field(default_factory=list)
    total: int = 0

    def add(self, sheet: str, sentence: object, *, row: int = 0, column: str = "") -> None:
        """Note a fault of a sheet, or of a row."""
        self.total += 1
        if len(self.listed) < MOST_FAULTS:
            self.listed.append(Fault(sheet, row, column, sentence))

    def of_line(self, line: Line, column: Column | str, sentence: object) -> None:
        """Note a fault of a row; it is refused."""
        line.faulty = True
        heading = (line.sheet.by_name[column] if isinstance(column, str) else column).heading
        self.add(line.sheet.name, sentence, row=line.number, column=heading)


@dataclass(slots=True)
class Report:
    """Hold what a whole workbook would do, or did. `acts` is for `applying`."""

    lines: dict[str, list[Planned]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    acts: Any = None

    def counts(self, sheet: str) -> Counter[Outcome]:
        """Return how many rows of a sheet meet which end."""
        return Counter(each.outcome for each in self.lines.get(sheet, ()))

    @property
    def changes(self) -> bool:
        """Tell whether anything would be written."""
        return any(
            each.outcome in {Outcome.NEW, Outcome.CHANGED}
            for planned in self.lines.values()
            for each in planned
        )

    @property
    def stamp(self) -> str:
        """Return a sign of what the workbook would do: two that are equal do the same."""
        digest = hashlib.sha256()
        for sheet, planned in self.lines.items():
            for each in planned:
                said = (sheet, each.line.number, each.line.key, each.outcome, *_flat(each.changes))
                digest.update(json.dumps(said).encode())
        return digest.hexdigest()[:40]


def _flat(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        yield from (change.heading, change.before, change.after)
