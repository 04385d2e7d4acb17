"""Make of the queue a table to take along: what waits, since when, and with whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for

from policytrack.core.i18n import designations
from policytrack.core.i18n import gettext as _
from policytrack.exports.tables import Download, Field, table_from
from policytrack.library.models import LibraryRevision
from policytrack.library.presenters import naming
from policytrack.library.presenters.editor import naming_of


def download(found: Iterable[LibraryRevision], address: str, now: datetime) -> Download:
    """Return what waits for a decision with what must be said beside it."""
    return Download(
        name="library-review",
        title=_("Documents that wait for a decision"),
        address=address,
        made_at=now,
        notes=[_("Rows marked as demonstration are invented."), designations()],
        tables=[table_from("documents", _("Review the library"), _fields(), found)],
    )


def _fields() -> list[Field[LibraryRevision]]:
    return [
        ("id", _("Id"), lambda row: row.document.public_id),
        ("title", _("Title"), lambda row: naming_of(row)),
        ("language", _("Language"), lambda row: row.language),
        ("type", _("Kind of document"), lambda row: row.type),
        ("organisation", _("Organisation"), _organisation),
        (
            "group",
            _("Group"),
            lambda row: row.document.constituent.group if row.document.constituent else "",
        ),
        (
            "countries",
            _("Countries and territories"),
            lambda row: tuple(sorted(each.iso2 for each in row.countries)),
        ),
        ("version", _("Version"), lambda row: row.number),
        ("files", _("Files"), lambda row: len(row.files)),
        ("submitted_at", _("Submitted on"), lambda row: row.submitted_at),
        ("state", _("State"), lambda row: row.state),
        ("reviewer", _("Reviewer"), lambda row: row.reviewer.name if row.reviewer else ""),
        (
            "revises",
            _("Revises a published document"),
            lambda row: row.document.published_id is not None,
        ),
        (
            "on_behalf",
            _("On behalf"),
            lambda row: row.on_behalf and row.document.constituent_id is not None,
        ),
        ("demonstration", _("Demonstration"), lambda row: row.document.demonstration),
        (
            "address",
            _("Address"),
            lambda row: url_for("library.show", public_id=row.document.public_id, _external=True),
        ),
    ]


def _organisation(row: LibraryRevision) -> str:
    named = naming.organisation(row.document.constituent)
    return named.name if named else ""
