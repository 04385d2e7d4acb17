"""Plan the organisations of a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.rules import Group, seat_roles
from policytrack.core.i18n import lazy_gettext as _
from policytrack.reporting.workbook import known
from policytrack.reporting.workbook.planning import lines as reading
from policytrack.reporting.workbook.plans import Faults, Line, Planned


@dataclass(slots=True)
class Organisations:
    """Hold organisations as they will stand, by code, and what is to be written of them.

    `rows` are the numbers of the rows that name them.
    """

    cells: dict[str, dict[str, str]]
    rows: dict[str, int] = field(default_factory=dict)
    given: dict[str, dict[str, str]] = field(default_factory=dict)


def plan(
    session: Session, here: Mapping[str, Constituent], found: Sequence[Line], faults: Faults
) -> tuple[list[Planned], Organisations]:
    """Return what the rows do, and organisations as they will stand."""
    made = Organisations({code: known.organisation_cells(body) for code, body in here.items()})
    regrouped: dict[str, Line] = {}
    planned = []
    kept = {id(line) for line in reading.distinct(found, faults, lambda line: line.key.casefold())}
    by_case = {code.casefold(): code for code in here}
    for line in found:
        if id(line) not in kept:
            planned.append(reading.ended(line, (), is_new=True))
            continue
        code = by_case.get(line.key.casefold(), line.key)
        planned.append(_one(line, code, made, faults))
        before = here.get(code)
        moves = before is not None and line.values.get("group", before.group) != before.group
        if moves and not line.is_demonstration:
            regrouped[code] = line
    _check_seats(session, regrouped, here, faults)
    _check_focal_ministries(made, here, found, faults)
    # What the last two found stands on rows that were looked at already.
    return [
        reading.ended(each.line, (), is_new=False) if each.line.faulty else each for each in planned
    ], made


def _one(line: Line, code: str, made: Organisations, faults: Faults) -> Planned:
    before = made.cells.get(code)
    if line.is_demonstration:
        return reading.passed(line)
    if before and before["demonstration"]:
        faults.of_line(line, "code", reading.INVENTED)
    if before and code != line.key:
        faults.of_line(
            line, "code", _("Here this code is written “%(code)s”. Write it so.", code=code)
        )
    reading.check_required(line, before, faults)
    after = {**(before or {}), **line.values}
    if after.get("focal_ministry") and after.get("group") != Group.GOVERNMENTS:
        faults.of_line(line, "focal_ministry", _("Only a ministry can be the focal ministry."))
    elif after.get("focal_ministry") and not after.get("country"):
        faults.of_line(
            line, "focal_ministry", _("A focal ministry belongs to a country or territory.")
        )
    changed = reading.changes(line.sheet, before or {}, line.values)
    if not line.faulty:
        made.rows[code] = line.number
        made.cells[code] = {**dict.fromkeys(line.sheet.by_name, ""), **after}
        if changed or before is None:
            made.given[code] = dict(line.values)
    return reading.ended(line, changed, is_new=before is None)


def _check_seats(
    session: Session,
    regrouped: Mapping[str, Line],
    here: Mapping[str, Constituent],
    faults: Faults,
) -> None:
    """Note organisations whose members could not keep their roles in the other group."""
    for code, line in regrouped.items():
        group = line.given("group")
        if not group:
            continue
        held = session.scalars(
            select(Membership.role)
            .where(Membership.constituent_id == here[code].id, Membership.ended_at.is_(None))
            .distinct()
        )
        if set(held) - set(seat_roles(group)):
            faults.of_line(
                line,
                "group",
                _(
                    "Its members hold roles that an organisation of this group does not give. End"
                    " their seats first, on the page of its members."
                ),
            )


def _check_focal_ministries(
    made: Organisations,
    here: Mapping[str, Constituent],
    found: Sequence[Line],
    faults: Faults,
) -> None:
    """Note a second focal ministry of a country, where a row makes it one."""
    by_country: dict[str, list[str]] = {}
    for code, cells in made.cells.items():
        counts = cells["country"] and not (cells["retired"] or cells["demonstration"])
        if cells["focal_ministry"] and counts:
            by_country.setdefault(cells["country"], []).append(code)
    of_row = {line.key: line for line in found}
    for country, codes in by_country.items():
        changed = [
            code
            for code in codes
            if made.given.get(code, {}).get("focal_ministry")
            and not (code in here and here[code].focal_ministry)
        ]
        if len(codes) < 2 or not changed:
            continue
        line = of_row[changed[-1]]
        other = next(code for code in codes if code != line.key)
        faults.of_line(
            line,
            "focal_ministry",
            _(
                "%(other)s is the focal ministry of %(country)s already. There is one for each"
                " country.",
                other=other,
                country=country,
            ),
        )
