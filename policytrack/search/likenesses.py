"""Turn what is similar into what its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from policytrack.core.documents import Result
from policytrack.core.i18n import gettext as _
from policytrack.search.asking.naming import Names
from policytrack.search.facets import called
from policytrack.search.presenters import belongs
from policytrack.search.similar import Likeness, Similar


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one similar thing; `shared` names what it and the other are both about."""

    url: str
    title: str
    language: str
    context: str
    on: date | None
    shared: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """Hold what is closest to a thing, the closest first."""

    heading: str
    url: str
    title: str
    language: str
    lines: Sequence[Line]


def page(names: Names, found: Similar, kind: str) -> Page:
    """Return what the page of similar things shows."""
    return Page(
        heading=heading(kind),
        url=_url(found.of),
        title=found.of.title,
        language=found.of.title_language,
        lines=[_line(each, names) for each in found.found],
    )


def heading(kind: str) -> str:
    """Return what similar things are called beside a thing of this kind."""
    if kind == "commitment":
        return _("Practices that speak to this")
    return _("Similar documents and practices")


def _line(likeness: Likeness, names: Names) -> Line:
    result = likeness.result
    return Line(
        url=_url(result),
        title=result.title,
        language=result.title_language,
        context=belongs(result),
        on=result.on,
        shared=_shared(likeness, names),
    )


def _url(result: Result) -> str:
    values: dict[str, Any] = dict(result.values)
    return url_for(result.endpoint, **values)


def _shared(likeness: Likeness, names: Names) -> list[str]:
    """Name what both are about: themes, then corridors, then countries that end none of these."""
    shared = likeness.shared
    corridors = [code for code in shared["corridor"] if code in names.labels["corridor"]]
    ends = {end for code in corridors for end in code.split("-")}
    codes = {
        "theme": shared["theme"],
        "corridor": corridors,
        "country": [code for code in shared["country"] if code not in ends],
    }
    return [
        called(names, facet, code)
        for facet, those in codes.items()
        for code in those
        if code in names.labels[facet]
    ]
