"""Write tables as lines of JSON and read them back, on either database.

The first line names the table, its columns and the kind of each; every further line is one row.
Kinds are the archive's own, so that a backup of one database restores into the other, and one of
an older version into the tables of that version.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrack.core.db import UTCDateTime
from policytrack.operations.archive import BackupError

_BATCH = 500

# The first that fits counts.
_KINDS: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
    (sa.Boolean, "bool"),
    (sa.DateTime, "moment"),
    (sa.Date, "date"),
    (sa.Time, "time"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "bytes"),
    (sa.Integer, "int"),
    (sa.Float, "float"),
    (sa.Numeric, "decimal"),
    (sa.String, "text"),
)

_TYPES: Mapping[str, sa.types.TypeEngine[Any]] = {
    "bool": sa.Boolean(),
    "moment": UTCDateTime(),
    "date": sa.Date(),
    "time": sa.Time(),
    "json": sa.JSON(none_as_null=True),
    "bytes": sa.LargeBinary(),
    "int": sa.BigInteger(),
    "float": sa.Float(),
    "decimal": sa.Numeric(),
    "text": sa.Text(),
}


def _moment(value: datetime) -> str:
    # SQLite keeps UTC without saying so (`UTCDateTime`).
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat()


_ENCODE: Mapping[str, Callable[[Any], Any]] = {
    "moment": _moment,
    "date": date.isoformat,
    "time": time.isoformat,
    "decimal": str,
    "bytes": lambda value: base64.b64encode(value).decode("ascii"),
}
_DECODE: Mapping[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "decimal": Decimal,
    "bytes": base64.b64decode,
}


def kind_of(column: sa.Column[Any]) -> str:
    """Return the portable kind of a column; raise `BackupError` where there is none."""
    for kind, name in _KINDS:
        if isinstance(column.type, kind):
            return name
    raise BackupError(f"{column.table.name}.{column.name} has a type that no backup can hold")


def _convert(row: Any, converters: list[Callable[[Any], Any] | None]) -> list[Any]:
    return [
        value if value is None or convert is None else convert(value)
        for value, convert in zip(row, converters, strict=True)
    ]


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def dump(connection: Connection, table: sa.Table, out: IO[bytes]) -> int:
    """Write a table as lines; return the number of rows."""
    kinds = [kind_of(column) for column in table.columns]
    names = [column.name for column in table.columns]
    out.write(_line({"table": table.name, "columns": list(zip(names, kinds, strict=True))}))
    encoders = [_ENCODE.get(kind) for kind in kinds]
    count = 0
    chosen = sa.select(table).order_by(*table.primary_key.columns)
    with connection.execution_options(yield_per=_BATCH).execute(chosen) as rows:
        for row in rows:
            out.write(_line(_convert(row, encoders)))
            count += 1
    return count


def load(connection: Connection, known: Mapping[str, sa.Table], lines: IO[bytes]) -> int:
    """Insert the rows that `dump` wrote; return their number.

    `known` are the tables that exist. Raises `BackupError` for a table or column that does not.
    """
    try:
        header = json.loads(lines.readline())
        name, columns = str(header["table"]), dict(header["columns"])
        types = {column: _TYPES[kind] for column, kind in columns.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"a table in the backup cannot be read ({error})") from None
    if name not in known or not set(columns) <= set(known[name].columns.keys()):
        raise BackupError(f"the backup's table {name!r} does not fit this version's tables")
    into = sa.insert(sa.table(name, *(sa.column(key, kind) for key, kind in types.items())))
    decoders = [_DECODE.get(kind) for kind in columns.values()]
    count = 0
    for batch in _batches(lines):
        values = [
            dict(zip(columns, _convert(json.loads(line), decoders), strict=True)) for line in batch
        ]
        connection.execute(into, values)
        count += len(values)
    return count


def _batches(lines: IO[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(lines, _BATCH)):
        yield batch
