"""Read data files: CSV in UTF-8, one for each kind, with one line of column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable

from policytrack.core.i18n import lazy_gettext as _
from policytrack.reference.faults import Fault, FaultyData
from policytrack.reference.kinds import IN_FILES_ONLY, KINDS, Kind
from policytrack.reference.rules import Column, Unfit, parse

PACKAGED = resources.files("policytrack.reference").joinpath("data")
# A spreadsheet program takes these for the beginning of a formula; downloads put an apostrophe
# before them, which is taken off again here.
_DEFUSED = tuple(f"'{sign}" for sign in "=+-@\t\r")


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one row of a file: where it begins, and its cells, each in its one way of writing."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Hold what one file says. `columns` are those that it has; of others it says nothing."""

    kind: Kind
    columns: Sequence[Column]
    lines: Sequence[Line]
    # How many rows are too weak to be loaded at all.
    left_out: int = 0


@dataclass(slots=True)
class _Reading:
    kind: Kind
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, column: str, sentence: object) -> None:
        self.faults.append(Fault(f"{self.kind.name}.csv", line, column, sentence))


def tables(folder: Traversable = PACKAGED) -> list[Table]:
    """Return what the files of a folder say, in the order of the kinds; raise `FaultyData`.

    A kind without a file is left out. Everything that can be seen in one row is checked here.
    """
    found, faults = [], _strangers(folder)
    for kind in KINDS.values():
        path = folder.joinpath(f"{kind.name}.csv")
        if not path.is_file():
            continue
        reading = _Reading(kind)
        table = _table(reading, path)
        faults += reading.faults
        if table is not None:
            found.append(table)
    if not found and not faults:
        faults.append(Fault("", 0, "", _("there is no data file in this folder")))
    if faults:
        raise FaultyData(faults)
    return found


def _strangers(folder: Traversable) -> list[Fault]:
    try:
        names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".csv"))
    except OSError as error:
        return [Fault(folder.name, 0, "", _("it cannot be read: %(why)s", why=error.strerror))]
    known = {f"{name}.csv" for name in (*KINDS, *IN_FILES_ONLY)}
    return [
        Fault(name, 0, "", _("there is no kind of reference data of this name"))
        for name in names
        if name not in known
    ]


def _table(reading: _Reading, path: Traversable) -> Table | None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reading.fault(0, "", _("it cannot be read: %(why)s", why=error.strerror))
        return None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        reading.fault(line, "", _("this is not UTF-8"))
        return None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        reading.fault(line, "", _("there is a NUL character"))
        return None
    return _rows(reading, list(_records(reading, text)))


def _records(reading: _Reading, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that are not blank, each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        reading.fault(begins, "", _("this is not CSV: %(why)s", why=error))


def _rows(reading: _Reading, records: Sequence[tuple[int, list[str]]]) -> Table | None:
    kind = reading.kind
    if not records:
        if not reading.faults:
            reading.fault(1, "", _("there are no column names"))
        return None
    names = _names(reading, [name.strip() for name in records[0][1]])
    if reading.faults:
        return None
    lines, left_out, seen = [], 0, dict[str, int]()
    for number, record in records[1:]:
        if len(record) != len(names):
            reading.fault(
                number,
                "",
                _(
                    "this row has %(count)s cells, and there are %(names)s column names",
                    count=len(record),
                    names=len(names),
                ),
            )
            continue
        given = {name: _undone(cell) for name, cell in zip(names, record, strict=True)}
        if given.get("confidence", "").strip() in kind.left_out:
            left_out += 1
            continue
        values = _values(reading, number, given)
        if values is None:
            continue
        key = kind.key_of(values)
        if key in seen:
            reading.fault(
                number,
                kind.key[-1],
                _("%(key)s stands in line %(line)s already", key=key, line=seen[key]),
            )
        seen.setdefault(key, number)
        lines.append(Line(number, values))
    return Table(kind, [column for column in kind.loaded if column.name in names], lines, left_out)


def _undone(cell: str) -> str:
    return cell[1:] if cell.startswith(_DEFUSED) else cell


def _names(reading: _Reading, given: Sequence[str]) -> list[str]:
    """Return the names of the columns; a label without its language is the English one."""
    kind = reading.kind
    known = {column.name for column in kind.loaded}
    names = [name if name in known or f"{name}_en" not in known else f"{name}_en" for name in given]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        reading.fault(1, name, _("this column stands here twice"))
    for name in names:
        if name not in known | kind.unread:
            reading.fault(1, name, _("there is no such column"))
    for column in kind.loaded:
        if (column.required or column.name in kind.key) and column.name not in names:
            reading.fault(1, column.name, _("this column is missing"))
    return names


def _values(reading: _Reading, line: int, given: Mapping[str, str]) -> dict[str, str] | None:
    """Return the row's cells, empty where the file has no such column; None where one is unfit."""
    kind, values, sound = reading.kind, dict[str, str](), True
    for column in kind.loaded:
        values[column.name] = ""
        if column.name not in given:
            continue
        try:
            values[column.name] = parse(column, given[column.name])
        except Unfit as unfit:
            reading.fault(line, column.name, unfit.sentence)
            sound = False
    if not sound:
        return None
    for name, sentence in kind.check(values):
        reading.fault(line, name, sentence)
    return values
