"""Hold what a reader of one kind hands over, before it is cleaned, cut and told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from policytrack.library.reading.limits import Limits
from policytrack.library.reading.results import Origin, Outcome, Unit


class Unreadable(Exception):
    """Give a file up; `reason` is a code, never text from the file."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome = outcome
        self.reason = reason


class RawPage(NamedTuple):
    """Hold a page as its reader found it."""

    text: str
    origin: Origin = Origin.LAYER


class Block(NamedTuple):
    """Hold a paragraph, a heading, a row of a table; `breaks` begins a new page."""

    text: str
    heading: bool = False
    breaks: bool = False


@dataclass(slots=True)
class Draft:
    """Hold the pages of a file and what it says of itself."""

    unit: Unit
    pages: list[RawPage]
    title: str = ""
    authors: list[str] = field(default_factory=list)
    created: str = ""
    language: str = ""


def counted(blocks: Iterable[Block], limits: Limits) -> Iterator[Block]:
    """Pass blocks on until they are more than a document holds."""
    characters = 0
    for block in blocks:
        characters += len(block.text)
        if characters > limits.characters:
            raise Unreadable(Outcome.TOO_HARD, "characters")
        yield block
