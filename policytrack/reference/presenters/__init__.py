"""Turn reference data into what its pages show."""

from policytrack.reference.presenters.listing import (
    ListedRow,
    in_order,
    kinds,
    listed_row,
    narrowed,
    only_words,
    table,
)
from policytrack.reference.presenters.row import (
    cells,
    choices,
    file_view,
    history,
    used_by,
)
from policytrack.reference.presenters.words import pointed_at, title

__all__ = [
    "ListedRow",
    "cells",
    "choices",
    "file_view",
    "history",
    "in_order",
    "kinds",
    "listed_row",
    "narrowed",
    "only_words",
    "pointed_at",
    "table",
    "title",
    "used_by",
]
