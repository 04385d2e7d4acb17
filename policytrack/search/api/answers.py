"""Turn an answer into what programs read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup

from policytrack.core.documents import Result
from policytrack.search import engine, highlight
from policytrack.search.addresses import address
from policytrack.search.engine import Found, Wanted
from policytrack.search.taking import is_open, thing_of
from policytrack.search.versions import elsewhere


def answer(found: Found, wanted: Wanted, parameters: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return an answer; a page behind the last one has no items."""
    beyond = wanted.page != found.page
    return {
        "total": found.total,
        "page": wanted.page,
        "per_page": wanted.size,
        "pages": found.pages,
        "items": [] if beyond else [_item(found, result) for result in found.results],
        "facets": {name: _counts(counts) for name, counts in found.counts.items()},
        "interpretation": {
            "asked": found.question.text,
            "read_as": found.question.said,
            "relaxed": found.relaxed,
            "added": [
                {"language": term.language, "text": term.text}
                for concept in found.concepts
                if concept.applied
                for term in concept.terms
                if term.shown
            ],
            "meant": found.meant or None,
            "shortened": found.question.cut,
        },
        "links": _links(found, wanted, parameters),
    }


def _item(found: Found, result: Result) -> dict[str, Any]:
    values: dict[str, Any] = dict(result.values)
    best = list(_highlights(found, result))
    return {
        "id": thing_of(result.key),
        "kind": result.kind,
        "title": result.title,
        "url": url_for(result.endpoint, **values, _external=True),
        "language": result.title_language,
        "date": result.on.isoformat() if result.on else None,
        "context": result.context,
        "draft": is_open(result.key),
        "score": round(found.scores.get(result.key, 0.0), 4),
        "page": best[0]["page"] if best else None,
        "highlights": best,
    }


def _highlights(found: Found, result: Result) -> Iterator[dict[str, Any]]:
    """Yield the best passages of a result, those of its pages where it has any."""
    pages = found.excerpts.get(result.key, ())
    for excerpt, spot in pages:
        text = highlight.around(excerpt.text, excerpt.language, found.forms, found.added, spot.word)
        values: dict[str, Any] = dict(excerpt.values)
        url = url_for(excerpt.endpoint, **values, _external=True)
        yield _said(text, excerpt.language, excerpt.page, url)
    if pages:
        return
    title = highlight.marked(result.title, result.title_language, found.forms, found.added)
    text = highlight.fragment(result.text, result.text_language, found.forms, found.added)
    if text:
        yield _said(text, result.text_language, None, None)
    if other := elsewhere(result, (title, text), found.forms, found.added):
        yield _said(*other, None, None)


def _said(text: Markup, language: str, page: int | None, url: str | None) -> dict[str, Any]:
    return {"html": str(text), "language": language, "page": page, "url": url}


def _counts(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"code": code, "count": count} for code, count in ordered]


def _links(
    found: Found, wanted: Wanted, parameters: Mapping[str, Sequence[str]]
) -> dict[str, str | None]:
    def at(page: int) -> str:
        given: dict[str, Any] = {**parameters, "page": page}
        return url_for("api.search", **given, _external=True)

    return {
        "self": at(wanted.page),
        "next": at(wanted.page + 1) if wanted.page < found.pages else None,
        "previous": at(min(wanted.page - 1, found.pages)) if wanted.page > 1 else None,
        # The page takes fewer values of a filter.
        "html": address(wanted, external=True)
        if all(engine.codes(codes) == codes for codes in wanted.filters.values())
        else None,
    }
