"""Read what Office and OpenDocument files say of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from policytrack.library.reading.draft import Unreadable
from policytrack.library.reading.package import Package

_PARTS = ("docProps/core.xml", "meta.xml")
_MOST = 2_000


@dataclass(slots=True)
class Said:
    """Hold the properties of a document, as they were found."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    created: str = ""
    language: str = ""


class Properties:
    """Take the elements of Dublin Core and those that stand for them."""

    def __init__(self) -> None:
        self.said = Said()
        self._text: list[str] = []

    def start(self, _name: str, _attributes: dict[str, str]) -> None:
        """Begin a property."""
        self._text = []

    def data(self, text: str) -> None:
        """Take a piece of it."""
        if len(self._text) < _MOST:
            self._text.append(text[:_MOST])

    def end(self, name: str) -> None:
        """Keep a property that is wanted; the first of each counts."""
        text = "".join(self._text).strip()
        self._text = []
        if not text:
            return
        if name == "title":
            self.said.title = self.said.title or text
        elif name in {"creator", "initial-creator"}:
            self.said.authors.append(text)
        elif name in {"created", "creation-date", "date"}:
            if name != "date" or not self.said.created:
                self.said.created = text
        elif name == "language":
            self.said.language = self.said.language or text


def properties(package: Package) -> Said:
    """Return what a document says of itself; nothing where that is damaged."""
    found = Properties()
    for part in _PARTS:
        if package.has(part):
            try:
                package.lead(found, part)
            except Unreadable as given_up:
                if given_up.reason != "xml":
                    raise
    return found.said
