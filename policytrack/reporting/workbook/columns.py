"""Describe the columns and sheets of the workbook: what a cell may hold, and which are the key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_LINE = 300


class Type(StrEnum):
    """Name what a cell holds. An empty cell means: nothing, or not known."""

    KEY = "key"
    MAIL = "mail"
    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DATE = "date"
    FLAG = "flag"
    ONE = "one"  # code of a list
    SOME = "some"  # codes of a list, joined by `;`


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column.

    `heading` is the same in every language: workbooks travel. `of` names the list that codes
    belong to. `keeps` says that an empty cell leaves what stands there as it is.
    """

    name: str
    heading: str
    explanation: object
    type: Type = Type.LINE
    of: str = ""
    most: int = LONGEST_LINE
    required: bool = False
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Describe one sheet; the first columns are its key."""

    name: str
    columns: tuple[Column, ...]
    words: object
    counted: Callable[[int], str]
    keys: int = 1
    by_heading: Mapping[str, Column] = field(init=False, repr=False, compare=False)
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        headings = {folded(column.heading): column for column in self.columns}
        object.__setattr__(self, "by_heading", headings)
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def key(self) -> Column:
        """Return the column that names a row."""
        return self.columns[0]


def folded(text: str) -> str:
    """Return a heading or a sheet's name as it is compared: without capitals and extra spaces."""
    return " ".join(text.split()).casefold()
