"""Turn what is similar into what its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from policytrack.core.documents import Result
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label
from policytrack.search import queries
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


def page(session: Session, found: Similar, kind: str) -> Page:
    """Return what the page of similar things shows."""
    names = _Names(session)
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


def _line(likeness: Likeness, names: _Names) -> Line:
    result = likeness.result
    return Line(
        url=_url(result),
        title=result.title,
        language=result.title_language,
        context=result.context,
        on=result.on,
        shared=names.of(likeness),
    )


def _url(result: Result) -> str:
    values: dict[str, Any] = dict(result.values)
    return url_for(result.endpoint, **values)


class _Names:
    """Name what things share, in the reader's language."""

    def __init__(self, session: Session) -> None:
        self._themes = queries.theme_labels(session)
        self._countries = queries.country_labels(session)
        self._corridors = queries.corridor_labels(session)

    def of(self, likeness: Likeness) -> list[str]:
        """Return themes, then corridors, then countries that are no end of these."""
        shared = likeness.shared
        corridors = [code for code in shared["corridor"] if code in self._corridors]
        ends = {end for code in corridors for end in code.split("-")}
        return [
            *(label(self._themes[code]) for code in shared["theme"] if code in self._themes),
            *(
                _(
                    "%(origin)s to %(destination)s",
                    origin=label(self._corridors[code][0]),
                    destination=label(self._corridors[code][1]),
                )
                for code in corridors
            ),
            *(
                label(self._countries[code])
                for code in shared["country"]
                if code in self._countries and code not in ends
            ),
        ]
