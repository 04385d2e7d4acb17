"""Answer with a download, under a name that says what it is and of which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain
from tempfile import TemporaryFile

from flask import Response, stream_with_context
from sqlalchemy.orm import Session

from policytrack.core import i18n
from policytrack.core.db import session
from policytrack.exports import writers
from policytrack.exports.tables import Download

KINDS: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a file is sent in.
_PART = 256 * 1024


# So many characters are sent at once.
_PIECE = 64 * 1024


def answer(download: Download, kind: str) -> Response:
    """Return a download as `json`, `xlsx`, or as `csv` of its first table.

    JSON and CSV are written while they are sent: rows that are read as they are asked for are
    never all in memory.
    """
    name = f"{download.name}-{download.made_at:%Y-%m-%d}"
    if kind == "xlsx":
        right_to_left = i18n.language().direction == "rtl"
        return attachment(writers.as_workbook(download, right_to_left=right_to_left), kind, name)
    if kind == "csv":
        notes = (download.title, download.address, *download.notes)
        parts = writers.csv_parts(download.tables[0], notes)
    else:
        parts = writers.json_parts(download)
    return attachment(_sent(_pieces(parts)), kind, name)


def _sent(pieces: Iterator[bytes]) -> bytes | Iterator[bytes]:
    """Return a short text as it is, and a long one as it is made.

    What fails in the first piece is told before anything is sent.
    """
    first, second = next(pieces, b""), next(pieces, None)
    if second is None:
        return first
    return stream_with_context(_let_go_of(session(), chain((first, second), pieces)))


def _let_go_of(reading: Session, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces and end what they read in, however far somebody reads.

    The request is over by then, and has forgotten its session.
    """
    with closing(reading):
        yield from pieces


def _pieces(parts: Iterator[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()


def attachment(data: bytes | Iterable[bytes], kind: str, name: str) -> Response:
    """Return a file of one of `KINDS` to be kept; its kind is the ending of its name."""
    response = Response(data, content_type=KINDS[kind])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return response


def streamed(parts: Iterable[str] | Iterable[bytes], media_type: str, name: str) -> Response:
    """Return a file that is sent as it is made; its kind is the ending of its name."""
    response = Response(parts, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def workbook_parts(download: Download, *, right_to_left: bool) -> Iterator[bytes]:
    """Yield a workbook in parts, once it has been written whole to a file that nobody else sees."""
    with TemporaryFile() as made:
        writers.write_workbook(made, download, right_to_left=right_to_left)
        made.seek(0)
        while part := made.read(_PART):
            yield part
