"""Read Word documents (DOCX): what they say now, without what was deleted."""

from __future__ import annotations

import re

from policytrack.library.reading.blocks import Blocks
from policytrack.library.reading.draft import Draft
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.numbering import Numbering, Styles
from policytrack.library.reading.package import Package, relations
from policytrack.library.reading.parts import draft
from policytrack.library.reading.properties import properties

# Text that was deleted or moved away, commands of fields, a second form of the same drawing.
_PASSED_OVER = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "annotationRef", "pPrChange"}
)
_HEADING = re.compile(r"(heading|title|titre|.?berschrift|kop\d|t[ií]tulo|judul|titel)", re.I)
_OFF = frozenset({"0", "false", "off"})
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
_NOTES = ("footnotes", "endnotes")


class _Body:
    """Take the paragraphs of a part."""

    def __init__(self, blocks: Blocks, numbering: Numbering, styles: Styles) -> None:
        self._blocks = blocks
        self._numbering = numbering
        self._styles = styles
        self._passing = 0
        self._in_text = False
        # Of the paragraph that begins: its list, its level there, and what will stand before it.
        self._list: tuple[str, int] = ("", 0)
        self._label = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._passing or name in _PASSED_OVER:
            self._passing += 1
        elif name == "p":
            self._blocks.begin()
            self._list, self._label = ("", 0), ""
        elif name == "t":
            self._in_text = True
        elif name in _SIGNS:
            self._blocks.add(_SIGNS[name])
        elif name == "br":
            self._break(attributes.get("type", ""))
        elif name == "sym":
            self._blocks.add(_sign(attributes.get("char", "")))
        elif name in {"footnoteReference", "endnoteReference"}:
            self._blocks.add(f"[{attributes.get('id', '')}]")
        elif name == "tr":
            self._blocks.row()
        elif name == "tc":
            self._blocks.cell()
        elif name in {"footnote", "endnote"}:
            self._note(attributes)
        else:
            self._property(name, attributes.get("val", ""))

    def end(self, name: str) -> None:
        if self._passing:
            self._passing -= 1
        elif name == "p":
            self._blocks.finish()
        elif name == "pPr":
            self._label = self._numbering.next(*self._list)
        elif name == "t":
            self._in_text = False
        elif name == "tr":
            self._blocks.finish_row()

    def data(self, text: str) -> None:
        if self._in_text and not self._passing:
            self._blocks.add(self._label + text)
            self._label = ""

    def _break(self, kind: str) -> None:
        if kind == "page":
            self._blocks.page_break()
        else:
            self._blocks.add("\n")

    def _note(self, attributes: dict[str, str]) -> None:
        # Separators and their like are notes of a type.
        self._passing = 1 if "type" in attributes and attributes["type"] != "normal" else 0

    def _property(self, name: str, value: str) -> None:
        if name == "pStyle":
            self._list = self._styles.numbered(value)
        elif name == "ilvl":
            self._list = (self._list[0], int(value) if value.isdecimal() else 0)
        elif name == "numId":
            self._list = (value, self._list[1])
        if (name == "pStyle" and _HEADING.match(value)) or name == "outlineLvl":
            self._blocks.head()
        elif name == "pageBreakBefore" and value not in _OFF:
            self._blocks.page_break()


def _sign(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def read(package: Package, limits: Limits) -> Draft:
    """Return the text of a Word document, its notes at the end, without heads and feet."""
    main = next(iter(relations(package, "").of_kind("officeDocument")), "word/document.xml")
    pointed = relations(package, main)
    blocks = Blocks(limits)
    numbering, styles = Numbering(), Styles()
    for visitor, kind in ((numbering, "numbering"), (styles, "styles")):
        for part in filter(package.has, pointed.of_kind(kind)):
            package.lead(visitor, part)
    package.lead(_Body(blocks, numbering, styles), main)
    for kind in _NOTES:
        for part in pointed.of_kind(kind):
            if package.has(part):
                package.lead(_Body(blocks, numbering, styles), part)
    said = properties(package)
    headings = (block.text for block in blocks.done[:20] if block.heading)
    return draft(
        blocks.done,
        title=said.title or next(headings, ""),
        authors=said.authors,
        created=said.created,
        language=said.language,
    )
