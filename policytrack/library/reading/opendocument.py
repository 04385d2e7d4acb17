"""Read OpenDocument texts (ODT)."""

from __future__ import annotations

from policytrack.library.reading.blocks import Blocks
from policytrack.library.reading.draft import Draft
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.package import Package
from policytrack.library.reading.parts import draft
from policytrack.library.reading.properties import properties

# What was deleted, comments, pictures as text, forms, and what a field would say if it were shown.
_PASSED_OVER = frozenset(
    {"tracked-changes", "annotation", "binary-data", "forms", "scripts", "ruby-text", "desc"}
)
_PARAGRAPHS = frozenset({"p", "h"})
_MOST_SPACES = 100


class _Content:
    """Take the paragraphs of `content.xml`."""

    def __init__(self, blocks: Blocks, breaking: set[str]) -> None:
        self._blocks = blocks
        # Styles that begin a new page; the part declares them before its text.
        self._breaking = breaking
        self._style = ""
        self._passing = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._passing or name in _PASSED_OVER:
            self._passing += 1
        elif name in _PARAGRAPHS:
            if attributes.get("style-name") in self._breaking:
                self._blocks.page_break()
            self._blocks.begin(heading=name == "h")
        elif name == "s":
            count = attributes.get("c", "1")
            self._blocks.add(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
        elif name == "tab":
            self._blocks.add("\t")
        elif name == "line-break":
            self._blocks.add("\n")
        elif name == "table-row":
            self._blocks.row()
        elif name in {"table-cell", "covered-table-cell"}:
            self._blocks.cell()
        elif name == "note-citation":
            self._blocks.add("[")
        elif name == "style":
            self._style = attributes.get("name", "")
        elif attributes.get("break-before") == "page":
            self._breaking.add(self._style)

    def end(self, name: str) -> None:
        if self._passing:
            self._passing -= 1
        elif name in _PARAGRAPHS:
            self._blocks.finish()
        elif name == "table-row":
            self._blocks.finish_row()
        elif name == "note-citation":
            self._blocks.add("]")

    def data(self, text: str) -> None:
        if not self._passing:
            self._blocks.add(text)


def read(package: Package, limits: Limits) -> Draft:
    """Return the text of an OpenDocument text; a note stands before its paragraph."""
    blocks = Blocks(limits)
    package.lead(_Content(blocks, set()), "content.xml")
    said = properties(package)
    headings = (block.text for block in blocks.done[:20] if block.heading)
    return draft(
        blocks.done,
        title=said.title or next(headings, ""),
        authors=said.authors,
        created=said.created,
        language=said.language,
    )
