"""Make the addresses of searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import url_for

from policytrack.search.engine import SORTS, Wanted


def address(
    wanted: Wanted,
    *,
    typed: str | None = None,
    page: int = 1,
    filters: Mapping[str, Sequence[str]] | None = None,
    external: bool = False,
) -> str:
    """Return the address of a search, with nothing in it that is as usual."""
    changed = replace(
        wanted,
        typed=wanted.typed if typed is None else typed,
        filters=wanted.filters if filters is None else {k: tuple(v) for k, v in filters.items()},
        page=page,
    )
    given: dict[str, Any] = {}
    for name, value in said(changed):
        given.setdefault(name, []).append(value)
    return url_for("search.search", **given, _external=external)


def said(wanted: Wanted) -> list[tuple[str, str]]:
    """Return a search as names and values of an address, with nothing that is as usual."""
    found = [
        ("q", wanted.typed),
        *((name, code) for name, codes in wanted.filters.items() for code in codes),
        ("sort", wanted.sort if wanted.sort != SORTS[0] else ""),
        ("page", str(wanted.page) if wanted.page > 1 else ""),
        *(("exact", code) for code in wanted.exact),
        ("expand", "" if wanted.expand else "no"),
    ]
    return [(name, value) for name, value in found if value]
