"""Carry a reading from the process that reads to the one that asked: a line of JSON for each."""

from __future__ import annotations

import json
from collections.abc import Callable

from policytrack.library.reading.results import Kind, Origin, Outcome, PageText, Reading, Unit

_PAGE, _END = "page", "end"


def send(reading: Reading, write: Callable[[bytes], object]) -> None:
    """Write a reading, page by page."""
    for page in reading.pages:
        _line(write, [_PAGE, page.number, page.text, page.origin, page.language])
    _line(
        write,
        [
            _END,
            reading.outcome,
            reading.kind,
            reading.reason,
            reading.unit,
            reading.language,
            reading.title,
            reading.authors,
            reading.created,
        ],
    )


def _line(write: Callable[[bytes], object], values: list[object]) -> None:
    write(json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


class Receiver:
    """Put a reading together again from the pieces that arrive.

    What comes was written by a process that hostile bytes may have taken over: whatever is not a
    reading raises `ValueError`.
    """

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._pages: list[PageText] = []
        self._end: Reading | None = None

    def take(self, piece: bytes) -> None:
        """Take the next piece."""
        self._waiting += piece
        *lines, rest = self._waiting.split(b"\n")
        self._waiting = bytearray(rest)
        for line in lines:
            self._read(line)

    def reading(self) -> Reading:
        """Return the whole; raise `ValueError` when its end never came."""
        if self._end is None or self._waiting:
            raise ValueError("a reading without an end")
        return self._end

    def _read(self, line: bytearray) -> None:
        values = json.loads(line)
        if self._end is not None or not isinstance(values, list) or not values:
            raise ValueError("no line of a reading")
        kind, *rest = values
        if kind == _PAGE:
            number, text, origin, language = rest
            page = PageText(int(number), _text(text), Origin(origin), _text(language))
            self._pages.append(page)
        elif kind == _END:
            outcome, found, reason, unit, language, title, authors, created = rest
            self._end = Reading(
                outcome=Outcome(outcome),
                kind=Kind(found),
                reason=_text(reason),
                unit=Unit(unit),
                pages=tuple(self._pages),
                language=_text(language),
                title=_text(title),
                authors=tuple(_text(author) for author in authors),
                created=_text(created),
            )
        else:
            raise ValueError("no line of a reading")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value
