"""Make of rows what the pages that show several features say."""

from policytrack.pages.presenters.commitment import Reporting, commitment_page, reporting
from policytrack.pages.presenters.listing import (
    Kept,
    ListedCommitment,
    filters_of,
    found_sentence,
    kept_filters,
    listed,
    shares,
    status_words,
)
from policytrack.pages.presenters.notes import NoteLine, note_lines
from policytrack.pages.presenters.places import corridor_rows, national_figure, regions

__all__ = [
    "Kept",
    "ListedCommitment",
    "NoteLine",
    "Reporting",
    "commitment_page",
    "corridor_rows",
    "filters_of",
    "found_sentence",
    "kept_filters",
    "listed",
    "national_figure",
    "note_lines",
    "regions",
    "reporting",
    "shares",
    "status_words",
]
