"""Read what stands in the database, as cells say it; one query for each table, in chunks."""

from policytrack.reporting.workbook.known.chunks import chunks
from policytrack.reporting.workbook.known.commitments import (
    Commitments,
    Known,
    Standing,
    Translation,
    commitments,
    index,
    indicator_cells,
    milestone_cells,
)
from policytrack.reporting.workbook.known.lists import (
    in_reference,
    labels,
    lists,
    organisation_cells,
    organisations,
)
from policytrack.reporting.workbook.known.people import (
    Person,
    active_administrators,
    people,
)

__all__ = [
    "Commitments",
    "Known",
    "Person",
    "Standing",
    "Translation",
    "active_administrators",
    "chunks",
    "commitments",
    "in_reference",
    "index",
    "indicator_cells",
    "labels",
    "lists",
    "milestone_cells",
    "organisation_cells",
    "organisations",
    "people",
]
