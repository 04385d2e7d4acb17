"""Open a workbook that somebody sent: hostile until its cells are plain values."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from policytrack.core import errors
from policytrack.core.i18n import lazy_gettext as _
from policytrack.reporting.workbook.columns import folded
from policytrack.reporting.workbook.extraction import MOST_ROWS
from policytrack.reporting.workbook.sheets import SHEETS

log = logging.getLogger(__name__)

WALL_SECONDS = 120.0
# Each may take a processor and three quarters of a gigabyte.
_SEATS = BoundedSemaphore(1)
_PROGRAM = Path(__file__).with_name("extraction.py")
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_WANTED = tuple(folded(sheet.name) for sheet in SHEETS)

_SENTENCES: Mapping[str, Any] = {
    "links": _(
        "This workbook takes values from other files. Break these links in the spreadsheet program,"
        " save it and send it again."
    ),
    "rows": _(
        "A sheet of this workbook holds more than %(most)s rows. Split it and bring the parts in"
        " one after the other.",
        most=MOST_ROWS,
    ),
    "size": _(
        "This workbook is too large or too intricate to be read. Copy the sheets into a new one and"
        " send that."
    ),
    "damaged": _(
        "This workbook cannot be read: it is damaged. Open it, save it anew and send that copy."
    ),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold what one cell holds; `kind` is as `extraction` names it."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Row:
    """Hold a row by its number on the sheet, its cells by the number of their column."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(slots=True)
class Leaf:
    """Hold a sheet as it was sent."""

    title: str
    hidden: bool
    rows: list[Row] = field(default_factory=list)
    held: int = 0
    merged: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """Hold a workbook as it was sent; `epoch` is the year from which it counts days."""

    epoch: int = 1900
    leaves: list[Leaf] = field(default_factory=list)


def read(data: bytes) -> Book:
    """Return the cells of a workbook; raise `errors.InvalidInput` with a sentence.

    The data must have passed `core.files.inspect`. Call it outside any transaction: 5,000 rows take
    a few seconds.
    """
    return _arranged(_extracted(data))


def _extracted(data: bytes) -> Iterator[dict[str, Any]]:
    with _SEATS:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and our own program
                [sys.executable, "-I", "-W", "ignore", str(_PROGRAM), *_WANTED],
                input=data,
                capture_output=True,
                timeout=WALL_SECONDS,
                check=False,
                cwd="/",
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        except subprocess.TimeoutExpired:
            log.warning("a workbook of %d bytes was given up after %d s", len(data), WALL_SECONDS)
            raise errors.InvalidInput(_SENTENCES["size"]) from None
    if done.returncode:  # ended by a signal: out of time, or of memory in the wrong place
        log.warning("a workbook of %d bytes ended its reading: %d", len(data), done.returncode)
        raise errors.InvalidInput(_SENTENCES["size"])
    return map(json.loads, done.stdout.splitlines())


def _arranged(lines: Iterator[dict[str, Any]]) -> Book:
    book = Book()
    for line in lines:
        if "refused" in line:
            log.info("a workbook was refused: %s %s", line["refused"], line.get("by", ""))
            raise errors.InvalidInput(_SENTENCES[line["refused"]])
        if "epoch" in line:
            book.epoch = line["epoch"]
        elif "sheet" in line:
            book.leaves.append(Leaf(line["sheet"], line["hidden"]))
        elif "row" in line:
            cells = {column: Cell(kind, value) for column, kind, value in line["cells"]}
            book.leaves[-1].rows.append(Row(line["row"], cells))
        elif "held" in line:
            book.leaves[-1].held, book.leaves[-1].merged = line["held"], line["merged"]
    return book
