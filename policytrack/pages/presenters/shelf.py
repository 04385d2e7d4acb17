"""Show the first documents of the library that belong to a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from policytrack.core.paging import Page
from policytrack.library.models import LibraryDocument
from policytrack.library.presenters import listing
from policytrack.library.queries import Filters


@dataclass(frozen=True, slots=True)
class Shelf:
    """Hold a few documents; `all` leads to the list where there are more of them."""

    rows: Sequence[listing.Row]
    total: int
    all: str


def shelf_of(page: Page[LibraryDocument], filters: Filters, now: datetime) -> Shelf:
    """Return the beginning of a list of documents that filters have narrowed."""
    given: dict[str, Any] = dict(filters.active)
    return Shelf(
        rows=listing.rows(page.items, now),
        total=page.total,
        all=url_for("library.list", **given) if page.pages > 1 else "",
    )


def shelf_holding(found: Sequence[LibraryDocument], now: datetime) -> Shelf:
    """Return these documents, which are all that there are."""
    return Shelf(rows=listing.rows(found, now), total=len(found), all="")
