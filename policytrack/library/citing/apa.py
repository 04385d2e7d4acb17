"""Cite as the Publication Manual of the American Psychological Association, 7th edition, says."""

from __future__ import annotations

from datetime import date

from policytrack.library.citing import kinds, names
from policytrack.library.citing.casing import headline
from policytrack.library.citing.citable import Citable, Organisation
from policytrack.library.citing.parts import Parts
from policytrack.library.citing.text import Text, as_text, joined, link, sentences


def apa(document: Citable, today: date, language: str = "en") -> Text:
    """Return the entry of the list of references."""
    parts = Parts(document, language, today)
    if document.kind in kinds.LEGAL:
        return joined([sentences([parts.legal()]), _address(parts)], " ")
    authors = names.apa_reference(document, parts.words)
    title = joined([parts.title(italic=True), parts.translation, _identifier(parts)], " ")
    described = f"[{parts.genre}]" if parts.genre and not document.number else ""
    year_only = kinds.NAMES[document.kind].csl == "report"
    issued = f"({parts.words.year_first(document.parts[:1] if year_only else document.parts)})"
    # Without an author the title comes first, and what it is after the date.
    body: list[Text | str] = (
        [authors, issued, joined([title, described], " ")]
        if authors
        else [title, issued, described]
    )
    return joined([sentences([*body, _publisher(document)]), _address(parts)], " ")


def apa_in_text(document: Citable, language: str = "en") -> Text:
    """Return what stands in the text, with the page: `(Al-Hassan, 2020, p. 12)`."""
    parts = Parts(document, language, date.min)
    legal = document.kind in kinds.LEGAL
    plain = legal or kinds.NAMES[document.kind].csl == "report"
    authors = "" if legal else names.apa_in_text(document, parts.words)
    who = as_text(authors) or parts.title(capitals=True, italic=not plain)
    year = f"{document.parts[0]}" if document.parts else parts.words.no_date
    page = parts.words.label(document.page_range)
    return as_text("(") + joined([who, year, page], parts.words.comma) + ")"


def _identifier(parts: Parts) -> str:
    """Return number, series and pages in brackets."""
    document, comma = parts.document, parts.words.comma
    genre = headline(parts.genre, document.english)
    number = " ".join(filter(None, (genre, parts.number))) if document.number else ""
    shelf = comma.join(filter(None, (parts.shelf, parts.words.label(document.page_range))))
    found = parts.words.semicolon.join(filter(None, (number, shelf)))
    return f"({found})" if found else ""


def _publisher(document: Citable) -> str:
    """Return the publisher, unless it is the author."""
    same = document.authors == (Organisation(document.publisher),)
    return "" if same else document.publisher


def _address(parts: Parts) -> Text:
    """Return the address; of what has no date, with the day on which it was looked at."""
    document = parts.document
    if not document.address or document.parts or document.doi:
        return link(document.address)
    said = parts.words.retrieved.format(date=parts.looked_at)
    return joined([said, link(document.address)], " ")
