"""Make the addresses of searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from policytrack.search.engine import SORTS, Wanted


def address(
    wanted: Wanted,
    *,
    typed: str | None = None,
    page: int = 1,
    filters: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return the address of a search, with nothing in it that is as usual."""
    chosen = wanted.filters if filters is None else filters
    said: dict[str, Any] = {
        "q": wanted.typed if typed is None else typed,
        **{name: list(codes) for name, codes in chosen.items()},
        "sort": wanted.sort if wanted.sort != SORTS[0] else "",
        "page": page if page > 1 else "",
    }
    return url_for("search.search", **{name: value for name, value in said.items() if value})
