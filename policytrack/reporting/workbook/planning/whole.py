"""Plan a whole workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from policytrack.core.permissions import Actor, Permission, require
from policytrack.reporting.workbook import arranging, known
from policytrack.reporting.workbook.cells import Listed
from policytrack.reporting.workbook.planning import lines as reading
from policytrack.reporting.workbook.planning import organisations, people, promises
from policytrack.reporting.workbook.planning.organisations import Organisations
from policytrack.reporting.workbook.planning.people import People
from policytrack.reporting.workbook.planning.promises import Promises
from policytrack.reporting.workbook.plans import Line, Report
from policytrack.reporting.workbook.reading import Book
from policytrack.reporting.workbook.sheets import (
    COMMITMENTS,
    CONSTITUENTS,
    INDICATORS,
    MILESTONES,
    PEOPLE,
)


@dataclass(slots=True)
class Acts:
    """Hold what `applying` has to write."""

    organisations: Organisations
    people: People = field(default_factory=People)
    promises: Promises = field(default_factory=Promises)


def plan(session: Session, *, actor: Actor, book: Book) -> Report:
    """Return what every row of a workbook would do, and all faults; nothing is written.

    Raises `NotPermitted` unless the actor administers.
    """
    require(actor, Permission.ADMINISTER)
    report = Report()
    faults = report.faults
    arranged = arranging.arrange(book, faults)
    lists = known.lists(session)

    def rows(name: str) -> list[Line]:
        found = arranged.get(name)
        return reading.read(found, lists, book.epoch, faults) if found else []

    of_bodies = rows(CONSTITUENTS.name)
    here = known.organisations(session)
    planned, bodies = organisations.plan(session, here, of_bodies, faults)
    report.lines[CONSTITUENTS.name] = planned
    lists["organisations"] = _organisations(bodies, of_bodies)
    report.acts = Acts(bodies)
    if PEOPLE.name in arranged:
        found = people.plan(session, bodies, rows(PEOPLE.name), faults)
        report.lines[PEOPLE.name], report.acts.people = found
    texts = {
        sheet.name: rows(sheet.name)
        for sheet in (COMMITMENTS, INDICATORS, MILESTONES)
        if sheet.name in arranged
    }
    of_texts, report.acts.promises = promises.plan(session, bodies, lists, texts, faults)
    report.lines |= of_texts
    if CONSTITUENTS.name not in arranged:
        del report.lines[CONSTITUENTS.name]
    return report


def _organisations(bodies: Organisations, lines: Sequence[Line]) -> Listed:
    """Return the codes that rows may name: what is wrong with an organisation is said once."""
    named = {line.key: False for line in lines if line.faulty and line.key}
    return Listed.of("organisations", {**named, **dict.fromkeys(bodies.cells, False)})
