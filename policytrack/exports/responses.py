"""Answer with a download, under a name that says what it is and of which day."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response

from policytrack.core import i18n
from policytrack.exports import writers
from policytrack.exports.tables import Download

KINDS: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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
