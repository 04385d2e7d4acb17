"""Write the export: the workbook that can come in again, with what people need to fill it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from policytrack.core import audit, i18n
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.exports import writers
from policytrack.exports.tables import Cell, Download, Table
from policytrack.exports.tables import Column as Heading
from policytrack.reference.rules import LANGUAGES
from policytrack.reporting.workbook import known
from policytrack.reporting.workbook.cells import escaped
from policytrack.reporting.workbook.columns import Column, Sheet, Type
from policytrack.reporting.workbook.known import Standing
from policytrack.reporting.workbook.sheets import (
    CODES,
    COMMITMENTS,
    CONSTITUENTS,
    EXPLAINS,
    FIXED,
    INDICATORS,
    MILESTONES,
    PEOPLE,
)

Rows = Sequence[Mapping[str, str]]


def export(
    session: Session, *, actor: Actor, address: str, with_demonstration: bool, now: datetime
) -> bytes:
    """Return the workbook of everything that can move in elsewhere; raise `NotPermitted`.

    It holds organisations, accounts that are not closed, and the texts that are in force or wait
    for their lead's word; nobody's drafts.
    """
    require(actor, Permission.ADMINISTER)
    rows = _rows(session, with_demonstration=with_demonstration)
    tables = [_table(sheet, found) for sheet, found in rows.items()]
    tables.append(_codes(session))
    download = Download(
        "policytrack-workbook", _("PolicyTrack: the workbook"), address, now, _notes(), tables
    )
    return writers.as_workbook(download, right_to_left=i18n.language().direction == "rtl")


def record_export(session: Session, *, actor: Actor, now: datetime) -> None:
    """Note in the trail that somebody took everybody's names and addresses along."""
    require(actor, Permission.ADMINISTER)
    audit.record(
        session,
        actor=actor,
        action="workbook.exported",
        kind="workbook",
        public_id=now.strftime("%Y-%m-%d"),
        now=now,
    )


def _notes() -> list[str]:
    return [
        _("Change rows or add your own, and bring the workbook in again under Administration."),
        _("The first columns of a sheet are its key: they say which row is meant, and stay."),
        _("What is not listed is left alone: removing a row here removes nothing there."),
        _(
            "A column that is taken out is left alone too; an empty cell empties what stands there,"
            " unless its column says otherwise."
        ),
        _(
            "Nothing is written before you have seen what every row would do, and nothing while one"
            " fault stands."
        ),
        _(
            "New people can sign in once they are invited. New commitments, and changed texts, wait"
            " for the word of their lead; what is in force stays."
        ),
        _("Write values, not formulas. Dates as 2027-03-31; digits of any script will do."),
        _("It names people and their mail addresses: keep it as carefully as such a list."),
        i18n.designations(),
    ]


def _rows(session: Session, *, with_demonstration: bool) -> dict[Sheet, Rows]:
    def wanted(cells: Mapping[str, str]) -> bool:
        return with_demonstration or not cells["demonstration"]

    bodies = map(known.organisation_cells, known.organisations(session).values())
    rows: dict[Sheet, Rows] = {
        CONSTITUENTS: sorted(filter(wanted, bodies), key=_order_of_bodies),
        PEOPLE: list(filter(wanted, _people(session, with_demonstration=with_demonstration))),
    }
    texts = list(_texts(session, with_demonstration=with_demonstration))
    rows[COMMITMENTS] = [_text(key, standing, mark) for key, standing, mark in texts]
    rows[INDICATORS] = [
        {**known.indicator_cells(each, standing.language), **_part(key, number, mark)}
        for key, standing, mark in texts
        for number, each in enumerate(standing.plan.indicators, start=1)
    ]
    rows[MILESTONES] = [
        {**known.milestone_cells(each, standing.language), **_part(key, number, mark)}
        for key, standing, mark in texts
        for number, each in enumerate(standing.plan.milestones, start=1)
    ]
    return rows


def _order_of_bodies(cells: Mapping[str, str]) -> tuple[bool, str, int, str]:
    groups = list(FIXED["groups"])
    return not cells["country"], cells["country"], groups.index(cells["group"]), cells["code"]


def _people(session: Session, *, with_demonstration: bool) -> Iterator[dict[str, str]]:
    for person in known.people(session).values():
        seats = [seat for seat in person.seats if with_demonstration or not seat.demonstration]
        for seat in seats or (None,):
            sits = {"organisation": seat.organisation, "role": seat.role} if seat else {}
            yield {**person.cells, **sits}


def _texts(session: Session, *, with_demonstration: bool) -> Iterator[tuple[str, Standing, str]]:
    here = known.index(session)
    entries = [entry for entry in here.entries if with_demonstration or not entry.demonstration]
    for some in known.chunks(entries):
        texts = known.commitments(session, some)
        for entry in some:
            if (standing := texts[entry.id].shown) is not None:
                yield here.key_of(entry), standing, "yes" if entry.demonstration else ""


def _text(key: str, standing: Standing, mark: str) -> dict[str, str]:
    cells = {**standing.values, "key": key, "demonstration": mark}
    for code in LANGUAGES:
        if (translation := standing.translations.get(code)) is not None:
            cells |= {f"{part}_{code}": getattr(translation, part) for part in translation._fields}
    return cells


def _part(key: str, number: int, mark: str) -> dict[str, str]:
    return {"commitment": key, "number": str(number), "demonstration": mark}


def _table(sheet: Sheet, rows: Rows) -> Table:
    explained = [
        f"{EXPLAINS} {column.explanation}" if column is sheet.key else str(column.explanation)
        for column in sheet.columns
    ]
    return Table(
        sheet.name,
        sheet.name,
        [Heading(column.name, column.heading) for column in sheet.columns],
        [explained, *([_cell(column, row) for column in sheet.columns] for row in rows)],
    )


def _cell(column: Column, row: Mapping[str, str]) -> Cell:
    text = row.get(column.name, "")
    match column.type:
        case _ if not text:
            return None
        case Type.DATE:
            return date.fromisoformat(text)
        case Type.WHOLE:
            return int(text)
        case Type.DECIMAL:
            # Programs count with 15 digits; a longer number stays whole as text.
            number = Decimal(text)
            return number if Decimal(f"{float(text):.15g}") == number else text
    return escaped(text)


def _codes(session: Session) -> Table:
    """Return the sheet that lists what cells may say."""
    labels = known.labels(session)
    rows = [
        [name, str(code), *("" for _language in LANGUAGES)]
        for name, codes in FIXED.items()
        for code in codes
    ]
    rows += [
        [name, code, *(escaped(named.get(language, "")) for language in LANGUAGES)]
        for name, codes in labels.items()
        for code, named in codes.items()
    ]
    headings = ["List", "Code", *(f"Name ({language})" for language in LANGUAGES)]
    return Table(CODES, CODES, [Heading(each, each) for each in headings], rows)
