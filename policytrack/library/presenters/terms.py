"""Show what a law lays down, point by point, each with the place where it says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from policytrack.core.currencies import money
from policytrack.core.i18n import format_number, label, label_language, language
from policytrack.core.i18n import gettext as _
from policytrack.library.models import LawColumn, LibraryDocument, LibraryRevision
from policytrack.library.presenters.files import text_address
from policytrack.library.presenters.naming import Named, named
from policytrack.library.terms import ColumnKind, Term


@dataclass(frozen=True, slots=True)
class Point:
    """Hold what a law says in one column; `article` and `page` say where, as far as it is known.

    `page_url` leads to that page of the text, for those who may read it.
    """

    heading: Named
    answer: Named | None
    figure: str
    unit: Named | None
    words: str
    words_language: str
    article: str
    page: str
    page_url: str


@dataclass(frozen=True, slots=True)
class ThemePoints:
    """Hold what a law says on one theme; `compare_url` sets it beside other laws."""

    theme: Named
    compare_url: str
    points: Sequence[Point]


def point(
    term: Term,
    column: LawColumn,
    document: LibraryDocument,
    revision: LibraryRevision,
    *,
    may_read: bool,
) -> Point:
    """Return what a law says on one point."""
    answer = next((each for each in column.choices if each.code == term.choice), None)
    return Point(
        heading=named(column.labels),
        answer=named(answer.labels) if answer else None,
        figure=_figure(term),
        unit=named(column.unit) if column.unit and term.amount is not None else None,
        words=term.value,
        words_language=term.language or revision.language,
        article=term.article,
        page=format_number(term.page),
        page_url=_page(term, document, revision) if may_read else "",
    )


def _figure(term: Term) -> str:
    if term.amount is None:
        return ""
    return money(term.amount, term.currency) if term.currency else format_number(term.amount)


def _page(term: Term, document: LibraryDocument, revision: LibraryRevision) -> str:
    if term.page is None or not revision.files:
        return ""
    return f"{text_address(document, revision.files[0], page=str(term.page))}#p{term.page}"


def points(
    document: LibraryDocument,
    revision: LibraryRevision,
    columns: Sequence[LawColumn],
    *,
    may_read: bool,
) -> list[ThemePoints]:
    """Return all that a law says, by theme, in the order of the columns."""
    said = {each.column_code: each.as_term() for each in revision.terms}
    by_theme: dict[str, list[Point]] = {}
    themes: dict[str, LawColumn] = {}
    for column in columns:
        if column.code in said:
            themes.setdefault(column.theme_code, column)
            by_theme.setdefault(column.theme_code, []).append(
                point(said[column.code], column, document, revision, may_read=may_read)
            )
    return [
        ThemePoints(named(column.theme.labels), _compared(code, revision), by_theme[code])
        for code, column in themes.items()
    ]


def _compared(theme: str, revision: LibraryRevision) -> str:
    places = sorted({each.iso2 for each in revision.countries})
    return url_for("library.laws", theme=theme, country=places)


def line(term: Term, column: LawColumn) -> str:
    """Return what a law says on one point in one line of plain text."""
    answer = next((label(each.labels) for each in column.choices if each.code == term.choice), "")
    unit = (
        label(column.unit) if column.kind == ColumnKind.NUMBER and term.amount is not None else ""
    )
    place = [
        _("article %(article)s", article=term.article) if term.article else "",
        _("page %(number)s", number=format_number(term.page)) if term.page else "",
    ]
    parts = [answer, f"{_figure(term)} {unit}".strip(), term.value, *place]
    comma = "، " if language().code == "ar" else ", "
    return f"{label(column.labels)}{_(': ')}{comma.join(part for part in parts if part)}"


@dataclass(frozen=True, slots=True)
class Asking:
    """Hold how a form asks for one point: which fields show, and the words around them.

    `row` is the place of the row in the form.
    """

    row: int
    heading: Named
    hint: Named | None
    kind: str
    has_answers: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Hold what a form asks on one theme."""

    code: str
    theme: Named
    askings: Sequence[Asking]


def sections(abouts: Iterable[LawColumn | None]) -> list[Section]:
    """Return the rows of a form by theme; `abouts` are the columns that the rows are for."""
    found: dict[str, tuple[LawColumn, list[Asking]]] = {}
    for row, about in enumerate(abouts):
        if about is not None:
            found.setdefault(about.theme_code, (about, []))[1].append(_asking(row, about))
    ordered = sorted(found.values(), key=lambda pair: pair[0].theme.position)
    return [Section(about.theme_code, named(about.theme.labels), rows) for about, rows in ordered]


def _asking(row: int, about: LawColumn) -> Asking:
    return Asking(
        row,
        named(about.labels),
        Named(label(about.hint), label_language(about.hint)) if about.hint else None,
        about.kind,
        bool(about.choices),
    )
