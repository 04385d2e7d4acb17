"""Prepare the rows of what waits for review, and of what is an organisation's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.core.review import State
from policytrack.library.models import LibraryRevision
from policytrack.library.presenters import naming
from policytrack.library.presenters.editor import Returned, naming_of, returned_of
from policytrack.library.presenters.naming import Named
from policytrack.library.queries import STANDING
from policytrack.library.words import TYPE_WORDS


@dataclass(frozen=True, slots=True)
class WorkRow:
    """Hold one document that somebody is at work on."""

    title: str
    language: str
    url: str
    edit_url: str
    type: str
    organisation: Named | None
    countries: Sequence[Named]
    state: str
    files: int
    at: datetime
    submitted_at: datetime | None
    reviewer: str
    author: str
    revises: bool
    on_behalf: bool
    demonstration: bool
    returned: Returned | None


def work_rows(revisions: Sequence[LibraryRevision]) -> list[WorkRow]:
    """Return documents as the queue and the list of one's own show them."""
    return [_row(each) for each in revisions]


def _row(revision: LibraryRevision) -> WorkRow:
    document = revision.document
    public_id, body = document.public_id, document.constituent
    is_editable = revision.state in {State.DRAFT, State.RETURNED}
    return WorkRow(
        title=naming_of(revision),
        language=revision.language if revision.title else "",
        url=url_for("library.show", public_id=public_id),
        edit_url=url_for("library.edit", public_id=public_id) if is_editable else "",
        type=str(TYPE_WORDS.get(revision.type, "")),
        organisation=naming.organisation(body),
        countries=naming.countries(revision.countries),
        state=revision.state,
        files=len(revision.files),
        at=revision.published_at or revision.saved_at,
        submitted_at=revision.submitted_at,
        reviewer=revision.reviewer.name if revision.reviewer else "",
        author=revision.author.name if revision.author else "",
        revises=document.published_id is not None and document.published_id != revision.id,
        on_behalf=revision.on_behalf and document.constituent_id is not None,
        demonstration=document.demonstration,
        returned=returned_of(revision),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold how many documents stand in a state, and where they are listed."""

    state: str
    count: int
    url: str
    current: bool


def standings(counts: Mapping[State, int], wanted: str) -> list[Standing]:
    """Return the states in which there are documents, as they ask for attention.

    The one asked for is current; else the first.
    """
    there = [state for state in STANDING if counts.get(state)]
    chosen = wanted if wanted in there else there[0] if there else ""
    return [
        Standing(state, counts[state], url_for("library.mine", state=state.value), state == chosen)
        for state in there
    ]
