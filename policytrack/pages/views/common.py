"""Hold what the parts of these views share: the blueprint, and the beginnings of lists."""

from __future__ import annotations

from flask import Blueprint, request
from sqlalchemy import ColumnElement

from policytrack.commitments import queries as commitments
from policytrack.core import clock, i18n, paging
from policytrack.core.db import session
from policytrack.core.requests import current_actor
from policytrack.library import queries as library
from policytrack.pages import presenters, queries
from policytrack.pages.presenters.shelf import Shelf, shelf_of
from policytrack.progress.models import Note

blueprint = Blueprint("pages", __name__)


def beginning(
    filters: commitments.Filters, *where: ColumnElement[bool], size: int = 10
) -> tuple[paging.Page[commitments.Row], list[presenters.ListedCommitment]]:
    """Return the first commitments of a list, for a page that leads on to all of them."""
    today = clock.now().date()
    page = commitments.listing(
        session(),
        filters,
        today=today,
        reader=i18n.language().code,
        extra_where=where,
        size=size,
    )
    claims = queries.claims(session(), [row.id for row in page.items])
    return page, presenters.listed(page, claims, today)


def shelf(filters: library.Filters, *, size: int = 5) -> Shelf:
    """Return the first documents of the library that the reader may read and filters leave."""
    now = clock.now()
    page = library.listing(session(), current_actor(), filters, now, size=size)
    return shelf_of(page, filters, now)


def asked_page(parameter: str = "page") -> int:
    """Return the page of a list that the address asks for, from 1."""
    return paging.number_of(request.args.get(parameter))


def notes_of(page: paging.Page[Note]) -> paging.Page[presenters.NoteLine]:
    """Return a page of published notes as lists show them."""
    lines = presenters.note_lines(page.items)
    return paging.Page(lines, page.number, page.total, page.size, page.url)
