"""Read reference data as the kinds declare it, and what is known about its rows."""

from policytrack.reference.queries.known import (
    Difference,
    differences,
    differing_columns,
    edit,
    edited,
    file_row,
    history,
    loaded,
)
from policytrack.reference.queries.naming import Named, Names, names
from policytrack.reference.queries.tables import (
    codes,
    counts,
    find,
    get,
    kind_of,
    labels,
    packaged,
    present,
)
from policytrack.reference.queries.uses import Uses, uses

__all__ = [
    "Difference",
    "Named",
    "Names",
    "Uses",
    "codes",
    "counts",
    "differences",
    "differing_columns",
    "edit",
    "edited",
    "file_row",
    "find",
    "get",
    "history",
    "kind_of",
    "labels",
    "loaded",
    "names",
    "packaged",
    "present",
    "uses",
]
