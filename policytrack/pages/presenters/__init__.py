"""Make of rows what the pages that show several features say."""

from policytrack.pages.presenters.commitment import Reporting, commitment_page, reporting
from policytrack.pages.presenters.home import Due, due
from policytrack.pages.presenters.listing import (
    ListedCommitment,
    filters_of,
    found_sentence,
    listed,
    shares,
    status_words,
)
from policytrack.pages.presenters.notes import NoteLine, note_lines
from policytrack.pages.presenters.places import corridor_rows, heard, national_figure, regions

__all__ = [
    "Due",
    "ListedCommitment",
    "NoteLine",
    "Reporting",
    "commitment_page",
    "corridor_rows",
    "due",
    "filters_of",
    "found_sentence",
    "heard",
    "listed",
    "national_figure",
    "note_lines",
    "regions",
    "reporting",
    "shares",
    "status_words",
]
