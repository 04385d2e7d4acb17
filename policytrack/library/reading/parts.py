"""Cut a text that has no pages into parts of a size that one reads and loads at once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policytrack.library.reading.draft import Block, Draft, RawPage
from policytrack.library.reading.results import Unit

# Two printed pages or so. Past the first a heading begins a new part, past the second a paragraph.
FEWEST = 3_000
ENOUGH = 4_500
MOST = 6_000
_SENTENCE_END = re.compile(r"[.!?؟。।\u06d4]\s|\n")


def parts(blocks: Iterable[Block]) -> list[RawPage]:
    """Return parts of about `FEWEST` to `MOST` characters, cut between paragraphs."""
    done: list[str] = []
    waiting: list[str] = []
    length = 0
    for block in blocks:
        text = block.text.strip("\n")
        full = length >= ENOUGH or (block.heading and length >= FEWEST)
        if waiting and (block.breaks or full or length + len(text) > MOST):
            done.append("\n\n".join(waiting))
            waiting, length = [], 0
        for piece in _pieces(text):
            if length + len(piece) > MOST and waiting:
                done.append("\n\n".join(waiting))
                waiting, length = [], 0
            waiting.append(piece)
            length += len(piece) + 2
    if waiting:
        done.append("\n\n".join(waiting))
    return [RawPage(text) for text in done if text.strip()]


def _pieces(text: str) -> Iterable[str]:
    """Return a paragraph whole, or, when it is longer than a part, cut at a sentence or a word."""
    while len(text) > MOST:
        end = _cut(text)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text.strip():
        yield text


def _cut(text: str) -> int:
    ends = [found.end() for found in _SENTENCE_END.finditer(text, FEWEST, MOST)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", FEWEST, MOST)
    return space + 1 if space > 0 else MOST


def draft(blocks: Iterable[Block], **said: object) -> Draft:
    """Return a draft of an unpaged text; its explicit breaks begin parts of their own."""
    return Draft(Unit.PART, parts(blocks), **said)  # type: ignore[arg-type]  # its own fields
