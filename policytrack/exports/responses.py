"""Answer with a download, under a name that says what it is and of which day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from tempfile import TemporaryFile

from flask import Response

from policytrack.core import i18n
from policytrack.exports import writers
from policytrack.exports.tables import Download

KINDS: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a file is sent in.
_PART = 256 * 1024


def answer(download: Download, kind: str) -> Response:
    """Return a download as `json`, `xlsx`, or as `csv` of its first table."""
    written: Mapping[str, Callable[[], bytes]] = {
        "json": lambda: writers.as_json(download),
        "csv": lambda: writers.as_csv(
            download.tables[0], (download.title, download.address, *download.notes)
        ),
        "xlsx": lambda: writers.as_workbook(
            download, right_to_left=i18n.language().direction == "rtl"
        ),
    }
    return attachment(written[kind](), kind, f"{download.name}-{download.made_at:%Y-%m-%d}")


def attachment(data: bytes, kind: str, name: str) -> Response:
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
