"""Make of the queue a table to take along: what waits, since when, and with whom.

What a note says stays where it is decided on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for

from policytrack.constituents.words import full_name
from policytrack.core.i18n import designations
from policytrack.core.i18n import gettext as _
from policytrack.exports.tables import Download, Field, table_from
from policytrack.progress.models import NoteRevision
from policytrack.progress.presenters.naming import subject_of


def download(found: Iterable[NoteRevision], address: str, now: datetime) -> Download:
    """Return what waits for a decision with what must be said beside it."""
    return Download(
        name="review",
        title=_("Notes that wait for a decision"),
        address=address,
        made_at=now,
        notes=[_("Rows marked as demonstration are invented."), designations()],
        tables=[table_from("progress_notes", _("Review"), _fields(), found)],
    )


def _fields() -> list[Field[NoteRevision]]:
    return [
        ("id", _("Id"), lambda row: row.note.public_id),
        ("commitment", _("Commitment"), lambda row: _commitment(row)),
        ("country", _("Country or territory"), lambda row: row.note.country_iso2),
        (
            "corridor",
            _("Corridor"),
            lambda row: row.note.corridor.code if row.note.corridor else None,
        ),
        ("theme", _("Theme"), lambda row: row.note.theme_code),
        ("subject", _("Title"), lambda row: subject_of(row.note).name),
        ("organisation", _("Organisation"), lambda row: full_name(row.note.constituent)),
        ("group", _("Group"), lambda row: row.note.constituent.group),
        ("round", _("Round"), lambda row: row.note.round.name),
        ("version", _("Version"), lambda row: row.number),
        ("language", _("Language"), lambda row: row.language),
        ("submitted_at", _("Submitted on"), lambda row: row.submitted_at),
        ("state", _("State"), lambda row: row.state),
        ("reviewer", _("Reviewer"), lambda row: row.reviewer.name if row.reviewer else ""),
        (
            "revises",
            _("Revises a published note"),
            lambda row: row.note.published_id is not None,
        ),
        ("on_behalf", _("On behalf"), lambda row: row.on_behalf),
        ("demonstration", _("Demonstration"), lambda row: row.note.demonstration),
        (
            "address",
            _("Address"),
            lambda row: url_for("progress.show", note_id=row.note.public_id, _external=True),
        ),
    ]


def _commitment(row: NoteRevision) -> str | None:
    return row.note.commitment.address if row.note.commitment else None
