"""Hand the library over: a table of documents, their files beside it, what it could not carry."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from flask import url_for
from sqlalchemy.orm import Session

from policytrack.core import files
from policytrack.core.permissions import Actor
from policytrack.exports import writers
from policytrack.exports.tables import Cell, Table
from policytrack.library import queries
from policytrack.library.exchange import conversion
from policytrack.library.exchange.conversion import Lost, Names
from policytrack.library.exchange.profiles import Profile
from policytrack.library.models import LibraryFile
from policytrack.library.presenters import handover
from policytrack.library.presenters.citations import kept_files
from policytrack.library.presenters.handover import Given
from policytrack.library.presenters.theirs import in_columns_of
from policytrack.library.queries import Filters
from policytrack.library.rules import Type

FORMATS = ("csv", "json")


@dataclass(frozen=True, slots=True)
class Order:
    """Hold what is asked for: by whom, which documents, in whose columns, with files where.

    `everything` adds what was withdrawn and what waits for review, for whom these are there.
    """

    actor: Actor
    filters: Filters = field(default_factory=Filters)
    organisation: str = ""
    everything: bool = False
    profile: Profile | None = None
    format: str = "csv"
    folder: Path | None = None


class Giving:
    """Hand over what an order asks for; then `documents` and `missing` say what became of it."""

    def __init__(self, session: Session, order: Order, now: datetime) -> None:
        self.session, self.order, self.now = session, order, now
        self.documents = 0
        # Files whose content is gone from the store.
        self.missing: list[str] = []
        self._columns: list[Mapping[str, Cell]] = []
        self._kept_back = 0

    def parts(self) -> Iterator[str]:
        """Yield the table piece by piece; call it where addresses can be made."""
        address = url_for("library.list", _external=True, **dict(self.order.filters.active))
        found = handover.download([self._table()], address, self.now)
        if self.order.format == "json":
            yield from writers.json_parts(found)
        else:
            notes = (found.title, found.address, *found.notes)
            yield from writers.csv_parts(found.tables[0], notes)

    def _table(self) -> Table:
        order = self.order
        with_paths = order.folder is not None
        if order.profile is None:
            return handover.table(self._given(), with_paths=with_paths)
        names = Names.of(queries.reference(self.session))
        return in_columns_of(order.profile, self._practices(), names, with_paths=with_paths)

    def _given(self) -> Iterator[Given]:
        order = self.order
        filters = replace(order.filters, type=Type.PRACTICE) if order.profile else order.filters
        for held in queries.holdings(
            self.session,
            order.actor,
            filters,
            self.now,
            organisation=order.organisation,
            whole=order.everything,
        ):
            self.documents += 1
            found = handover.given(order.actor, held)
            yield replace(found, paths=self._lay_down(found)) if order.folder else found

    def _practices(self) -> Iterator[Given]:
        for row in self._given():
            self._columns.append({name: bool(value) for name, value in handover.said(row).items()})
            self._kept_back += not row.contact and bool(row.text.practice.get("contact"))
            yield row

    def lost(self) -> list[Lost]:
        """Return what the columns of another database could not carry, after all was written."""
        profile = self.order.profile
        if profile is None:
            return []
        kept_back = [Lost("contact", self._kept_back, "whom to ask is never public")]
        return [
            *conversion.not_carried(profile, self._columns),
            *(kept_back if self._kept_back else ()),
        ]

    def _lay_down(self, row: Given) -> tuple[str, ...]:
        """Write a document's files into a folder of its own, and return their paths."""
        taken: set[str] = set()
        paths = []
        for number, each in enumerate(kept_files(row.text) if row.files else (), start=1):
            # Two files may have one name, whatever its capitals.
            alone = each.name.casefold() not in taken
            taken.add(each.name.casefold())
            name = each.name if alone else f"{number}/{each.name}"
            path = f"{row.document.public_id}/{name}"
            if self._write(each, path):
                paths.append(path)
        return tuple(paths)

    def _write(self, file: LibraryFile, path: str) -> bool:
        assert self.order.folder is not None  # noqa: S101 - asked for by `_given`
        target = self.order.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with files.open_stored(self.session, file.file) as content, target.open("xb") as copy:
                shutil.copyfileobj(content, copy)
        except FileNotFoundError:
            self.missing.append(path)
            return False
        return True
