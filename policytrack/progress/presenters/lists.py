"""Prepare the rows of the queue and of what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.constituents.words import full_name
from policytrack.core import review
from policytrack.core.i18n import gettext as _
from policytrack.core.review import State
from policytrack.progress.models import NoteRevision
from policytrack.progress.presenters.naming import (
    Heading,
    Named,
    commitment_title,
    heading,
)
from policytrack.progress.queries import Owed

QUEUED = review.QUEUED_STATES


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
    organisation: str
    status: str | None
    reversed: bool
    heard_at: datetime | None
    state: str | None
    url: str
    act: str


def owed_rows(items: Sequence[Owed]) -> list[OwedRow]:
    """Return what organisations owe as the home page shows it."""
    return [_owed_row(each) for each in items]


def _owed_row(owed: Owed) -> OwedRow:
    url, act = _next_act(owed)
    return OwedRow(
        subject=commitment_title(owed.commitment),
        code=owed.commitment.address,
        organisation=full_name(owed.constituent),
        status=owed.status,
        reversed=owed.reversed,
        heard_at=owed.heard_at,
        state=owed.state,
        url=url,
        act=act,
    )


def _next_act(owed: Owed) -> tuple[str, str]:
    """Return the one thing to do next: where, and in which words."""
    # A retracted note is written anew from the start.
    if owed.note_id is None or owed.state is State.RETRACTED:
        address = url_for(
            "progress.write",
            commitment=owed.commitment.address,
            constituent=owed.constituent.public_id,
        )
        return address, _("Write the note")
    if owed.state in {State.DRAFT, State.RETURNED}:
        return url_for("progress.edit", note_id=owed.note_id), _("Continue")
    return url_for("progress.show", note_id=owed.note_id), _("Look at it")
