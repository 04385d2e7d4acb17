"""Make tables of what a programme names and contributed, as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from policytrack.commitments.models import ProgrammeContribution
from policytrack.core.i18n import gettext as _
from policytrack.exports.tables import Cell, Field, Table, table_of
from policytrack.programmes.models import Programme
from policytrack.programmes.queries import Paper


def documents(programme: Programme, papers: Mapping[int, Paper]) -> Table:
    """Return the documents that are linked to a programme, of those in `papers`."""
    fields: list[Field[Paper]] = [
        ("title", _("Title"), lambda row: row.title),
        ("language", _("Language"), lambda row: row.language),
        ("type", _("Kind of document"), lambda row: row.type),
        ("issued", _("Issued"), lambda row: row.issued),
        ("address", _("Address"), _address),
    ]
    found = [
        papers[each.document_id] for each in programme.documents if each.document_id in papers
    ]  # fmt: skip
    return table_of("documents", _("Documents"), fields, found)


def contributions(found: Sequence[ProgrammeContribution], papers: Mapping[int, Paper]) -> Table:
    """Return what a programme contributed to commitments, and whose word that is."""

    def proof(row: ProgrammeContribution) -> Cell:
        paper = papers.get(row.document_id or 0)
        return _address(paper) if paper else None

    fields: list[Field[ProgrammeContribution]] = [
        ("commitment", _("Commitment"), lambda row: row.commitment.address),
        ("basis", _("Claimed or evaluated"), lambda row: row.basis),
        ("language", _("Language"), lambda row: row.language),
        ("text", _("What it contributed"), lambda row: row.text),
        (
            "stated_by",
            _("Stated by"),
            lambda row: row.stated_by.public_id if row.stated_by else None,
        ),
        ("stated_at", _("Stated on"), lambda row: row.stated_at.date()),
        ("source", _("Source"), proof),
        ("page", _("Page of the source"), lambda row: row.page),
    ]
    return table_of("contributions", _("Contributions to commitments"), fields, found)


def _address(paper: Paper) -> str:
    return url_for("library.show", public_id=paper.public_id, _external=True)
