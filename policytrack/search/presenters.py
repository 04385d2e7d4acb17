"""Turn an answer into what the search page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from policytrack.core.documents import Excerpt, Result
from policytrack.core.i18n import collated, label, language, lazy_gettext
from policytrack.core.i18n import gettext as _
from policytrack.search import engine, highlight, queries
from policytrack.search.engine import Found, Wanted
from policytrack.search.passages import Spot

_KINDS: Mapping[str, object] = {
    "commitment": lazy_gettext("Commitments"),
    "note": lazy_gettext("Progress notes"),
    "document": lazy_gettext("Library documents"),
    "country": lazy_gettext("Countries and territories"),
    "corridor": lazy_gettext("Corridors"),
    "constituent": lazy_gettext("Organisations"),
    "theme": lazy_gettext("Themes"),
    "provision": lazy_gettext("Provisions"),
    "programme": lazy_gettext("Programmes"),
    "dialogue": lazy_gettext("Dialogues"),
}
_KIND_OF_ONE: Mapping[str, object] = {
    "commitment": lazy_gettext("Commitment"),
    "note": lazy_gettext("Progress note"),
    "document": lazy_gettext("Library document"),
    "country": lazy_gettext("Country or territory"),
    "corridor": lazy_gettext("Corridor"),
    "constituent": lazy_gettext("Organisation"),
    "theme": lazy_gettext("Theme"),
    "provision": lazy_gettext("Provision"),
    "programme": lazy_gettext("Programme"),
    "dialogue": lazy_gettext("Dialogue"),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """Hold a page of a result that says what was asked for."""

    number: int
    url: str
    text: Markup
    language: str


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
    leaves: Sequence[Leaf] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """Hold one choice of a filter; `count` is how many results it would leave."""

    code: str
    label: str
    chosen: bool
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Hold a filter with everything that can be chosen in it."""

    name: str
    label: str
    options: Sequence[Option]

    @property
    def selected(self) -> str:
        """Return the code that the field shows: the first that is chosen."""
        return next((option.code for option in self.chosen), "")

    @property
    def helpful(self) -> Sequence[Option]:
        """Return the choices that would narrow the results, the most frequent first."""
        useful = [option for option in self.options if option.count and not option.chosen]
        return sorted(useful, key=lambda option: -option.count)[:6]

    @property
    def narrows(self) -> bool:
        """Tell whether there is more than one way to narrow the results by it."""
        return len(self.helpful) > 1

    @property
    def chosen(self) -> list[Option]:
        """Return what is chosen."""
        return [option for option in self.options if option.chosen]


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


def address(
    wanted: Wanted,
    *,
    page: int = 1,
    filters: Mapping[str, Sequence[str]] | None = None,
    external: bool = False,
) -> str:
    """Return the address of a search, with nothing in it that is as usual."""
    chosen = wanted.filters if filters is None else filters
    said: dict[str, Any] = {
        "q": wanted.typed,
        **{name: list(codes) for name, codes in chosen.items()},
        "sort": wanted.sort if wanted.sort != engine.SORTS[0] else "",
        "page": page if page > 1 else "",
        "exact": list(wanted.exact),
        "expand": "" if wanted.expand else "no",
    }
    given = {name: value for name, value in said.items() if value}
    return url_for("search.search", **given, _external=external)


def kind_of_one(kind: str) -> str:
    """Return what one thing of a kind is called."""
    return str(_KIND_OF_ONE.get(kind, kind))


def hits(found: Found) -> list[Hit]:
    """Return the results with the words that were asked for marked."""
    return [_hit(result, found) for result in found.results]


def _leaf(excerpt: Excerpt, spot: Spot, found: Found) -> Leaf:
    values: dict[str, Any] = dict(excerpt.values)
    if found.question.is_plain:
        values["q"] = found.question.text  # there, too, the words are marked
    return Leaf(
        number=excerpt.page,
        url=url_for(excerpt.endpoint, **values),
        text=highlight.around(excerpt.text, excerpt.language, found.forms, found.added, spot.word),
        language=excerpt.language,
    )


def _hit(result: Result, found: Found) -> Hit:
    values: dict[str, Any] = dict(result.values)
    forms, added = found.forms, found.added
    return Hit(
        url=url_for(result.endpoint, **values),
        kind=str(_KIND_OF_ONE.get(result.kind, result.kind)),
        title=highlight.marked(result.title, result.title_language, forms, added),
        title_language=result.title_language,
        text=highlight.fragment(result.text, result.text_language, forms, added),
        text_language=result.text_language,
        context=result.context,
        on=result.on,
        leaves=[_leaf(*each, found) for each in found.excerpts.get(result.key, ())],
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


def filters(session: Session, found: Found, wanted: Wanted) -> list[Filter]:
    """Return the filters of the page, each with its choices in the reader's order."""
    themes = queries.theme_labels(session)
    readers: tuple[tuple[str, str, Mapping[str, str], bool], ...] = (
        ("kind", _("Kind"), {code: str(name) for code, name in _KINDS.items()}, False),
        ("theme", _("Theme"), {code: label(names) for code, names in themes.items()}, False),
        (
            "country",
            _("Country or territory"),
            {code: label(names) for code, names in queries.country_labels(session).items()},
            True,
        ),
        (
            "corridor",
            _("Corridor"),
            {
                code: _(
                    "%(origin)s to %(destination)s",
                    origin=label(origin),
                    destination=label(destination),
                )
                for code, (origin, destination) in queries.corridor_labels(session).items()
            },
            True,
        ),
    )
    return [
        Filter(name, title, _options(found, wanted, name, names, sort=sort))
        for name, title, names, sort in readers
    ]


def _options(
    found: Found, wanted: Wanted, name: str, names: Mapping[str, str], *, sort: bool
) -> list[Option]:
    chosen = wanted.filters.get(name, ())
    offered = [code for code in names if code in found.choices[name] or code in chosen]
    if sort:
        offered = collated(offered, [names[code] for code in offered], language().code)
    return [
        Option(
            code=code,
            label=names[code],
            chosen=code in chosen,
            count=found.counts[name].get(code, 0),
            url=address(wanted, filters={**wanted.filters, name: _toggled(chosen, code)}),
        )
        for code in offered
    ]


def _toggled(chosen: Sequence[str], code: str) -> Sequence[str]:
    return [each for each in chosen if each != code] if code in chosen else [code]
