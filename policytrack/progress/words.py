"""Name parts, statuses and states in the reader's language; said here once for all pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.review import Action, State
from policytrack.progress.rules import Status

# Spoken when a page is made, in the reader's language. No information is the absence of a claim.
STATUS_WORDS: Mapping[str | None, Any] = {
    Status.NOT_STARTED: _("Not started"),
    Status.LIMITED: _("Limited progress"),
    Status.SUBSTANTIAL: _("Substantial progress"),
    Status.COMPLETE: _("Complete"),
    None: _("No information"),
}

# Whole sentences, so that each language can order its own words.
STATUS_CHOICES: list[tuple[str, Any]] = [
    (Status.NOT_STARTED, _("Not started: nothing has been done on it yet.")),
    (Status.LIMITED, _("Limited progress: first steps were taken, with few results so far.")),
    (
        Status.SUBSTANTIAL,
        _("Substantial progress: most of it is done, and results can be shown."),
    ),
    (Status.COMPLETE, _("Complete: all of it is done, and the evidence shows it.")),
]

PART_HEADINGS: Mapping[str, Any] = {
    "done": _("What was done"),
    "results": _("Results"),
    "women": _("What changed for women migrant workers"),
    "obstacles": _("Obstacles"),
    "next_steps": _("Next steps"),
}

PART_HINTS: Mapping[str, Any] = {
    "done": _("Laws, decisions, services, meetings: what your organisation did, with dates."),
    "results": _("What came of it, and for whom."),
    "women": _("What is different now for women who migrate for work, whatever the sector."),
    "obstacles": _("What stood in the way, and what would help."),
    "next_steps": _("What comes next, by when."),
}

STATE_WORDS: Mapping[str, Any] = {
    State.DRAFT: _("Draft"),
    State.SUBMITTED: _("Submitted"),
    State.IN_REVIEW: _("In review"),
    State.RETURNED: _("Returned"),
    State.PUBLISHED: _("Published"),
    State.SUPERSEDED: _("Superseded"),
    State.RETRACTED: _("Retracted"),
    State.DISCARDED: _("Discarded"),
}

DECISION_WORDS: Mapping[str, Any] = {
    Action.TAKE_UP: _("Taken up for review"),
    Action.RETURN: _("Returned"),
    Action.PUBLISH: _("Published"),
    Action.RETRACT: _("Retracted"),
}

# What happened, said to the one who did it.
DONE_WORDS: Mapping[str, Any] = {
    Action.SAVE: _("The draft is saved."),
    Action.SUBMIT: _("The note is submitted. The secretariat will review it."),
    Action.DISCARD: _("The draft is thrown away."),
    Action.WITHDRAW: _("The note is yours again, as a draft."),
    Action.TAKE_UP: _("You are now the reviewer of this note."),
    Action.RETURN: _("The note is returned with your reason."),
    Action.PUBLISH: _("The note is published."),
    Action.REVISE: _("This is a new draft; the published note stays in force meanwhile."),
    Action.RETRACT: _("The note is retracted; its page says when and why."),
}

CELL_WORDS: Mapping[str, Any] = {
    "women": _("Women"),
    "men": _("Men"),
    "not_stated": _("Not stated"),
    "total": _("Total"),
}
