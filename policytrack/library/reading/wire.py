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


class TooMuch(Exception):
    """Say that a reading is longer than any may be."""


class Receiver:
    """Put a reading together again from the pieces that arrive.

    What comes was written by a process that hostile bytes may have taken over: whatever is not a
    reading raises `ValueError`, and more than `most` bytes of it `TooMuch`. What follows a reading
    is handed to `then`.
    """

    def __init__(self, most: int, then: Callable[[bytes], object] | None = None) -> None:
        self._left = most
        self._then = then
        self._waiting = bytearray()
        self._pages: list[PageText] = []
        self._end: Reading | None = None

    def take(self, piece: bytes) -> None:
        """Take the next piece."""
        if self._end is not None and self._then is not None:
            self._then(piece)
            return
        self._left -= len(piece)
        if self._left < 0:
            raise TooMuch
        self._waiting += piece
        while (end := self._waiting.find(b"\n")) >= 0 and not self.ended:
            self._read(self._waiting[:end])
            del self._waiting[: end + 1]
        if self.ended and self._waiting and self._then is not None:
            self._then(bytes(self._waiting))
            self._waiting.clear()

    @property
    def ended(self) -> bool:
        """Tell whether the reading is there as a whole."""
        return self._end is not None

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
