"""Turn an answer into what the search page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from policytrack.core import languages
from policytrack.core.documents import Excerpt, Result
from policytrack.core.i18n import direction, format_number, language, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.translations import same_language
from policytrack.search import engine, highlight
from policytrack.search.addresses import address
from policytrack.search.advice import Drop
from policytrack.search.engine import Found, Wanted
from policytrack.search.fallback import Fallback
from policytrack.search.passages import Spot
from policytrack.search.suggestions import Suggestion
from policytrack.search.versions import elsewhere
from policytrack.search.words import FACET_WORDS, KIND_OF_ONE_WORDS


@dataclass(frozen=True, slots=True)
class Leaf:
    """Hold a page of a result that says what was asked for."""

    number: int
    url: str
    text: Markup
    language: str


@dataclass(frozen=True, slots=True)
class Also:
    """Hold what a result says in a version that it does not show; `name` is that language's."""

    text: Markup
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold one result as the page shows it.

    `language` names that of its text where it is not the reader's; `also` is what was found where
    nothing that the result shows has a word of it.
    """

    url: str
    kind: str
    title: Markup
    title_language: str
    text: Markup
    text_language: str
    context: str
    on: date | None
    leaves: Sequence[Leaf] = ()
    language: str = ""
    also: Also | None = None


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


def kind_of_one(kind: str) -> str:
    """Return what one thing of a kind is called."""
    return str(KIND_OF_ONE_WORDS.get(kind, kind))


def hits(found: Found | Fallback) -> list[Hit]:
    """Return the results with the words that were asked for marked."""
    return [_hit(result, found) for result in found.results]


def _leaf(excerpt: Excerpt, spot: Spot, found: Found | Fallback) -> Leaf:
    values: dict[str, Any] = dict(excerpt.values)
    if found.question.is_plain:
        values["q"] = found.question.text  # there, too, the words are marked
    return Leaf(
        number=excerpt.page,
        url=url_for(excerpt.endpoint, **values),
        text=highlight.around(excerpt.text, excerpt.language, found.forms, found.added, spot.word),
        language=excerpt.language,
    )


def _hit(result: Result, found: Found | Fallback) -> Hit:
    values: dict[str, Any] = dict(result.values)
    forms, added = found.forms, found.added
    title = highlight.marked(result.title, result.title_language, forms, added)
    text = highlight.fragment(result.text, result.text_language, forms, added)
    leaves = [_leaf(*each, found) for each in found.excerpts.get(result.key, ())]
    return Hit(
        url=url_for(result.endpoint, **values),
        kind=kind_of_one(result.kind),
        title=title,
        title_language=result.title_language,
        text=text,
        text_language=result.text_language,
        context=belongs(result),
        on=result.on,
        leaves=leaves,
        language=_foreign(result.text_language if result.text else result.title_language),
        also=None if leaves else _also(result, (title, text), found),
    )


def belongs(result: Result) -> str:
    """Return where a result belongs: an organisation with its country, or a code."""
    if not (result.context and result.place):
        return result.context
    return _("%(organisation)s, %(country)s", organisation=result.context, country=result.place)


def _foreign(code: str) -> str:
    return "" if same_language(code, language().code) else languages.name(code)


def _also(result: Result, shown: Sequence[Markup], found: Found | Fallback) -> Also | None:
    said = elsewhere(result, shown, found.forms, found.added)
    return Also(*said, _foreign(said[1])) if said else None


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


@dataclass(frozen=True, slots=True)
class Way:
    """Hold a way out of an answer that is empty: what it leaves out, and what that leaves."""

    words: str
    count: str
    url: str


def ways(found: Found, wanted: Wanted) -> list[Way]:
    """Return what to leave out where nothing is found, what leaves most first."""
    return [
        Way(
            _without(drop),
            ngettext(
                "%(count)s result", "%(count)s results", drop.count, count=format_number(drop.count)
            ),
            address(
                wanted,
                typed=None if drop.facets and not drop.rest else drop.rest,
                filters={
                    name: codes for name, codes in wanted.filters.items() if name not in drop.facets
                },
            ),
        )
        for drop in found.drops
    ]


def _without(drop: Drop) -> str:
    if drop.text:
        return _("Without “%(words)s”", words=drop.text)
    if not drop.facets:
        return _("Without the quotation marks")
    if drop.rest:
        return _("With “%(words)s” alone", words=drop.rest)
    if len(drop.facets) > 1:
        return _("Without any filter")
    return _("Without the filter “%(filter)s”", filter=FACET_WORDS[drop.facets[0]])


def suggestions(found: Sequence[Suggestion]) -> dict[str, object]:
    """Return suggestions as the search box reads them, with what is said of their number."""
    return {
        "suggestions": [
            {
                "kind": str(KIND_OF_ONE_WORDS.get(each.kind, _("Search"))),
                "context": each.context,
                "search": each.kind == "words",
                "text": each.text,
                "lang": each.language,
                "dir": direction(each.language),
                "url": each.url,
            }
            for each in found
        ],
        "said": ngettext(
            "%(count)s suggestion",
            "%(count)s suggestions",
            len(found),
            count=format_number(len(found)),
        ),
    }
