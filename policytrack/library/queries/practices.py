"""Read good practices: what narrows their list, what they can be narrowed by, those compared."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from policytrack.constituents.models import Constituent
from policytrack.core import ids
from policytrack.core.db import Labels
from policytrack.core.forms import clean_line
from policytrack.core.permissions import Actor
from policytrack.frameworks.models import Provision
from policytrack.library import policy, rules
from policytrack.library.models import (
    LibraryDocument,
    LibraryRevision,
    PracticeTerm,
)
from policytrack.library.queries.filters import Filters, Given, parse
from policytrack.library.rules import Type
from policytrack.places.models import Corridor

_GCM, _SDG = "GCM", "SDG"
_SHAPES = {
    "objective": re.compile(r"[0-9]{1,2}"),
    "sdg": re.compile(r"[0-9]{1,2}(\.[0-9a-d]{1,2})?(\.[0-9]{1,2})?"),
}
# What of the filters of all documents narrows practices.
_SHARED = ("theme", "sector", "country", "corridor", "target_group", "q", "page")


@dataclass(frozen=True, slots=True)
class PracticeFilters(Filters):
    """Hold what the list of practices is narrowed by. A goal stands for all its targets."""

    type: str = Type.PRACTICE
    objective: str = ""
    sdg: str = ""
    practice_type: str = ""

    @property
    def active(self) -> Mapping[str, str]:
        """Return the filters that narrow the list, as an address says them."""
        return {
            item.name: str(value)
            for item in fields(self)
            if item.name not in {"page", "type"} and (value := getattr(self, item.name))
        }

    def own(self) -> list[ColumnElement[bool]]:
        """Return the clauses that only practices know."""
        found: list[ColumnElement[bool]] = []
        if self.objective:
            found.append(_marked("gcm_objectives", f'"{self.objective}"'))
        if self.sdg:
            found.append(or_(_marked("sdgs", f'"{self.sdg}"'), _marked("sdgs", f'"{self.sdg}.')))
        if self.practice_type:
            found.append(_text("practice_type") == self.practice_type)
        return found


def _text(name: str) -> ColumnElement[str]:
    """Return a field of a practice as text; a list stands there as JSON on both databases."""
    found: ColumnElement[str] = LibraryRevision.practice[name].as_string()
    return found


def _marked(name: str, part: str) -> ColumnElement[bool]:
    return _text(name).contains(part, autoescape=True)


def parse_practices(given: Given) -> PracticeFilters:
    """Return the filters of an address; what makes no sense is left aside."""
    shared = parse(given)
    own: dict[str, Any] = {
        name: value
        for name, shape in _SHAPES.items()
        if (value := given.get(name) or "") and shape.fullmatch(value)
    }
    return PracticeFilters(
        **{name: getattr(shared, name) for name in _SHARED},
        **own,
        practice_type=clean_line((given.get("practice_type") or "")[: rules.LINE_LENGTH]),
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """Hold what the practices that an actor may read are marked with."""

    kinds: Collection[str]
    objectives: Collection[str]
    sdgs: Collection[str]


def marks(session: Session, actor: Actor, now: datetime) -> Marks:
    """Return the kinds, objectives, goals and targets in use, in one query."""
    rows = session.execute(
        select(_text("practice_type"), _text("gcm_objectives"), _text("sdgs"))
        .join(LibraryDocument, LibraryDocument.published_id == LibraryRevision.id)
        .where(policy.readable_by(actor, now), LibraryRevision.type == Type.PRACTICE)
        .distinct()
    ).all()
    return Marks(
        kinds={kind for kind, _objectives, _sdgs in rows if kind},
        objectives=_listed(row[1] for row in rows),
        sdgs=_listed(row[2] for row in rows),
    )


def _listed(cells: Any) -> set[str]:
    return {str(each) for cell in cells if cell for each in json.loads(cell)}


@dataclass(frozen=True, slots=True)
class Names:
    """Hold the names of what practices are marked with, by code."""

    objectives: Mapping[str, Labels]
    principles: Mapping[str, Labels]
    sdgs: Mapping[str, Labels]


def practice_names(session: Session) -> Names:
    """Return the names of objectives, principles, goals and targets: two queries."""
    provisions = session.execute(
        select(Provision.framework_code, Provision.code, Provision.labels)
        .where(Provision.framework_code.in_((_GCM, _SDG)))
        .order_by(Provision.position)
    ).all()
    terms = session.execute(
        select(PracticeTerm.list, PracticeTerm.code, PracticeTerm.labels).order_by(
            PracticeTerm.list, PracticeTerm.position
        )
    ).all()

    def of(rows: Any, name: str) -> dict[str, Labels]:
        return {code: labels for where, code, labels in rows if where == name}

    return Names(
        objectives=of(provisions, _GCM),
        principles=of(terms, "gcm_principle"),
        sdgs=of(provisions, _SDG) | of(terms, "sdg"),
    )


def practices(
    session: Session, actor: Actor, public_ids: Sequence[str], now: datetime
) -> list[LibraryDocument]:
    """Return the published practices among these that the actor may read, in the order asked."""
    wanted = [each for each in dict.fromkeys(public_ids) if ids.PATTERN.fullmatch(each)]
    if not wanted:
        return []
    text = contains_eager(LibraryDocument.published)
    rows = session.scalars(
        select(LibraryDocument)
        .join(LibraryRevision, LibraryRevision.id == LibraryDocument.published_id)
        .where(
            LibraryDocument.public_id.in_(wanted),
            LibraryRevision.type == Type.PRACTICE,
            policy.readable_by(actor, now),
        )
        .options(
            joinedload(LibraryDocument.constituent).joinedload(Constituent.country),
            text.selectinload(LibraryRevision.themes),
            text.selectinload(LibraryRevision.sectors),
            text.selectinload(LibraryRevision.target_groups),
            text.selectinload(LibraryRevision.countries),
            text.selectinload(LibraryRevision.corridors).options(
                joinedload(Corridor.origin), joinedload(Corridor.destination)
            ),
        )
    )
    found = {row.public_id: row for row in rows}
    return [found[each] for each in wanted if each in found]
