"""Say what was read from a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Say how a reading ended."""

    READ = "read"
    NO_TEXT = "no_text"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_HARD = "too_hard"
    REFUSED = "refused"


# What the library takes; of all else nothing could ever be shown.
TAKEN = frozenset({Outcome.READ, Outcome.NO_TEXT})


class Kind(StrEnum):
    """Name the kinds of documents that are read, by their content."""

    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    ODT = "odt"
    RTF = "rtf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    PPTX = "pptx"
    XLSX = "xlsx"
    EPUB = "epub"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Say where a page's text comes from: the file, a machine that read its picture, or nowhere."""

    LAYER = "layer"
    MACHINE = "machine"
    NONE = "none"


class Unit(StrEnum):
    """Say what a "page" is; parts are cut by us and their numbers mean nothing outside."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    CHAPTER = "chapter"
    PART = "part"


@dataclass(frozen=True, slots=True)
class PageText:
    """Hold the text of one page: its lines, with an empty one between paragraphs where known.

    `language` is a BCP 47 tag, empty where it could not be told.
    """

    number: int
    text: str
    origin: Origin
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what a file was found to be and what was read from it.

    `reason` is a code that says more of an outcome other than `READ`, in English for the log and
    the table: never text from the file. `title`, `authors` and `created` (an ISO day) are what the
    file says of itself, and may be wrong.
    """

    outcome: Outcome
    kind: Kind
    reason: str = ""
    unit: Unit = Unit.PART
    pages: tuple[PageText, ...] = ()
    language: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    created: str = ""

    @property
    def paged(self) -> bool:
        """Tell whether the numbers are those that a reader of the file sees."""
        return self.unit in {Unit.PAGE, Unit.SLIDE}

    @property
    def characters(self) -> int:
        """Return how many characters all pages have."""
        return sum(len(page.text) for page in self.pages)

    @property
    def pictures(self) -> tuple[int, ...]:
        """Return the numbers of pages without a text layer, which a machine could read."""
        return tuple(page.number for page in self.pages if page.origin is Origin.NONE)
