"""Write a whole result as a file: tables and citations, made set by set while they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response

from policytrack.core.db import session
from policytrack.core.documents import Result
from policytrack.core.i18n import direction
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor
from policytrack.core.streaming import Again
from policytrack.exports import responses, writers
from policytrack.exports.tables import Cell, Download, Table
from policytrack.library import citing
from policytrack.library.citing import Citable
from policytrack.library.presenters import citations as library
from policytrack.search import engine
from policytrack.search.engine import Order
from policytrack.search.handover import citations, rows
from policytrack.search.handover.rows import Row
from policytrack.search.taking import AT_A_TIME

# The ending of the file, and what it is.
KINDS: Mapping[str, str] = {
    "csv": responses.KINDS["csv"],
    "xlsx": responses.KINDS["xlsx"],
    **{ending: media_type for ending, (_name, media_type) in library.KINDS.items()},
}
NAMES: Mapping[str, str] = {
    "csv": "CSV",
    "xlsx": "XLSX",
    **{ending: name for ending, (name, _media_type) in library.KINDS.items()},
}


@dataclass(frozen=True, slots=True)
class Taken:
    """Hold what is taken along: for whom, when, and by which search.

    `again` is where each set is read: what the asker may see is decided there, at that time.
    """

    app: Flask
    order: Order
    actor: Actor
    language: str
    title: str
    address: str
    now: datetime
    again: Again

    @property
    def name(self) -> str:
        """Return the name of the file, without its ending."""
        return f"search-{self.now:%Y-%m-%d}"

    def _sets(self) -> Iterator[tuple[str, ...]]:
        for start in range(0, len(self.order.keys), AT_A_TIME):
            yield self.order.keys[start : start + AT_A_TIME]

    def table(self) -> Table:
        """Return the result as a table, read as it is written."""
        headed = rows.table(())
        return Table(headed.name, headed.title, headed.columns, self._rows())

    def _rows(self) -> Iterator[list[Cell]]:
        place = 0
        for keys in self._sets():
            with self.again():
                found = [
                    Row(number, result)
                    for number, result in enumerate(self._read(keys), start=place + 1)
                ]
                place += len(found)
                written = [list(row) for row in rows.table(found).rows]
            yield from written

    def citables(self) -> Iterator[Citable]:
        """Return how each result is cited, read as it is written."""
        # Said now, in the reader's language, and not only once the first part is sent.
        return self._cited(" | ".join((self.address, *rows.notes(self.order, designated=False))))

    def _cited(self, said: str) -> Iterator[Citable]:
        for keys in self._sets():
            with self.again():
                found = citations.citables(session(), self._read(keys), self.actor, self.now, said)
            yield from found

    def _read(self, keys: tuple[str, ...]) -> tuple[Result, ...]:
        return engine.resolve(self.app, keys, self.actor, self.language)

    def notes(self) -> list[str]:
        """Return what is said beside the result."""
        return list(rows.notes(self.order))


def answer(taken: Taken, kind: str) -> Response:
    """Answer with a file of one of `KINDS`."""
    written: Mapping[str, Callable[[], Iterator[str] | Iterator[bytes]]] = {
        "csv": lambda: _csv(taken),
        "xlsx": lambda: responses.workbook_parts(
            _download(taken), right_to_left=direction(taken.language) == "rtl"
        ),
        "ris": lambda: citing.ris_parts(taken.citables()),
        "bib": lambda: _bibtex(taken),
        "json": lambda: citing.csl_parts(taken.citables(), taken.now.date()),
    }
    return responses.streamed(written[kind](), KINDS[kind], f"{taken.name}.{kind}")


def _download(taken: Taken) -> Download:
    return Download(
        taken.name, taken.title, taken.address, taken.now, taken.notes(), [taken.table()]
    )


def _csv(taken: Taken) -> Iterator[str]:
    made = _download(taken)
    return writers.csv_parts(made.tables[0], (made.title, made.address, *made.notes))


def _bibtex(taken: Taken) -> Iterator[str]:
    head = (taken.title, taken.address, *rows.notes(taken.order, designated=False))
    return _entries("".join(map(citing.comment, head)), taken.citables())


def _entries(head: str, found: Iterator[Citable]) -> Iterator[str]:
    yield head
    for entry in citing.bibtex_parts(found):
        yield f"\n{entry}"


def title(typed: str) -> str:
    """Return what a file is called within."""
    return _("Search: %(words)s", words=typed) if typed else _("Search")
