"""Walk XML without keeping it, without entities, and without anything from outside."""

from __future__ import annotations

from typing import IO, Protocol
from xml.parsers import expat

from policytrack.library.reading.draft import Unreadable
from policytrack.library.reading.results import Outcome

_MOST_DEPTH = 2_000
_CHUNK = 65_536


class Visitor(Protocol):
    """Take what a document holds in its order; names are without their namespaces."""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Enter an element."""

    def end(self, name: str, /) -> None:
        """Leave an element."""

    def data(self, text: str, /) -> None:
        """Take text, whole between two elements."""


def walk(file: IO[bytes], visitor: Visitor) -> None:
    """Lead a visitor through a document; raise `Unreadable` for what is not plain, whole XML."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise Unreadable(Outcome.TOO_HARD, "nested")
        visitor.start(local(name), {local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        visitor.end(local(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = visitor.data
    parser.EntityDeclHandler = _refuse
    try:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Unreadable(Outcome.BROKEN, "xml") from None


def _is_in_namespace(attribute: tuple[str, str]) -> bool:
    return "}" in attribute[0]


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def _refuse(*_declaration: object) -> None:
    raise Unreadable(Outcome.REFUSED, "entities")
