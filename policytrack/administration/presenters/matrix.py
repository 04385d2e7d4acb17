"""Show the table of permissions in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policytrack.core import words
from policytrack.core.permissions import TABLE, Permission, Role


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold what one role may: empty where it may not."""

    role: str
    reach: str


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one act with what each role may."""

    act: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Hold the whole table."""

    roles: Sequence[str]
    rows: Sequence[Row]


def matrix() -> Matrix:
    """Return the table that grants, as the program holds it."""
    roles = list(Role)
    return Matrix(
        roles=[str(words.ROLES[role]) for role in roles],
        rows=[
            Row(
                str(words.PERMISSIONS[permission]),
                [
                    Cell(
                        str(words.ROLES[role]),
                        str(words.REACHES[TABLE[permission][role]])
                        if role in TABLE[permission]
                        else "",
                    )
                    for role in roles
                ],
            )
            for permission in Permission
        ],
    )
