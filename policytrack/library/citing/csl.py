"""Write citations as CSL-JSON, which Zotero and every CSL processor read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from policytrack.library.citing.citable import Author, Citable, Person, with_keys
from policytrack.library.citing.kinds import LEGAL, NAMES, genre

MIMETYPE = "application/vnd.citationstyles.csl+json"


def csl_json(documents: Iterable[Citable], today: date | None = None) -> list[dict[str, Any]]:
    """Return documents as items of CSL-JSON, looked at today."""
    return list(csl_items(documents, today))


def csl_items(documents: Iterable[Citable], today: date | None = None) -> Iterator[dict[str, Any]]:
    """Yield documents as items of CSL-JSON, looked at today."""
    for key, document in with_keys(documents):
        yield _item(key, document, today)


def csl_parts(documents: Iterable[Citable], today: date | None = None) -> Iterator[str]:
    """Yield documents as one file of CSL-JSON, item by item."""
    between = "[\n"
    for item in csl_items(documents, today):
        yield f"{between}{json.dumps(item, ensure_ascii=False)}"
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _item(key: str, document: Citable, today: date | None) -> dict[str, Any]:
    legal = document.kind in LEGAL
    item: dict[str, Any] = {
        "id": key,
        "type": NAMES[document.kind].csl,
        "title": document.title,
        "author": [_name(author) for author in document.authors],
        "issued": _date(document.parts),
        "accessed": _date((today.year, today.month, today.day) if today else ()),
        "publisher": document.publisher,
        "publisher-place": document.place,
        "jurisdiction": document.jurisdiction,
        "genre": genre(document.kind, document.genre),
        "number": document.number,
        "container-title" if legal else "collection-title": document.container,
        # Of a law, `page` would be a page of the gazette.
        "page": "" if legal else document.pages,
        "ISBN": document.isbn,
        "DOI": document.doi,
        "URL": document.url,
        "language": document.language or document.title_language,
        "original-title": document.translation_of,
        "note": _note(document),
    }
    return {name: value for name, value in item.items() if value}


def _name(author: Author) -> dict[str, str]:
    if isinstance(author, Person):
        given = {"given": author.given} if author.given else {}
        return {"family": author.family, **given}
    return {"literal": author.name}


def _date(parts: tuple[int, ...]) -> dict[str, Any]:
    return {"date-parts": [list(parts)]} if parts else {}


def _note(document: Citable) -> str:
    """Return, a line each, what CSL has no variable for."""
    lines = {
        "Translated title": document.translated_title,
        "Source": document.source_url,
        "Page": document.pages if document.kind in LEGAL else "",
        "Search": document.search,
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)
