"""Decide what a load does with each cell: who spoke last, the file or the site."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """Name what a load does with one cell of a row that is there already."""

    SAME = "same"
    TAKEN = "taken"  # from the file: nobody had edited it here
    KEPT = "kept"  # as edited here; the file says what it said before
    CONFLICT = "conflict"  # as edited here, though the file says something new
    OVERWRITTEN = "overwritten"  # the file's, over what was edited here, as was asked for


def merge(
    base: str | None, here: str, said: str, *, edited: bool, overwrite: bool = False
) -> Outcome:
    """Decide about one cell.

    `base` is what the file said at the last load, None where it said nothing of this cell yet; then
    `edited` tells whether the row was edited on the site.
    """
    if here == said:
        return Outcome.SAME
    if base == here or (base is None and not edited):
        return Outcome.TAKEN
    if overwrite:
        return Outcome.OVERWRITTEN
    return Outcome.KEPT if base == said else Outcome.CONFLICT
