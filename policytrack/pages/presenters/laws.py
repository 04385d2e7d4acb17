"""Make of laws compared a table to take along: a row for each point that a law speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.core.i18n import designations, label
from policytrack.core.i18n import gettext as _
from policytrack.exports.tables import Download, Field, table_of
from policytrack.library.models import LawColumn
from policytrack.library.presenters.laws import Comparison, Group, Law, Question
from policytrack.library.terms import Term


@dataclass(frozen=True, slots=True)
class _Said:
    """Hold one point of one law under one country or side; no column where nothing is filled in."""

    group: Group
    law: Law
    column: LawColumn | None
    term: Term

    @property
    def answer(self) -> str:
        choices = self.column.choices if self.column else ()
        return next((label(each.labels) for each in choices if each.code == self.term.choice), "")


def download(asked: Question, found: Comparison | None, now: datetime) -> Download:
    """Return laws compared with what must be said beside them."""
    title = _("Laws compared")
    if asked.theme is not None:
        title = f"{title}{_(': ')}{label(asked.theme.labels)}"
    return Download(
        name="laws",
        title=title,
        address=url_for("library.laws", _external=True, **asked.asked),
        made_at=now,
        notes=[
            *asked.notes,
            _(
                "What people recorded from the texts; the texts themselves prevail. What is not"
                " listed is not recorded here, which does not say that there is no such law."
            ),
            *(group.empty for group in _empty(found)),
            designations(),
        ],
        tables=[table_of("laws", title, _fields(asked), list(_rows(found)))],
    )


def _empty(found: Comparison | None) -> Sequence[Group]:
    groups = found.groups if found else ()
    return [each for each in groups if not each.laws and not each.others]


def _rows(found: Comparison | None) -> Iterator[_Said]:
    if found is None:
        return
    for group in found.groups:
        for law in (*group.laws, *group.others):
            said = {each.column_code: each.as_term() for each in law.revision.terms}
            rows = [
                _Said(group, law, column, said[column.code])
                for column in found.columns
                if column.code in said
            ]
            yield from rows or [_Said(group, law, None, Term(""))]


def _fields(asked: Question) -> list[Field[_Said]]:
    theme = asked.theme.code if asked.theme else ""
    return [
        ("theme", _("Theme"), lambda _row: theme),
        ("side", _("Country or side"), lambda row: row.group.heading.name),
        ("id", _("Id"), lambda row: row.law.document.public_id),
        ("title", _("Title"), lambda row: row.law.revision.title),
        ("type", _("Kind of document"), lambda row: row.law.revision.type),
        ("official_number", _("Official number"), lambda row: row.law.revision.official_number),
        ("issued", _("Issued"), lambda row: row.law.revision.issued),
        ("legal_status", _("Legal status"), lambda row: row.law.revision.legal_status),
        (
            "in_force",
            _("In force"),
            lambda row: bool(row.law.standing and row.law.standing.in_force),
        ),
        ("in_force_from", _("In force from"), lambda row: row.law.revision.in_force_from),
        ("in_force_until", _("In force until"), lambda row: row.law.revision.in_force_until),
        ("column", _("Point"), lambda row: row.column.code if row.column else ""),
        (
            "point",
            _("Point, in words"),
            lambda row: label(row.column.labels) if row.column else "",
        ),
        ("choice", _("Answer"), lambda row: row.term.choice),
        ("answer", _("Answer, in words"), lambda row: row.answer),
        ("amount", _("Amount"), lambda row: row.term.amount),
        ("currency", _("Currency"), lambda row: row.term.currency),
        (
            "unit",
            _("Unit"),
            lambda row: (
                label(row.column.unit) if row.column and row.term.amount is not None else ""
            ),
        ),
        ("value", _("In words"), lambda row: row.term.value),
        (
            "language",
            _("Language of these words"),
            lambda row: (row.term.language or row.law.revision.language) if row.term.value else "",
        ),
        ("article", _("Article"), lambda row: row.term.article),
        ("page", _("Page"), lambda row: row.term.page),
        ("demonstration", _("Demonstration"), lambda row: row.law.demonstration),
        (
            "address",
            _("Address"),
            lambda row: url_for(
                "library.show", public_id=row.law.document.public_id, _external=True
            ),
        ),
    ]
