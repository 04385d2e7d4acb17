"""Read plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policytrack.library.reading.draft import Block, Draft, RawPage, Unreadable
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.parts import draft
from policytrack.library.reading.results import Outcome, Unit
from policytrack.library.reading.text.encodings import decode

_BETWEEN = re.compile(r"\n[ \t]*\n\s*")


def read(data: bytes, limits: Limits) -> Draft:
    """Return a text by its form feeds, which are pages, or in parts."""
    text = decode(data)
    if len(text) > limits.characters:
        raise Unreadable(Outcome.TOO_HARD, "characters")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    if "\f" in text.strip("\f\n "):
        pages = text.rstrip("\f\n ").split("\f")
        if len(pages) > limits.pages:
            raise Unreadable(Outcome.TOO_HARD, "pages")
        return Draft(Unit.PAGE, [RawPage(page) for page in pages])
    return draft(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    for paragraph in _BETWEEN.split(text):
        yield Block(paragraph)
