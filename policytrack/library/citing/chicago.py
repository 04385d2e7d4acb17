"""Cite as the Chicago Manual of Style, 18th edition, says: a bibliography, and notes with pages."""

from __future__ import annotations

from datetime import date

from policytrack.library.citing import kinds, names
from policytrack.library.citing.casing import headline
from policytrack.library.citing.citable import Citable
from policytrack.library.citing.parts import Parts
from policytrack.library.citing.text import Text, as_text, joined, link, sentences
from policytrack.library.citing.words import span


def chicago(document: Citable, today: date, language: str = "en") -> Text:
    """Return the entry of the bibliography."""
    parts = Parts(document, language, today)
    if document.kind in kinds.LEGAL:
        return sentences([parts.legal(), _looked_at(parts), link(document.address)])
    return sentences(
        [
            names.chicago_bibliography(document, parts.words),
            _title(parts, "."),
            _described(parts),
            parts.shelf,
            parts.words.comma.join(_published(parts)),
            _looked_at(parts),
            link(document.address),
        ]
    )


def chicago_note(document: Citable, today: date, language: str = "en") -> Text:
    """Return a footnote, with the page."""
    parts = Parts(document, language, today)
    comma = parts.words.comma
    page = span(document.page_range)
    accessed = _looked_at(parts)
    accessed = accessed[:1].lower() + accessed[1:]
    if document.kind in kinds.LEGAL:
        found = joined([parts.legal(), page, accessed, link(document.address)], comma)
        return found.ended()
    title = joined(
        [
            names.chicago_note(document, parts.words),
            _title(parts, ","),
            _described(parts, running=True),
            parts.shelf,
        ],
        comma,
    )
    published = _published(parts)
    if _is_report(document):
        title, published = title + f" ({comma.join(published)})", []
    found = joined([title, *published, page, accessed, link(document.address)], comma)
    return found.ended()


def _is_report(document: Citable) -> bool:
    return kinds.NAMES[document.kind].csl == "report"


def _title(parts: Parts, sign: str) -> Text:
    """Return the title: of a report in italics, else in quotation marks with the sign inside."""
    document, words = parts.document, parts.words
    if _is_report(document):
        return joined([parts.title(capitals=True, italic=True), parts.translation], " ")
    title = parts.title(capitals=True)
    if words.stop_inside_quotes and not parts.translation:
        title = title.ended() if sign == "." else title + sign
    opened, closed = words.quotes
    return joined([as_text(opened) + title + closed, parts.translation], " ")


def _described(parts: Parts, *, running: bool = False) -> str:
    """Return what the document is and its number: `Evaluation Report No. 7`."""
    document, number = parts.document, parts.number
    if not document.number:
        return parts.genre
    genre = parts.genre if running else headline(parts.genre, document.english)
    if running and number != document.number:
        number = number[0].lower() + number[1:]
    return " ".join(filter(None, (genre, number)))


def _published(parts: Parts) -> list[str]:
    """Return who published it, or where, if only that is known, and when."""
    document = parts.document
    issued = document.parts[:1] if _is_report(document) else document.parts
    date = parts.words.date(issued) or parts.words.no_date
    return list(filter(None, (document.publisher or document.place, date)))


def _looked_at(parts: Parts) -> str:
    """Return the day on which what has no date was looked at."""
    document = parts.document
    if document.parts or document.doi or not document.address:
        return ""
    return parts.words.accessed.format(date=parts.looked_at)
