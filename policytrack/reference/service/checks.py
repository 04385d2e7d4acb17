"""Check what only many rows together show: codes that nothing has, circles, what stands twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from policytrack.core.i18n import lazy_gettext as _
from policytrack.reference.kinds import Kind
from policytrack.reference.rules import Column, Type, cycle, deeper, listed

Row = Mapping[str, str]
# Returns the codes that a kind has.
Known = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Hold what is wrong with one cell of one row."""

    key: str
    column: str
    sentence: object


def strangers(kind: Kind, rows: Mapping[str, Row], known: Known) -> Iterator[Wrong]:
    """Yield the codes in rows that name nothing."""
    for column in (each for each in kind.columns if each.of):
        there = frozenset(known(column.of))
        for key, row in rows.items():
            for code in _codes(column, row.get(column.name, "")):
                if code not in there:
                    yield Wrong(
                        key,
                        column.name,
                        _("“%(code)s” is not in the list of %(kind)s", code=code, kind=column.of),
                    )


def _codes(column: Column, text: str) -> list[str]:
    return listed(text) if column.type is Type.CODES else [text] if text else []


def tangles(kind: Kind, rows: Mapping[str, Row]) -> Iterator[Wrong]:
    """Yield what belongs to itself, or lies too deep, among all rows of a kind."""
    if not kind.levels:
        return
    parents = {key: row.get("parent", "") for key, row in rows.items()}
    circle = cycle(parents)
    if circle:
        yield Wrong(
            circle[0], "parent", _("this goes round in a circle: %(path)s", path=" > ".join(circle))
        )
        return
    for key in deeper(parents, kind.levels):
        yield Wrong(key, "parent", _("this lies deeper than %(levels)s levels", levels=kind.levels))


def twice(kind: Kind, rows: Mapping[str, Row]) -> Iterator[Wrong]:
    """Yield what only one row may hold, among all rows of a kind."""
    for column in (each for each in kind.columns if each.unique):
        seen: dict[str, str] = {}
        for key, row in rows.items():
            other = seen.setdefault(row.get(column.name, ""), key)
            if other != key:
                yield Wrong(
                    key,
                    column.name,
                    _("“%(text)s” belongs to %(key)s already", text=row[column.name], key=other),
                )


def all_of(kind: Kind, rows: Mapping[str, Row]) -> list[Wrong]:
    """Return what is wrong among all rows of a kind."""
    return [*tangles(kind, rows), *twice(kind, rows)]
