"""Read electronic books (EPUB): a page for each chapter, in the order of reading."""

from __future__ import annotations

from policytrack.library.reading import page
from policytrack.library.reading.draft import Block, Draft, RawPage, Unreadable, counted
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.package import Package, beside
from policytrack.library.reading.parts import parts
from policytrack.library.reading.properties import Properties
from policytrack.library.reading.results import Outcome, Unit
from policytrack.library.reading.text.encodings import decode

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = frozenset({"application/xhtml+xml", "text/html"})
_MOST_IN_A_CHAPTER = 60_000


class _Container:
    """Take where the book's list of parts lies."""

    def __init__(self) -> None:
        self.path = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rootfile":
            self.path = self.path or attributes.get("full-path", "")

    def end(self, name: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


class _List(Properties):
    """Take what the book says of itself, its parts, and their order."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, str] = {}
        self.order: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if name == "item" and attributes.get("media-type") in _CHAPTERS:
            self.parts[attributes.get("id", "")] = attributes.get("href", "")
        elif name == "itemref":
            self.order.append(attributes.get("idref", ""))


def read(package: Package, limits: Limits) -> Draft:
    """Return the text of a book's chapters; raise `Unreadable` for one that is locked."""
    container, contents = _Container(), _List()
    package.lead(container, _CONTAINER)
    package.lead(contents, container.path)
    chapters: list[list[Block]] = []
    for key in contents.order[: limits.pages]:
        name = beside(container.path, contents.parts.get(key, ""))
        if key in contents.parts and package.has(name):
            with package.part(name) as file:
                chapters.append(page.parsed(decode(file.read()), limits).blocks)
    if not any(chapters) and package.has(_ENCRYPTION):
        raise Unreadable(Outcome.ENCRYPTED, "rights")
    unit, pages = _paged(chapters, limits)
    said = contents.said
    return Draft(unit, pages, said.title, said.authors, said.created, said.language)


def _paged(chapters: list[list[Block]], limits: Limits) -> tuple[Unit, list[RawPage]]:
    blocks = counted((block for chapter in chapters for block in _marked(chapter)), limits)
    kept = list(blocks)
    whole = ["\n\n".join(block.text for block in chapter) for chapter in chapters if chapter]
    if all(len(text) <= _MOST_IN_A_CHAPTER for text in whole):
        return Unit.CHAPTER, [RawPage(text) for text in whole]
    return Unit.PART, parts(kept)


def _marked(chapter: list[Block]) -> list[Block]:
    return [block._replace(breaks=number == 0) for number, block in enumerate(chapter)]
