"""Plan the people of a workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState
from policytrack.constituents.rules import seat_roles
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Role
from policytrack.reporting.workbook import known
from policytrack.reporting.workbook.known import Person
from policytrack.reporting.workbook.planning import lines as reading
from policytrack.reporting.workbook.planning.organisations import Organisations
from policytrack.reporting.workbook.plans import Change, Faults, Line, Planned


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what is to be written of a person; `seat` is (organisation, role) of a new seat."""

    mail: str
    name: str
    language: str
    offices: frozenset[Role]
    known: Person | None
    seat: tuple[str, str] | None


@dataclass(slots=True)
class People:
    """Hold what is to be written of people."""

    wanted: list[Wanted] = field(default_factory=list)


def plan(
    session: Session, bodies: Organisations, found: Sequence[Line], faults: Faults
) -> tuple[list[Planned], People]:
    """Return what the rows do."""
    here = known.people(session, {line.key for line in found if line.key})
    rows: defaultdict[str, list[Line]] = defaultdict(list)
    for line in found:
        rows[line.key].append(line)
    made = People()
    for mail, lines in rows.items():
        if mail:
            _check_rows(lines, here.get(mail), faults)
    planned = [_one(line, rows[line.key], here, bodies, made, faults) for line in found]
    _keep_an_administrator(session, here, found, made, faults)
    return [
        reading.ended(each.line, (), is_new=False) if each.line.faulty else each for each in planned
    ], made


def _check_rows(lines: Sequence[Line], person: Person | None, faults: Faults) -> None:
    """Note what the rows of one person contradict each other in."""
    first, *others = lines
    seats = {(seat.organisation, seat.role) for seat in person.seats} if person else set()
    seen = {_seat(first)}
    for line in others:
        if _seat(line) in seen:
            sentence = _(
                "“%(key)s” stands in row %(row)s already. Each has one row.",
                key=line.key,
                row=first.number,
            )
            faults.of_line(line, "mail", sentence)
            continue
        if not (_seat(line) in seats and _seat(first) in seats):
            sentence = _(
                "This person is listed for two organisations: %(one)s in row %(row)s, and"
                " %(other)s in row %(here)s. A workbook gives a person one seat; take one row out,"
                " and give the other seat on the page of that organisation's members.",
                one=first.given("organisation") or "–",
                row=first.number,
                other=line.given("organisation") or "–",
                here=line.number,
            )
            faults.of_line(line, "organisation", sentence)
        for name in ("name", "language", "offices"):
            if line.values.get(name) != first.values.get(name):
                sentence = _("Row %(row)s says something else of this person.", row=first.number)
                faults.of_line(line, name, sentence)
        seen.add(_seat(line))


def _seat(line: Line) -> tuple[str, str]:
    return line.given("organisation"), line.given("role")


def _one(
    line: Line,
    rows: Sequence[Line],
    here: Mapping[str, Person],
    bodies: Organisations,
    made: People,
    faults: Faults,
) -> Planned:
    person = here.get(line.key)
    if line.is_demonstration:
        return reading.passed(line)
    if person and person.demonstration:
        faults.of_line(line, "mail", reading.INVENTED)
    before = person.cells if person else None
    reading.check_required(line, before, faults)
    seat = _new_seat(line, person, bodies, faults)
    changed = list(reading.changes(line.sheet, before or {}, _without_seat(line)))
    if seat is not None and person is not None:
        changed += [Change("Organisation", "", seat[0]), Change("Role", "", seat[1])]
    elif person is None:
        changed += [Change(name.capitalize(), "", line.given(name)) for name in _SEAT if seat]
    is_first = rows[0] is line
    if not line.faulty and is_first and (changed or person is None):
        after = {**(before or {}), **line.values}
        offices = frozenset(map(Role, filter(None, after.get("offices", "").split(";"))))
        made.wanted.append(
            Wanted(line.key, after["name"], after.get("language", ""), offices, person, seat)
        )
    return reading.ended(line, changed if is_first else (), is_new=person is None)


_SEAT = ("organisation", "role")


def _without_seat(line: Line) -> dict[str, str]:
    return {name: text for name, text in line.values.items() if name not in _SEAT}


def _new_seat(
    line: Line, person: Person | None, bodies: Organisations, faults: Faults
) -> tuple[str, str] | None:
    """Return the seat that a row gives to whoever has none yet; note why it cannot."""
    code, role = _seat(line)
    if not code and not role:
        return None
    for name, text, other in (("organisation", code, role), ("role", role, code)):
        if not text and other and not line.faulty:
            faults.of_line(line, name, _("An organisation and a role go together: fill in both."))
    if line.faulty or code not in bodies.cells:
        return None
    present = {seat.organisation: seat.role for seat in person.seats} if person else {}
    if present.get(code) == role:
        return None
    body = bodies.cells[code]
    if body["group"] and role not in seat_roles(body["group"]):
        faults.of_line(
            line,
            "role",
            _(
                "An organisation of this group gives these roles: %(roles)s.",
                roles=", ".join(seat_roles(body["group"])),
            ),
        )
    elif code in present:
        faults.of_line(
            line,
            "role",
            _(
                "This person is %(present)s there. A workbook does not change a role: end the seat"
                " on the page of the organisation's members, and invite them anew.",
                present=present[code],
            ),
        )
    elif present:
        faults.of_line(
            line,
            "organisation",
            _(
                "This person has a seat in %(present)s. A workbook does not move a seat: end it on"
                " the page of that organisation's members, then bring the workbook in again.",
                present=", ".join(present),
            ),
        )
    elif person and person.state == AccountState.SUSPENDED:
        faults.of_line(line, "organisation", _("This account is suspended. Reinstate it first."))
    elif body["demonstration"]:
        faults.of_line(line, "organisation", _("This organisation is demonstration content."))
    elif body["retired"]:
        faults.of_line(line, "organisation", _("This organisation is retired: nobody joins it."))
    else:
        return code, role
    return None


def _keep_an_administrator(
    session: Session,
    here: Mapping[str, Person],
    found: Sequence[Line],
    made: People,
    faults: Faults,
) -> None:
    """Note the rows that together would leave nobody to look after the site."""
    active = known.active_administrators(session)
    after = set(active)
    for each in made.wanted:
        if each.known is None or each.known.state != AccountState.ACTIVE:
            continue
        if Role.ADMINISTRATOR in each.offices:
            after.add(each.known.id)
        else:
            after.discard(each.known.id)
    if after or not active:
        return
    losing = {mail for mail, person in here.items() if person.id in active}
    for line in found:
        if line.key in losing and "offices" in line.values:
            faults.of_line(
                line,
                "offices",
                _(
                    "This would take the last administrator away: without one, nobody could look"
                    " after the site."
                ),
            )
