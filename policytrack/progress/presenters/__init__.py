"""Prepare what pages show of notes: frozen, in the reader's language, with small counts hidden."""

from policytrack.progress.presenters.comparing import comparison, revision_choices
from policytrack.progress.presenters.editor import editor
from policytrack.progress.presenters.lists import QUEUED, owed_rows, queue_rows
from policytrack.progress.presenters.naming import (
    commitment_title,
    heading,
    subject_of,
)
from policytrack.progress.presenters.page import note_page, translator_kinds
from policytrack.progress.presenters.quotations import Quotation, Reader, quotation_from
from policytrack.progress.presenters.revisions import (
    cell_text,
    cell_value,
    original_view,
    revision_view,
    shown,
    version_numbers,
)
from policytrack.progress.presenters.voices import divergence, timeline_entries, voice_groups
from policytrack.progress.words import STATUS_WORDS

__all__ = [
    "QUEUED",
    "STATUS_WORDS",
    "Quotation",
    "Reader",
    "cell_text",
    "cell_value",
    "commitment_title",
    "comparison",
    "divergence",
    "editor",
    "heading",
    "note_page",
    "original_view",
    "owed_rows",
    "queue_rows",
    "quotation_from",
    "revision_choices",
    "revision_view",
    "shown",
    "subject_of",
    "timeline_entries",
    "translator_kinds",
    "version_numbers",
    "voice_groups",
]
