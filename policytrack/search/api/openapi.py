"""Describe the interface for programs as OpenAPI 3.1; in English, as such descriptions are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from policytrack.search.api.parameters import LARGEST_PAGE, MOST_CODES
from policytrack.search.asking import question
from policytrack.search.engine import FILTERS, LAST_PAGE, PAGE_SIZE, SORTS

_FILTERS: Mapping[str, str] = {
    "kind": "What kind of thing: one of those in the enumeration.",
    "theme": "Code of a theme or key area, such as `A1.1`; an area includes its sub-themes.",
    "sector": "Code of a sector.",
    "country": "ISO 3166-1 alpha-2 code of a country or territory, in capitals.",
    "corridor": "A directed pair of countries, origin first, such as `BD-SA`.",
    "type": "Kind of library document, such as `law` or `practice`.",
    "legal": "Legal status of a law or an agreement.",
    "group": "`governments`, `employers`, `workers` or `observers`.",
    "language": "Language tag of the text that is searched, such as `ar`.",
    "year": "A year (`2019`) or years (`2018..2023`, `2018..`, `..2023`).",
    "status": "Claimed status of a progress note.",
    "gender": "Gender marker, `0` to `3`.",
}
_ABOUT = f"""
Full-text search over everything that the asker may read. Without a sign-in that is what is
published; a browser that is signed in finds what its person may read. No key is needed.

Several values of one parameter widen the result, several parameters narrow it. Parameters that do
not exist are refused. For more than {LAST_PAGE} pages take the whole result along as CSV, XLSX,
RIS, BibTeX or CSL-JSON from the search page.
"""


def document(server: str, kinds: Collection[str]) -> dict[str, Any]:
    """Return the description, for a site at an address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PolicyTrack",
            "version": "1",
            "summary": "The follow-up to the ILO's Bali Declaration, for programs.",
            "description": _ABOUT.strip(),
            "license": {"name": "Apache 2.0 (the program)", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "paths": {"/api/v1/search": {"get": _search(kinds)}},
        "components": {
            "schemas": _SCHEMAS,
            "responses": {
                "Problem": {
                    "description": "A refusal, as RFC 9457 has it.",
                    "content": {"application/problem+json": {"schema": _ref("Problem")}},
                }
            },
        },
    }


def _search(kinds: Collection[str]) -> dict[str, Any]:
    problem = {"$ref": "#/components/responses/Problem"}
    return {
        "operationId": "search",
        "summary": "Search",
        "parameters": [
            _parameter(
                "q",
                'The question, in the query language of the search page: words, "phrases", OR,'
                " -not, prefix*, fields such as title: and year:, brackets. Only the first"
                f" {question.LONGEST} characters are read.",
                {"type": "string"},
            ),
            *(_filter(name, kinds) for name in FILTERS),
            _parameter(
                "sort", "The order.", {"type": "string", "enum": list(SORTS), "default": SORTS[0]}
            ),
            _parameter("page", "Which page.", _number(1, LAST_PAGE)),
            _parameter("per_page", "Results on a page.", _number(PAGE_SIZE, LARGEST_PAGE)),
        ],
        "responses": {
            "200": {
                "description": "What was found.",
                "headers": {
                    "ETag": {
                        "description": "Send it back in If-None-Match.",
                        "schema": {"type": "string"},
                    }
                },
                "content": {"application/json": {"schema": _ref("Answer")}},
            },
            "304": {"description": "Nothing has changed since the answer with this ETag."},
            "400": problem,
            "503": {
                "description": "There is no index at the moment; ask again after Retry-After.",
                "headers": {
                    "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}
                },
                "content": {"application/problem+json": {"schema": _ref("Problem")}},
            },
            "default": problem,
        },
    }


def _parameter(name: str, text: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema, **more}


def _filter(name: str, kinds: Collection[str]) -> dict[str, Any]:
    each: dict[str, Any] = {"type": "string"}
    if name == "kind":
        each["enum"] = sorted(kinds)
    schema = {"type": "array", "items": each, "maxItems": MOST_CODES}
    return _parameter(name, _FILTERS[name], schema, style="form", explode=True)


def _number(usual: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": usual}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _text(about: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "string", **({"description": about} if about else {}), **more}


def _count(about: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "description": about}


_ADDRESS = {"type": ["string", "null"], "format": "uri"}
_PAGE = {
    "type": ["integer", "null"],
    "minimum": 1,
    "description": "The page of the document on which the passage stands, where that is known.",
}
_SCHEMAS: dict[str, Any] = {
    "Answer": _object(
        total=_count("How many results there are in all."),
        page={"type": "integer", "minimum": 1},
        per_page={"type": "integer", "minimum": 1},
        pages={"type": "integer", "minimum": 1, "description": "How many pages can be asked for."},
        items={"type": "array", "items": _ref("Item")},
        facets={
            "type": "object",
            "description": "By facet, how many results each code would leave under the other"
            " filters; the most frequent first.",
            "required": list(FILTERS),
            "properties": {name: _ref("Counts") for name in FILTERS},
        },
        interpretation=_ref("Interpretation"),
        links=_object(self=_text(format="uri"), next=_ADDRESS, previous=_ADDRESS, html=_ADDRESS),
    ),
    "Item": _object(
        id=_text("Public id, or code where it has one. Unique within its kind."),
        kind=_text(),
        title=_text(),
        url=_text("Permanent address.", format="uri"),
        language=_text("Language tag of the title."),
        date={"type": ["string", "null"], "format": "date"},
        context=_text("Where it belongs: an organisation, or a code."),
        draft={
            "type": "boolean",
            "description": "True for what is not published; never without a sign-in.",
        },
        score={
            "type": "number",
            "description": "How well it matches; comparable within one answer only.",
        },
        page=_PAGE,
        highlights={"type": "array", "items": _ref("Highlight")},
    ),
    "Highlight": _object(
        html=_text("Escaped HTML, in which nothing but `<mark>` is an element."),
        language=_text("Language tag of the text."),
        page=_PAGE,
        url={**_ADDRESS, "description": "Where the page is read."},
    ),
    "Term": _object(language=_text("Language tag."), text=_text()),
    "Counts": {
        "type": "array",
        "items": _object(code=_text(), count=_count("Results with this code.")),
    },
    "Interpretation": _object(
        asked=_text("What was asked, as it was read."),
        read_as=_text("How it was understood, in the query language."),
        relaxed={
            "type": "boolean",
            "description": "True where nothing has all of the words, and what has some answers.",
        },
        added={
            "type": "array",
            "items": _ref("Term"),
            "description": "Terms of the glossary that were looked for as well.",
        },
        meant={
            "type": ["string", "null"],
            "description": "The question as it was probably meant, where that is another.",
        },
        shortened={
            "type": "boolean",
            "description": "True where only the beginning of the question was read.",
        },
    ),
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": _text(format="uri-reference"),
            "title": _text(),
            "status": {"type": "integer"},
            "detail": _text("A sentence in the language of Accept-Language: en, ar or fr."),
            "request_id": _text("Tell it to the secretariat where something went wrong."),
            "errors": {
                "type": "array",
                "items": _object(parameter=_text(), detail=_text()),
            },
        },
    },
}
