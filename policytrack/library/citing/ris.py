"""Write citations as RIS, a line for each value, which EndNote, Mendeley and Zotero read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policytrack.library.citing.citable import Author, Citable, Person, with_keys
from policytrack.library.citing.kinds import LEGAL, NAMES, genre

MIMETYPE = "application/x-research-info-systems"


def ris(documents: Iterable[Citable]) -> str:
    """Return documents as one file of RIS, in UTF-8."""
    return "".join(ris_parts(documents))


def ris_parts(documents: Iterable[Citable]) -> Iterator[str]:
    """Yield documents as one file of RIS, one by one."""
    for key, document in with_keys(documents):
        yield "".join(
            f"{tag}  - {value}\r\n" for tag, value in _lines(key, document) if value or tag == "ER"
        )


def _lines(key: str, document: Citable) -> Iterator[tuple[str, str]]:
    legal = document.kind in LEGAL
    first, last = document.page_range
    yield "TY", NAMES[document.kind].ris
    yield "ID", key
    yield "TI", document.title
    yield "TT", document.translated_title
    yield from (("AU", _name(author)) for author in document.authors)
    yield "PY", f"{document.parts[0]:04}" if document.parts else ""
    yield "DA", _date(document.parts)
    yield "T2", document.container
    # The number of a law, and that of a report, each where programs look for it.
    yield "M1" if legal else "SN", document.number
    yield "M3", genre(document.kind, document.genre)
    yield "PB", document.publisher
    yield "CY", document.jurisdiction if legal else document.place
    yield "SP", first
    yield "EP", last
    yield "DO", document.doi
    # A semicolon would part two addresses.
    yield "UR", document.url.replace(";", "%3B")
    yield "LA", document.language or document.title_language
    yield "OP", document.translation_of
    yield "N1", f"ISBN {document.isbn}" if document.isbn else ""
    yield "N1", f"Source: {document.source_url}" if document.source_url else ""
    yield "N1", f"Search: {document.search}" if document.search else ""
    yield "ER", ""


def _date(parts: tuple[int, ...]) -> str:
    """Return a date with its slashes, which stand even where a part is not known."""
    return "/".join([*(f"{part:02}" for part in parts), "", ""][:3]) + "/" if parts else ""


def _name(author: Author) -> str:
    """Return a name to sort by.

    Programs take what follows a comma for given names, of ministries too: these lose theirs.
    """
    if isinstance(author, Person):
        family = author.family.replace(",", " ")
        return ", ".join(filter(None, (" ".join(family.split()), author.given)))
    return " ".join(author.name.replace(",", " ").split())
