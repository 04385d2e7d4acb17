"""Say in a page's head what document it shows, as reference managers and search engines read it.

Zotero reads Highwire's names, and what kind of thing it is from `z:itemType`: without that, a law
is an article of a journal. Its "linked metadata" comes first: a page that links to its CSL-JSON
with `rel="alternate"` gives everything, organisations too, which Highwire takes for persons.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from policytrack.library.citing.citable import Author, Citable, Person
from policytrack.library.citing.kinds import LEGAL, NAMES, genre

# What would end the script, or a line of it for older readers of JSON.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def highwire(document: Citable) -> list[tuple[str, str]]:
    """Return the names and contents of the page's `meta` elements, for the page to escape."""
    names = NAMES[document.kind]
    report = names.zotero == "report"
    found = [
        ("citation_title", document.title),
        *(("citation_author", _name(author)) for author in document.authors),
        ("citation_publication_date", "/".join(f"{part:02}" for part in document.parts)),
        ("citation_language", document.language or document.title_language),
        # An institution makes it a report, for Zotero and for Google Scholar.
        ("citation_technical_report_institution", document.publisher if report else ""),
        ("citation_technical_report_number", document.number if report else ""),
        ("citation_publisher", document.publisher),
        ("citation_series_title", document.container),
        ("citation_isbn", document.isbn),
        ("citation_doi", document.doi),
        ("citation_public_url", document.url),
        ("citation_abstract_html_url", document.url),
        ("citation_pdf_url", document.pdf_url),
        ("z:itemType", names.zotero),
    ]
    return [(name, content) for name, content in found if content]


def _name(author: Author) -> str:
    """Return a name as Highwire has it: readers part it at commas and semicolons."""
    if isinstance(author, Person):
        parts = (author.family, author.given)
        return ", ".join(
            filter(
                None, (" ".join(part.replace(",", " ").replace(";", " ").split()) for part in parts)
            )
        )
    return " ".join(author.name.replace(",", " ").replace(";", " ").split())


def schema_org(document: Citable) -> dict[str, Any]:
    """Return the document in the words of schema.org, as JSON-LD."""
    legal = document.kind in LEGAL
    names = NAMES[document.kind]
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": names.schema,
        "@id": document.url,
        "url": document.url,
        "name": document.title,
        "alternateName": document.translated_title,
        "inLanguage": document.language or document.title_language,
        "genre": "" if legal else genre(document.kind, document.genre),
        "author": [_agent(author) for author in document.authors],
        "publisher": _thing("Organization", document.publisher),
        "locationCreated": _thing("Place", document.place),
        "datePublished": document.issued,
        "isPartOf": _thing("CreativeWork", document.container),
        "translationOfWork": _thing("CreativeWork", document.translation_of),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in (("DOI", document.doi), ("ISBN", document.isbn))
            if value
        ],
        "sameAs": document.source_url,
        "encoding": _file(document.pdf_url),
    }
    if legal:
        found |= {
            "legislationType": genre(document.kind, document.genre),
            "legislationIdentifier": document.number,
            "legislationJurisdiction": document.jurisdiction,
            "legislationDate": document.issued,
        }
    elif names.schema == "Report":
        found["reportNumber"] = document.number
    return {name: value for name, value in found.items() if value}


def _agent(author: Author) -> dict[str, str]:
    if isinstance(author, Person):
        parts = {"familyName": author.family, "givenName": author.given}
        return {"@type": "Person", "name": author.whole} | (parts if author.given else {})
    return {"@type": "Organization", "name": author.name}


def _thing(kind: str, name: str) -> dict[str, str]:
    return {"@type": kind, "name": name} if name else {}


def _file(address: str) -> dict[str, str]:
    if not address:
        return {}
    return {"@type": "MediaObject", "contentUrl": address, "encodingFormat": "application/pdf"}


def json_ld(data: Mapping[str, Any]) -> Markup:
    """Return data as a script element that holds no program, safe whatever it says.

    A strict Content Security Policy lets it stand: browsers never run a script of this type, so
    it needs neither nonce nor hash.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
    # Nothing is left in it that could end the element.
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # noqa: S704  # escaped above
