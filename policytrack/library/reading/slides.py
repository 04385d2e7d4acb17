"""Read presentations (PPTX): a page for each slide, in their order."""

from __future__ import annotations

from policytrack.library.reading.blocks import Blocks
from policytrack.library.reading.draft import Draft, RawPage
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.package import Package, relations
from policytrack.library.reading.properties import properties
from policytrack.library.reading.results import Unit

_MAIN = "ppt/presentation.xml"
# Drawings with text of their own that a slide points to.
_DRAWN = ("diagramData", "chart")
_PASSED_OVER = frozenset({"Fallback", "fld"})


class _Order:
    """Take the slides' ids in the order in which they are shown."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sldId":
            self.ids.append(attributes.get("id", ""))

    def end(self, name: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


class _Slide:
    """Take the paragraphs of a slide; numbers and dates that count themselves are passed over."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._passing = 0
        self._in_text = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if self._passing or name in _PASSED_OVER:
            self._passing += 1
        elif name == "p":
            self._blocks.begin()
        elif name in {"t", "v"}:
            self._in_text = True
        elif name == "br":
            self._blocks.add("\n")
        elif name == "tr":
            self._blocks.row()
        elif name == "tc":
            self._blocks.cell()

    def end(self, name: str) -> None:
        if self._passing:
            self._passing -= 1
        elif name == "p":
            self._blocks.finish()
        elif name in {"t", "v"}:
            self._in_text = False
        elif name == "tr":
            self._blocks.finish_row()

    def data(self, text: str) -> None:
        if self._in_text and not self._passing:
            self._blocks.add(text)


def read(package: Package, limits: Limits) -> Draft:
    """Return the text of a presentation's slides, without the speaker's notes."""
    main = next(iter(relations(package, "").of_kind("officeDocument")), _MAIN)
    order = _Order()
    package.lead(order, main)
    slides = relations(package, main).targets
    parts = [slides[key] for key in order.ids if key in slides and package.has(slides[key])]
    pages = [RawPage(_text(package, part, limits)) for part in parts[: limits.pages]]
    said = properties(package)
    return Draft(Unit.SLIDE, pages, said.title, said.authors, said.created, said.language)


def _text(package: Package, part: str, limits: Limits) -> str:
    blocks = Blocks(limits)
    package.lead(_Slide(blocks), part)
    pointed = relations(package, part)
    for kind in _DRAWN:
        for drawing in pointed.of_kind(kind):
            if package.has(drawing):
                package.lead(_Slide(blocks), drawing)
    return "\n".join(block.text for block in blocks.done)
