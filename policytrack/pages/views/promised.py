"""Read the commitments that a page is about, and hand over a page as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from sqlalchemy import ColumnElement, and_, true

from policytrack.commitments import queries as commitments
from policytrack.commitments.queries import Filters
from policytrack.core import clock
from policytrack.core.db import session
from policytrack.core.errors import NotFound
from policytrack.core.requests import current_actor
from policytrack.dialogues import queries as dialogues
from policytrack.dialogues.models import Dialogue
from policytrack.exports import responses
from policytrack.exports.tables import Table
from policytrack.pages import presenters, queries
from policytrack.pages.presenters import downloads, tables
from policytrack.pages.presenters.downloads import TABLE_WORDS
from policytrack.pages.presenters.listing import Share
from policytrack.pages.presenters.standing import finding
from policytrack.pages.views.common import beginning


@dataclass(frozen=True, slots=True)
class Promised:
    """Hold how far the commitments that a page is about have come, and the first of them.

    `all` is the address of all of them where not all are shown.
    """

    total: int
    finding: str
    shares: Sequence[Share]
    rows: Sequence[presenters.ListedCommitment]
    all: str


def promised(filters: Filters, nothing: str) -> Promised:
    """Return the commitments that filters leave; `nothing` is said where there are none."""
    today = clock.now().date()
    standing = queries.standing(session(), clause(filters), today=today)
    page, rows = beginning(filters)
    given: dict[str, Any] = {name: str(value) for name, value in filters.active.items()}
    return Promised(
        total=standing.total,
        finding=finding(standing, nothing),
        shares=presenters.shares(
            standing.counts, lambda status: url_for("pages.commitments", **given, status=status)
        ),
        rows=rows,
        all=url_for("pages.commitments", **given) if page.pages > 1 else "",
    )


def clause(filters: Filters) -> ColumnElement[bool]:
    """Return the clause on commitments in force that filters ask for."""
    return and_(true(), *commitments.conditions(filters, clock.now().date()))


# A list is one table, which CSV can hold; of a page with several each has an address of its own.
OF_A_LIST = ("xlsx", "csv", "json")
_OF_A_PAGE = ("xlsx", "json")


def addresses(
    endpoint: str, *, kinds: Sequence[str] = _OF_A_PAGE, tables: Sequence[str] = (), **values: str
) -> dict[str, Any]:
    """Return where a page's data is handed over, by kind; empty values are left out.

    `tables` are the names of what is handed over as CSV one by one.
    """
    given: dict[str, Any] = {name: value for name, value in values.items() if value}
    found: dict[str, Any] = {kind: url_for(endpoint, **given, kind=kind) for kind in kinds}
    found["tables"] = [
        (TABLE_WORDS[name], url_for(endpoint, **given, kind="csv", table=name)) for name in tables
    ]
    return found


def commitments_table(filters: Filters) -> Table:
    """Return all commitments that filters leave as a table."""
    return commitments_where(clause(filters))


def commitments_where(picked: ColumnElement[bool]) -> Table:
    """Return all commitments in force that a clause picks as a table."""
    found = queries.promises(session(), picked)
    return downloads.commitments_table(found, queries.ties_of(session(), found))


def dialogues_table(found: Sequence[Dialogue]) -> Table:
    """Return dialogues as a table, with the documents that the reader may read."""
    current, actor, now = session(), current_actor(), clock.now()
    dialogues.read_about(current, found)
    named = dialogues.documents(current, actor, [each.id for each in found], now)
    return tables.dialogues(found, named)


def hand_over(kind: str, name: str, title: str, address: str, tables: Sequence[Table]) -> Response:
    """Answer with a page's tables, their sources and the disclaimer.

    As CSV goes the table that the address asks for, the first where it asks for none.
    """
    asked = request.args.get("table", "")
    if kind == "csv" and asked:
        tables = [each for each in tables if each.name == asked]
        if not tables:
            raise NotFound()
        name = f"{name}-{asked}"
    found = downloads.download(name.lower(), title, address, tables, clock.now())
    return responses.answer(found, kind)
