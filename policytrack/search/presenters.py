"""Turn an answer into what the search page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from policytrack.core.documents import Result
from policytrack.search import engine, highlight
from policytrack.search.addresses import address
from policytrack.search.engine import Found, Wanted
from policytrack.search.words import KIND_OF_ONE_WORDS


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold one result as the page shows it."""

    url: str
    kind: str
    title: Markup
    title_language: str
    text: Markup
    text_language: str
    context: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Page:
    """Hold where in the results the page is, for the pagination component."""

    number: int
    pages: int
    total: int
    first: int
    last: int
    wanted: Wanted

    def url(self, number: int) -> str:
        """Return the address of another page of the same results."""
        return address(self.wanted, page=number)


def hits(found: Found) -> list[Hit]:
    """Return the results with the words that were asked for marked."""
    return [_hit(result, found.forms) for result in found.results]


def _hit(result: Result, forms: frozenset[str]) -> Hit:
    values: dict[str, Any] = dict(result.values)
    return Hit(
        url=url_for(result.endpoint, **values),
        kind=str(KIND_OF_ONE_WORDS.get(result.kind, result.kind)),
        title=highlight.marked(result.title, result.title_language, forms),
        title_language=result.title_language,
        text=highlight.fragment(result.text, result.text_language, forms),
        text_language=result.text_language,
        context=result.context,
        on=result.on,
    )


def page(found: Found, wanted: Wanted) -> Page:
    """Return where in the results the page is."""
    reachable = min(found.total, engine.LAST_PAGE * wanted.size)
    before = (found.page - 1) * wanted.size
    return Page(
        number=found.page,
        pages=found.pages,
        total=found.total,
        first=min(before + 1, reachable),
        last=min(before + len(found.results), found.total),
        wanted=wanted,
    )
