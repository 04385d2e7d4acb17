"""Plan the indicators and milestones of one commitment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from policytrack.commitments.rules import PlannedIndicator, PlannedMilestone
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.translations import same_language
from policytrack.reference.rules import LANGUAGES
from policytrack.reporting.workbook import known
from policytrack.reporting.workbook.planning import lines as reading
from policytrack.reporting.workbook.plans import Change, Faults, Line, Planned
from policytrack.reporting.workbook.sheets import MOST_PARTS

T = TypeVar("T")
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Say how one kind of part becomes cells, and cells a part."""

    cells: Callable[[T, str], dict[str, str]]
    made: Callable[[T | None, Mapping[str, str], Cells], T]


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _indicator(
    before: PlannedIndicator | None, labels: Mapping[str, str], cells: Cells
) -> PlannedIndicator:
    given: dict[str, Any] = {
        "labels": labels,
        "unit": cells["unit"],
        "baseline": _number(cells["baseline"]),
        "baseline_on": _date(cells["baseline_on"]),
        "target": _number(cells["target"]),
        "target_on": _date(cells["target_on"]),
    }
    return replace(before, **given) if before else PlannedIndicator(public_id="", **given)


def _milestone(
    before: PlannedMilestone | None, labels: Mapping[str, str], cells: Cells
) -> PlannedMilestone:
    given: dict[str, Any] = {
        "labels": labels,
        "due_on": date.fromisoformat(cells["due_on"]),
        "met_on": _date(cells["met_on"]),
    }
    return replace(before, **given) if before else PlannedMilestone(key="", **given)


INDICATORS: Part[PlannedIndicator] = Part(known.indicator_cells, _indicator)
MILESTONES: Part[PlannedMilestone] = Part(known.milestone_cells, _milestone)


def repeats(part: Part[T], present: Sequence[T], lines: Sequence[Line], language: str) -> bool:
    """Tell whether all rows say what stands here already."""
    for line in lines:
        number = int(line.given("number"))
        if not 1 <= number <= len(present):
            return False
        here = part.cells(present[number - 1], language)
        if any(text != here[name] for name, text in _said(line, language).items()):
            return False
    return True


def _said(line: Line, language: str) -> dict[str, str]:
    own = f"name_{language}"
    left = {"commitment", "number", "demonstration"}
    said = {name: text for name, text in line.values.items() if name not in left}
    # The name in the text's own language may stand in either column.
    if said.get(own) and said.get("name") in {"", None, said[own]}:
        said["name"] = said[own]
    if said.get(own) == said.get("name"):
        said.pop(own, None)
    return said


def merged(
    part: Part[T], present: Sequence[T], lines: Sequence[Line], language: str, faults: Faults
) -> tuple[list[T], list[Planned]]:
    """Return the parts as they shall be, those that no row names included, and what rows do."""
    after = list(present)
    numbers = {int(line.given("number")) for line in lines}
    planned = []
    for line in sorted(lines, key=lambda line: int(line.given("number"))):
        number = int(line.given("number"))
        if not set(range(len(present) + 1, number + 1)) <= numbers or not number:
            missing = min(set(range(len(present) + 1, len(present) + 1 + MOST_PARTS)) - numbers)
            sentence = _("The numbers run 1, 2, 3 and so on: the next is %(next)s.", next=missing)
            faults.of_line(line, "number", sentence)
        is_new = number > len(present)
        made, changed = _one(part, present[number - 1 : number], line, language, faults)
        planned.append(reading.ended(line, changed, is_new=is_new))
        if is_new:
            after += made
        elif made and changed:
            after[number - 1] = made[0]
    return after, planned


def _one(
    part: Part[T], present: Sequence[T], line: Line, language: str, faults: Faults
) -> tuple[list[T], tuple[Change, ...]]:
    """Return the part that a row makes of the one that is present, and what it changes.

    None is made of a row with a fault.
    """
    if line.faulty:
        return [], ()
    before = present[0] if present else None
    here = part.cells(before, language) if before is not None else None
    said = _said(line, language)
    _check(line, here, said, language, faults)
    changed = reading.changes(line.sheet, here or {}, said)
    cells = {**dict.fromkeys(line.sheet.by_name, ""), **(here or {}), **said}
    labels = _labels(getattr(before, "labels", {}), here, said, language)
    return ([part.made(before, labels, cells)] if _is_sound(line) else []), changed


def _is_sound(line: Line) -> bool:
    return not line.faulty


def _check(line: Line, here: Cells | None, said: Cells, language: str, faults: Faults) -> None:
    reading.check_required(line, here, faults)
    names = {**(here or {}), **said}
    if not any(names.get(name) for name in ("name", *(f"name_{code}" for code in LANGUAGES))):
        faults.of_line(line, "name", _("Fill this in."))
    if said.get(f"name_{language}"):
        faults.of_line(
            line,
            f"name_{language}",
            _("This is the language of the text: write the name into the column “Name” only."),
        )


def _labels(
    present: Mapping[str, str], here: Cells | None, said: Cells, language: str
) -> dict[str, str]:
    # A new name makes the translations of the old one wrong.
    same = here is None or said.get("name", here["name"]) == here["name"]
    labels = dict(present) if same else {}
    if "name" in said:
        labels[language] = said["name"]
    for code in LANGUAGES:
        if said.get(f"name_{code}") and not same_language(code, language):
            labels[code] = said[f"name_{code}"]
    return {code: name for code, name in labels.items() if name}
