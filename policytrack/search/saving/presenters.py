"""Show saved searches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.search.engine import SORTS
from policytrack.search.saving.finding import wanted_of
from policytrack.search.saving.models import SavedSearch
from policytrack.search.saving.rules import Alert
from policytrack.search.saving.words import ALERT_WORDS


@dataclass(frozen=True, slots=True)
class Row:
    """Hold a saved search as pages show it; `asks` is what it asks, in the query language."""

    public_id: str
    name: str
    asks: str
    latest_first: bool
    url: str
    alert: str
    tells: bool
    alerted_at: datetime | None
    shared: bool
    link: str
    fed: bool
    feed_made_at: datetime | None


def row(saved: SavedSearch) -> Row:
    """Return a saved search as pages show it."""
    wanted = wanted_of(saved.query)
    filters = (f"{name}:{','.join(codes)}" for name, codes in wanted.filters.items())
    return Row(
        public_id=saved.public_id,
        name=saved.name,
        asks=" ".join(filter(None, (wanted.typed, *filters))),
        latest_first=wanted.sort != SORTS[0],
        url=address(saved.query),
        alert=str(ALERT_WORDS[Alert(saved.alert)]),
        tells=saved.alert != Alert.NONE,
        alerted_at=saved.alerted_at,
        shared=saved.shared,
        link=url_for("saved_searches.run", public_id=saved.public_id, _external=True),
        fed=saved.feed_hash is not None,
        feed_made_at=saved.feed_made_at,
    )


def rows(found: Sequence[SavedSearch]) -> list[Row]:
    """Return saved searches as the page lists them."""
    return [row(each) for each in found]


def address(query: str) -> str:
    """Return the address at which a saved search runs."""
    return f"{url_for('search.search')}?{query}"
