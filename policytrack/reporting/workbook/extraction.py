"""Take the cells out of a workbook, in a process of its own.

Run as a program by `reading`, with little time and memory and nothing of PolicyTrack: it imports
the standard library and openpyxl alone. It reads a workbook on standard input and answers lines of
JSON: what the workbook says of itself, then each sheet with its cells that hold anything. The
arguments are the names of the sheets to read; of others it says only whether they hold anything.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._reader import WorkSheetParser

CPU_SECONDS = 60
MEMORY = 768 * 1024 * 1024
# Twenty times what moves in at once; a workbook of 5,000 commitments in four languages has 40 MB.
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_UNPACKED = 120 * 1024 * 1024
MOST_OF_THE_REST = 8 * 1024 * 1024
MOST_CHARACTERS = 60_000_000


class _Refused(Exception):
    """Refuse the workbook, by a word that `reading` puts into a sentence."""


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a lower limit from outside stays
            resource.setrlimit(what, (most, most))


def _check(data: bytes) -> None:
    """Refuse what cannot be read within the limits, before any of it is unpacked."""
    with ZipFile(io.BytesIO(data)) as package:
        parts = [(item.filename.lower(), item.file_size) for item in package.infolist()]
    if any("externallinks/" in name for name, _size in parts):
        raise _Refused("links")
    large = ("xl/worksheets/", "xl/sharedstrings")
    rest = [size for name, size in parts if not name.startswith(large)]
    if (
        sum(size for _name, size in parts) > MOST_UNPACKED
        or max(rest, default=0) > MOST_OF_THE_REST
    ):
        raise _Refused("size")


def _cell(cell: dict[str, Any]) -> list[Any] | None:
    """Return [column, kind, value] of a cell that holds anything."""
    kind, value = cell["data_type"], cell["value"]
    if kind == "f":
        return [cell["column"], "formula", ""]
    if value is None or value == "":
        return None
    if kind == "b":
        return [cell["column"], "truth", bool(value)]
    if kind == "e":
        return [cell["column"], "error", str(value)[:20]]
    if isinstance(value, datetime | date):
        return [cell["column"], "date", value.isoformat()]
    if isinstance(value, int | float):
        return [cell["column"], "number", repr(value)]
    text = str(value)
    return [cell["column"], "text" if isinstance(value, str) else "other", text] if text else None


def _rows(parser: Any) -> Iterator[tuple[int, list[list[Any]]]]:
    last = 0
    for number, cells in parser.parse():
        # A row twice, or out of order, would be one workbook to us and another to its reader.
        if number <= last:
            raise _Refused("damaged")
        last = number
        # It keeps the look of every row, of which there may be a million.
        parser.row_dimensions.clear()
        held = [cell for cell in map(_cell, cells) if cell is not None]
        if held:
            yield number, held


def _read(data: bytes, wanted: set[str]) -> Iterator[dict[str, Any]]:
    _check(data)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    yield {"epoch": 1904 if book.epoch == CALENDAR_MAC_1904 else 1900}
    characters = 0
    for sheet in book.worksheets:
        title = str(sheet.title)
        is_ours = " ".join(title.split()).casefold() in wanted
        # openpyxl's own rows would fill every gap and hide where a cell stands, and do not tell
        # which cells are merged.
        with book._archive.open(sheet._worksheet_path) as source:
            parser = WorkSheetParser(
                source,
                sheet._shared_strings,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            held = 0
            yield {"sheet": title, "hidden": sheet.sheet_state != "visible"}
            for number, cells in _rows(parser):
                held += 1
                if not is_ours:
                    break
                if held > MOST_ROWS:
                    raise _Refused("rows")
                characters += sum(len(str(value)) for _column, _kind, value in cells)
                if characters > MOST_CHARACTERS:
                    raise _Refused("size")
                # What stands far outside is named once, in the first column that is too many.
                placed = [[min(place, MOST_COLUMNS + 1), *said] for place, *said in cells]
                yield {"row": number, "cells": placed}
            merged = parser.merged_cells.mergeCell if parser.merged_cells and is_ours else ()
            yield {"held": held, "merged": [each.ref for each in merged][:50]}


def main() -> None:
    """Answer for the workbook on standard input."""
    _limit()
    out = sys.stdout
    try:
        for line in _read(sys.stdin.buffer.read(), set(sys.argv[1:])):
            out.write(json.dumps(line) + "\n")
        answer: dict[str, Any] = {"end": True}
    except _Refused as refusal:
        answer = {"refused": str(refusal)}
    except (MemoryError, RecursionError):
        answer = {"refused": "size"}
    except Exception as error:  # noqa: BLE001 - openpyxl stumbles over bad parts in every way
        answer = {"refused": "damaged", "by": type(error).__name__}
    out.write(json.dumps(answer) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
