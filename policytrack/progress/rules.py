"""Decide the life of a note, what statuses mean together, and which counts may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from policytrack.core import review
from policytrack.core.errors import RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.review import Action, State, Step

WORKFLOW = review.Workflow(
    write=Permission.NOTE_WRITE, submit=Permission.NOTE_SUBMIT, review=Permission.NOTE_REVIEW
)
STEPS = WORKFLOW.steps


def step(state: str, action: Action) -> Step:
    """Return what an action leads to; raise `StaleVersion` where the state has moved on."""
    found = STEPS.get((State(state), action))
    if found is None:
        raise StaleVersion(_("This note has moved on in the meantime; that step is closed."))
    return found


def state_after_submission(*, nothing_changed: bool, on_behalf: bool) -> State:
    """Return where a submission leads.

    "Nothing has changed" needs no review of opinion; but what the secretariat writes on behalf of
    others is always decided by a second officer.
    """
    return State.PUBLISHED if nothing_changed and not on_behalf else State.SUBMITTED


# A returned note can be put right for two weeks, even when the round has closed meanwhile.
RESUBMISSION_DAYS = 14


def last_moment(closes_at: datetime, returned_at: datetime | None) -> datetime:
    """Return until when a note can be written and submitted."""
    if returned_at is None:
        return closes_at
    return max(closes_at, returned_at + timedelta(days=RESUBMISSION_DAYS))


# A list of work to do shows as much as one sitting holds; on a telephone its rows are stacked.
WORK_LIST = 15

PARTS = ("done", "results", "women", "obstacles", "next_steps")
PART_LENGTH = 20_000
REASON_LENGTH = 5_000
LINKS = 5
FILES = 10
QUOTATIONS = 20
# As long as a long article of a law; more than that is a copy, not a quotation.
QUOTE_LENGTH = 2_000
EARLIEST_READING = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Submission:
    """Hold what decides whether a revision is ready to be submitted.

    `carries`: readings, links or files. `has_precedent`: the organisation has a published note on
    the same target from an earlier round, which "nothing has changed" can repeat.
    """

    texts: Mapping[str, str]
    claimed_status: str | None
    nothing_changed: bool
    carries: bool
    has_precedent: bool
    people_protected: bool


def missing(given: Submission) -> dict[str, object]:
    """Return what a revision still lacks, as sentences by the name of the form field."""
    found: dict[str, object] = {}
    written = any(text.strip() for text in given.texts.values())
    if given.nothing_changed:
        # It goes out unreviewed, so it carries nothing that somebody would have to review.
        if not given.has_precedent:
            found["nothing_changed"] = _(
                "There is no published note of an earlier round that this could repeat."
            )
        elif written or given.carries:
            found["nothing_changed"] = _(
                "A note that nothing has changed carries no text, readings or evidence. Remove"
                " them, or clear this box."
            )
    else:
        if not given.texts.get("done", "").strip():
            found["done"] = _("Say what was done.")
        if given.claimed_status is None:
            found["claimed_status"] = _("Choose how far this has come.")
    if not given.people_protected:
        found["people_protected"] = _("Confirm that nobody can be identified.")
    return found


class Status(StrEnum):
    """Name how far a commitment has come, in this order; no information is no member."""

    NOT_STARTED = "not_started"
    LIMITED = "limited"
    SUBSTANTIAL = "substantial"
    COMPLETE = "complete"


# A published count of one to four people could point at a person.
SMALLEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Split:
    """Hold a reading by sex; None is "not reported"."""

    women: Decimal | None = None
    men: Decimal | None = None
    not_stated: Decimal | None = None
    total: Decimal | None = None

    @property
    def cells(self) -> dict[str, Decimal | None]:
        """Return the three parts by name, without the total."""
        return {"women": self.women, "men": self.men, "not_stated": self.not_stated}


@dataclass(frozen=True, slots=True)
class ShownSplit:
    """Hold what may be shown of a reading and the names of the cells that are suppressed."""

    split: Split
    suppressed: frozenset[str]


def is_small(value: Decimal | None) -> bool:
    """Tell whether a count of people must not be shown: above nought and under five."""
    return value is not None and 0 < value < SMALLEST_SHOWN


def _remainder(split: Split) -> Decimal | None:
    """Return how many of the total no part accounts for, where a part was not reported."""
    parts = split.cells.values()
    if split.total is None or all(value is not None for value in parts):
        return None
    return split.total - sum((value for value in parts if value is not None), Decimal(0))


def suppress(split: Split) -> ShownSplit:
    """Hide counts under five, and the total wherever it would give one away.

    The total is the complement of every part: without it each hidden part can be any count from
    one to four, even for a reader who knows this rule, and the larger parts stay to be read. What
    is left of the total beside the parts reported counts people too.
    """
    hidden = {name for name, value in split.cells.items() if is_small(value)}
    telling = bool(hidden) or is_small(split.total) or is_small(_remainder(split))
    if telling and split.total is not None:
        hidden.add("total")
    return ShownSplit(replace(split, **dict.fromkeys(hidden)), frozenset(hidden))


def complete_split(split: Split) -> Split:
    """Fill in a missing total from its parts; raise `RuleViolation` where they disagree."""
    parts = [value for value in split.cells.values() if value is not None]
    if split.total is None:
        return replace(split, total=sum(parts, Decimal(0))) if len(parts) == 3 else split
    if len(parts) == 3 and sum(parts) != split.total:
        raise RuleViolation(_("Women, men and not stated do not add up to the total."))
    if sum(parts) > split.total:
        raise RuleViolation(_("Women, men and not stated are more than the total."))
    return split


def differing(claims: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether groups that spoke claim different statuses; `claims` holds those by group.

    Nothing is averaged: a group in which two organisations differ differs from one that is of one
    mind.
    """
    spoken = [frozenset(statuses) for statuses in claims.values() if statuses]
    return len(set(spoken)) > 1


def silent_since(heard: datetime | None, asked: date | None) -> date | None:
    """Return since when a voice is silent: its last word, or when it was first asked, if later.

    `asked` is a day of the round's own zone.
    """
    known = [day for day in (heard.date() if heard else None, asked) if day is not None]
    return max(known, default=None)


def has_lapsed(spoken: date | None, asked: date | None) -> bool:
    """Tell whether a voice that was asked has not answered.

    `spoken` is when the round of its latest note opened, `asked` when the last closed round did:
    in an open round everybody still has time, and what was said before stands.
    """
    return asked is not None and (spoken is None or spoken < asked)
