"""Collect paragraphs and rows from formats that nest them in each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from policytrack.library.reading.draft import Block, Unreadable
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.results import Outcome

BETWEEN_CELLS = " | "


@dataclass(slots=True)
class _Open:
    """Hold a paragraph that is not finished."""

    parts: list[str] = field(default_factory=list)
    heading: bool = False


class Blocks:
    """Put together the blocks of a document while it is walked through.

    A paragraph inside another one (a text box, a note) comes before it; a table becomes a block
    for each row, with its cells side by side.
    """

    def __init__(self, limits: Limits) -> None:
        self.done: list[Block] = []
        self._open: list[_Open] = []
        # For each open table: the cells of its row, each with its paragraphs.
        self._rows: list[list[list[str]]] = []
        self._breaks = False
        self._left = limits.characters

    def begin(self, *, heading: bool = False) -> None:
        """Begin a paragraph."""
        self._open.append(_Open(heading=heading))

    def head(self) -> None:
        """Make the open paragraph a heading."""
        if self._open:
            self._open[-1].heading = True

    def add(self, text: str) -> None:
        """Add to the open paragraph; text outside any is no text of the document."""
        if self._open:
            self._left -= len(text)
            if self._left < 0:
                raise Unreadable(Outcome.TOO_HARD, "characters")
            self._open[-1].parts.append(text)

    def finish(self) -> None:
        """Finish the open paragraph."""
        if not self._open:
            return
        paragraph = self._open.pop()
        text = "".join(paragraph.parts)
        if not text.strip():
            return
        if self._rows and self._rows[-1]:
            self._rows[-1][-1].append(text.strip())
        else:
            self.done.append(Block(text, paragraph.heading, self._breaks))
            self._breaks = False

    def page_break(self) -> None:
        """Begin a new page, in the middle of a paragraph as well."""
        if self._open and not self._rows:
            heading = self._open[-1].heading
            self.finish()
            self.begin(heading=heading)
        self._breaks = True

    def row(self) -> None:
        """Begin a row of a table."""
        self._rows.append([])

    def cell(self) -> None:
        """Begin a cell of the open row."""
        if self._rows:
            self._rows[-1].append([])

    def finish_row(self) -> None:
        """Finish the open row."""
        if not self._rows:
            return
        cells = ["\n".join(paragraphs) for paragraphs in self._rows.pop()]
        text = BETWEEN_CELLS.join(cell for cell in cells if cell)
        if text:
            self.begin()
            self._open[-1].parts.append(text)
            self.finish()
