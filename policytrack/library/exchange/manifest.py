"""Read a manifest: a table that says what the files of a folder are, one row for each."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# A library of a hundred thousand documents, each with a page of summary.
MOST_BYTES = 256 * 1024 * 1024
_CELL = 16 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", ";", "\t")
PATH = "path"


class Unusable(Exception):
    """Say in one sentence why a manifest cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: its line in the file, from 1, and its cells by column, empty ones left out."""

    line: int
    path: str
    cells: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hold the rows of a manifest, and its columns that mean nothing here."""

    rows: Sequence[Row] = ()
    unknown: Sequence[str] = ()
    by_path: Mapping[str, Row] = field(default_factory=dict)


def read(path: Path, columns: frozenset[str]) -> Manifest:
    """Read a manifest whose columns may be any of `columns`, in any order, beside `path`.

    UTF-8 or UTF-16, with or without a mark; commas, semicolons or tabs. Raises `Unusable` where it
    is no such table.
    """
    # The csv module's own limit of 128 kB, which holds for the whole process, is less than a long
    # summary.
    before = csv.field_size_limit(_CELL)
    try:
        return _read(path, columns)
    finally:
        csv.field_size_limit(before)


def _read(path: Path, columns: frozenset[str]) -> Manifest:
    lines = csv.reader(io.StringIO(_text(path), newline=""), delimiter=_delimiter(_text(path)))
    try:
        header = [_column(cell) for cell in next(lines, [])]
        _check(header)
        rows = list(_rows(lines, header, columns))
    except csv.Error as error:
        raise Unusable(f"line {lines.line_num}: {error}") from None
    by_path: dict[str, Row] = {}
    kept = []
    for row in rows:
        if not row.fault and row.path in by_path:
            row = Row(
                row.line, row.path, row.cells, f"line {by_path[row.path].line} names this file"
            )
        else:
            by_path.setdefault(row.path, row)
        kept.append(row)
    unknown = [name for name in header if name and name not in columns | {PATH}]
    return Manifest(kept, unknown, by_path)


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


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(_DELIMITERS, key=head.count)


def _column(cell: str) -> str:
    return cell.strip().casefold().replace(" ", "_")


def _check(header: Sequence[str]) -> None:
    if PATH not in header:
        raise Unusable(f"it has no column “{PATH}”")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Unusable(f"it has a column twice: {', '.join(twice)}")


def _rows(
    lines: Iterator[list[str]], header: Sequence[str], columns: frozenset[str]
) -> Iterator[Row]:
    # `line_num` is the last line of a row; one with line breaks in its cells began before.
    reader: object = lines
    for cells in lines:
        line = int(getattr(reader, "line_num", 0))
        if not any(cell.strip() for cell in cells):
            continue
        found = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        path = found.pop(PATH, "").replace("\\", "/").removeprefix("./")
        fault = ""
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            fault = "it has more cells than the first line has columns"
        elif not path:
            fault = "it names no file"
        said = {name: text for name, text in found.items() if text and name in columns}
        yield Row(line, path, said, fault)
