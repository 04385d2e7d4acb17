"""Make of a result a table to take along, a row for each thing that was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.constituents.queries import holds_demonstration
from policytrack.core.db import session
from policytrack.core.documents import Result
from policytrack.core.i18n import designations, format_number, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.exports.tables import Column, Field, Table
from policytrack.search.engine import Order
from policytrack.search.language import analysis
from policytrack.search.presenters import kind_of_one
from policytrack.search.taking import is_cut, is_open, thing_of

# A table is for looking over; the whole text is behind the address.
_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """Hold a result with its place, from 1."""

    place: int
    result: Result


def table(found: Iterable[Row]) -> Table:
    """Return results as a table, made as it is read."""
    fields = _fields()
    return Table(
        "results",
        _("Search results"),
        [Column(name, heading) for name, heading, _value in fields],
        ([value(row) for _name, _heading, value in fields] for row in found),
    )


def _fields() -> list[Field[Row]]:
    return [
        ("place", _("Place"), lambda row: row.place),
        ("kind", _("Kind"), lambda row: row.result.kind),
        ("kind_name", _("Kind in words"), lambda row: kind_of_one(row.result.kind)),
        ("id", _("Id"), lambda row: thing_of(row.result.key)),
        ("title", _("Title"), lambda row: row.result.title),
        ("language", _("Language"), lambda row: row.result.title_language),
        ("date", _("Date"), lambda row: row.result.on),
        ("context", _("Where it belongs"), lambda row: row.result.context),
        ("text", _("Text"), lambda row: beginning(row.result.text)),
        ("text_language", _("Language of the text"), lambda row: row.result.text_language),
        ("published", _("Published"), lambda row: not is_open(row.result.key)),
        ("address", _("Address"), lambda row: address_of(row.result)),
    ]


def beginning(text: str) -> str:
    """Return the beginning of a text, cut at no place within a character."""
    if len(text) <= _SHOWN:
        return text
    return f"{text[: analysis.cut(text, _SHOWN)]} …"


def address_of(result: Result) -> str:
    """Return the permanent address of a result."""
    values: dict[str, Any] = dict(result.values)
    return url_for(result.endpoint, **values, _external=True)


def notes(order: Order, *, designated: bool = True) -> Iterator[str]:
    """Yield what must be said beside a result: how it was read, and where it was cut."""
    if order.question.said and order.question.said != order.question.text:
        yield f"{_('Read as:')} {order.question.said}"
    if order.relaxed:
        yield _("Nothing has all of these words; this has some of them.")
    if is_cut(order):
        yield ngettext(
            "Only the first %(count)s result is in this file. There are %(total)s in all: narrow"
            " the search to take the others along.",
            "Only the first %(count)s results are in this file. There are %(total)s in all: narrow"
            " the search to take the others along.",
            len(order.keys),
            count=format_number(len(order.keys)),
            total=format_number(order.total),
        )
    if holds_demonstration(session()):
        yield _(
            "Commitments, notes, documents, meetings and people marked “demonstration” are"
            " invented. They are no statement of any real organisation."
        )
    if designated:
        yield designations()
