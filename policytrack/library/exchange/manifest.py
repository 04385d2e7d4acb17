"""Read a manifest: a table that says what the files of a folder are, one row for each document."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from policytrack.core.cells import joined, several, unguarded

# A library of a hundred thousand documents, each with a page of summary.
MOST_BYTES = 256 * 1024 * 1024
_CELL = 16 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", ";", "\t")
PATH, FURTHER = "path", "further_paths"
# By any of these a document without a file is known when it comes again.
KEYS = ("id", "source_id", "source_key")
# Where the documents stand in a download as JSON.
_LIST = "documents"


class Unusable(Exception):
    """Say in one sentence why a manifest cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: its line in the file, from 1, and its cells by column, empty ones left out.

    In JSON a line is the number of the document. `further` are paths beside the first.
    """

    line: int
    path: str
    cells: Mapping[str, str]
    fault: str = ""
    further: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of the document's files, in their order."""
        return (self.path, *self.further) if self.path else ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hold the rows of a manifest, and its columns that mean nothing here.

    `unknown` has, by column, how many cells of it say something.
    """

    rows: Sequence[Row] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    by_path: Mapping[str, Row] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


# What stands in one row, by the name of the column, as it was written.
_Found = tuple[int, Mapping[str, str], str]
Convert = Callable[[Mapping[str, str]], Mapping[str, str]]


def read(path: Path, columns: frozenset[str], convert: Convert | None = None) -> Manifest:
    """Read a manifest whose columns may be any of `columns`, in any order, beside `path`.

    `convert` makes of a row in other columns one in ours.

    CSV in UTF-8 or UTF-16, with or without a mark, with commas, semicolons or tabs; or JSON as the
    library hands it out. Raises `Unusable` where it is no such table.
    """
    text = _text(path)
    if text.lstrip()[:1] in {"{", "["}:
        return _manifest(_json_rows(text), columns, convert)
    # The csv module's own limit of 128 kB, which holds for the whole process, is less than a long
    # summary.
    before = csv.field_size_limit(_CELL)
    try:
        return _manifest(_csv_rows(text, checked=convert is None), columns, convert)
    finally:
        csv.field_size_limit(before)


def _manifest(
    found: Iterator[_Found], columns: frozenset[str], convert: Convert | None
) -> Manifest:
    rows = []
    unknown: Counter[str] = Counter()
    taken: dict[str, Row] = {}
    for line, given, fault in found:
        cells = convert(given) if convert else given
        for name in cells.keys() - columns - {PATH, FURTHER, ""}:
            unknown[name] += bool(cells[name])
        row = _row(line, cells, fault, columns)
        for name in () if row.fault else _names(row):
            if name in taken and not row.fault:
                kind = "file" if name in row.paths else "document"
                row = replace(row, fault=f"line {taken[name].line} names this {kind}")
        if not row.fault:
            taken.update(dict.fromkeys(_names(row), row))
        rows.append(row)
    by_path = {path: row for row in rows for path in row.paths if taken.get(path, row) is row}
    return Manifest(rows, dict(sorted(unknown.items())), by_path, frozenset(taken))


def _names(row: Row) -> list[str]:
    """Return what a row's document is called by others: its paths, its id, its source's id."""
    cells = row.cells
    source_id = cells.get("source_id", "")
    keys = (cells.get("id"), cells.get("source_key"))
    full = f"{cells.get('source', '')}:{source_id}" if source_id else ""
    return [*row.paths, *filter(None, (*keys, full))]


def _row(line: int, cells: Mapping[str, str], fault: str, columns: frozenset[str]) -> Row:
    path = _path(cells.get(PATH, ""))
    further = tuple(map(_path, several(cells.get(FURTHER, ""))))
    said = {name: text for name, text in cells.items() if text and name in columns}
    if not path and not said.keys() & set(KEYS):
        fault = fault or "it names no file, and has neither id nor source_id"
    elif not path and further:
        fault = fault or f"its first file belongs into the column “{PATH}”"
    return Row(line, path, said, fault, further)


def _path(text: str) -> str:
    return text.replace("\\", "/").removeprefix("./")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unusable(f"it cannot be read: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise Unusable("it is larger than 256 megabytes")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\x00" in data[:200]:
        encoding = "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Unusable("it is neither UTF-8 nor UTF-16; save it as “CSV UTF-8”") from None
    if "\x00" in text:
        raise Unusable("it holds zero bytes: this is no table of text")
    return text


def _csv_rows(text: str, *, checked: bool) -> Iterator[_Found]:
    head = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=head.count))
    try:
        header = [column(cell) for cell in next(lines, [])]
        _check(header, {PATH, *KEYS} if checked else set(header))
        yield from _lines(lines, header)
    except csv.Error as error:
        raise Unusable(f"line {lines.line_num}: {error}") from None


def column(heading: str) -> str:
    """Return what a column is called here: capitals and spaces make no difference."""
    return "_".join(unguarded(heading.strip()).casefold().split())


def _check(header: Sequence[str], keys: Set[str]) -> None:
    if not keys & set(header):
        raise Unusable(f"it has no column “{PATH}”, and none of {', '.join(KEYS)}")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Unusable(f"it has a column twice: {', '.join(twice)}")


def _lines(lines: Iterator[list[str]], header: Sequence[str]) -> Iterator[_Found]:
    # `line_num` is the last line of a row; one with line breaks in its cells began before.
    reader: object = lines
    ended = False
    for row in lines:
        line = int(getattr(reader, "line_num", 0))
        cells = [unguarded(cell.strip()) for cell in row]
        if not any(cells):
            ended = True
            continue
        if ended and not any(cells[1:]):
            # What a download says beside its rows: sources, the disclaimer.
            continue
        fault = ""
        if any(cells[len(header) :]):
            fault = "it has more cells than the first line has columns"
        yield line, dict(zip(header, cells, strict=False)), fault


def _json_rows(text: str) -> Iterator[_Found]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"it is no JSON: {error}") from None
    rows = given.get(_LIST) if isinstance(given, dict) else given
    if not isinstance(rows, list):
        raise Unusable(f"it has no list “{_LIST}”")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            yield number, {}, "it is no object"
            continue
        yield number, {column(name): _cell(value) for name, value in row.items()}, ""


def _cell(value: object) -> str:
    """Return a value of JSON as a cell of CSV says it."""
    if isinstance(value, list):
        return joined(_cell(each) for each in value)
    if value is None or isinstance(value, bool):
        return "true" if value else ""
    return str(value).replace("\x00", "").strip()
