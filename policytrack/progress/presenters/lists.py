"""Prepare the rows of the queue and of what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.progress import rules
from policytrack.progress.models import (
    NoteRevision,
)
from policytrack.progress.presenters.naming import Heading, Named, commitment_title, heading, named
from policytrack.progress.queries import Owed

QUEUED = rules.QUEUED_STATES


@dataclass(frozen=True, slots=True)
class QueueRow:
    """Hold one row of the queue."""

    heading: Heading
    url: str
    state: str
    submitted_at: datetime | None
    reviewer: str
    revises: bool
    on_behalf: bool
    number: int


def queue_rows(revisions: Sequence[NoteRevision]) -> list[QueueRow]:
    """Return what waits for a decision as the queue shows it."""
    return [
        QueueRow(
            heading=heading(each.note),
            url=url_for("progress.show", note_id=each.note.public_id),
            state=each.state,
            submitted_at=each.submitted_at,
            reviewer=each.reviewer.name if each.reviewer else "",
            revises=each.note.published_id is not None,
            on_behalf=each.on_behalf,
            number=each.number,
        )
        for each in revisions
    ]


@dataclass(frozen=True, slots=True)
class OwedRow:
    """Hold one commitment to report on; `url` leads to its note, or begins it."""

    subject: Named
    code: str
    organisation: Named
    status: str | None
    reversed: bool
    heard_at: datetime | None
    state: str | None
    url: str


def owed_rows(items: Sequence[Owed]) -> list[OwedRow]:
    """Return what organisations owe as the home page shows it."""
    return [
        OwedRow(
            subject=commitment_title(each.commitment),
            code=each.commitment.address,
            organisation=named(each.constituent.labels),
            status=each.status,
            reversed=each.reversed,
            heard_at=each.heard_at,
            state=each.state,
            url=url_for("progress.show", note_id=each.note_id)
            if each.note_id
            else url_for(
                "progress.write",
                commitment=each.commitment.address,
                constituent=each.constituent.public_id,
            ),
        )
        for each in items
    ]
