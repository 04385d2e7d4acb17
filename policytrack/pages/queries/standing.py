"""Read what several features know together: how far commitments have come, by whom it was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from policytrack.commitments.models import Commitment, CommitmentRevision, revision_theme
from policytrack.constituents.models import Constituent
from policytrack.frameworks.models import Theme
from policytrack.progress.models import LatestWord, NoteRevision
from policytrack.progress.rules import Status

NO_INFORMATION = "no_information"
_MOVED = (Status.LIMITED, Status.SUBSTANTIAL, Status.COMPLETE)


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold what the lead last claimed of its commitment."""

    status: str | None
    reversed: bool
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Count commitments by what their leads claim; `counts` has every status and none."""

    counts: Mapping[str | None, int]
    overdue: int = 0

    @property
    def total(self) -> int:
        """Return how many commitments there are."""
        return sum(self.counts.values())

    @property
    def moved(self) -> int:
        """Return on how many their leads claim progress, complete ones among them."""
        return sum(self.counts.get(status, 0) for status in _MOVED)


def lead_word() -> ColumnElement[bool]:
    """Return what joins a commitment to the last word of its lead."""
    return and_(
        LatestWord.commitment_id == Commitment.id, LatestWord.constituent_id == Commitment.lead_id
    )


def claims(session: Session, commitment_ids: Sequence[int]) -> Mapping[int, Claim]:
    """Return the lead's last claim of each commitment that has one, in one query."""
    rows = session.execute(
        select(Commitment.id, LatestWord.status, NoteRevision.reversed, LatestWord.heard_at)
        .join(LatestWord, lead_word())
        .join(NoteRevision, NoteRevision.id == LatestWord.revision_id)
        .where(Commitment.id.in_(commitment_ids))
    )
    return {row[0]: Claim(*row[1:]) for row in rows}


def standing(session: Session, *where: ColumnElement[bool], today: date) -> Standing:
    """Return how far the commitments in force have come, as their leads claim, in one query."""
    late = and_(
        CommitmentRevision.due_on < today, LatestWord.status.is_distinct_from(Status.COMPLETE)
    )
    rows = session.execute(
        select(LatestWord.status, func.count(), func.sum(case((late, 1), else_=0)))
        .select_from(Commitment)
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.in_force_id)
        .join(Constituent, Constituent.id == Commitment.lead_id)
        .outerjoin(LatestWord, lead_word())
        .where(*where)
        .group_by(LatestWord.status)
    ).all()
    found: dict[str | None, int] = {row[0]: row[1] for row in rows}
    return Standing(
        counts={status: found.get(status, 0) for status in (*Status, None)},
        overdue=sum(row[2] or 0 for row in rows),
    )


def standing_by_area(session: Session) -> Mapping[str, Standing]:
    """Return how far the commitments of each key area have come, by the area's code.

    A commitment of two areas counts in both.
    """
    area = func.coalesce(Theme.parent_code, Theme.code).label("area")
    pairs = (
        select(revision_theme.c.revision_id, area)
        .join(Theme, Theme.code == revision_theme.c.theme_code)
        .distinct()
        .subquery()
    )
    rows = session.execute(
        select(pairs.c.area, LatestWord.status, func.count())
        .select_from(Commitment)
        .join(pairs, pairs.c.revision_id == Commitment.in_force_id)
        .outerjoin(LatestWord, lead_word())
        .group_by(pairs.c.area, LatestWord.status)
    )
    found: dict[str, dict[str | None, int]] = {}
    for code, status, count in rows:
        found.setdefault(code, {})[status] = count
    return {code: Standing(counts) for code, counts in found.items()}


def commitments_by_country(session: Session) -> Mapping[str, int]:
    """Return how many commitments in force are led from each country."""
    rows = session.execute(
        select(Constituent.country_iso2, func.count())
        .join(Commitment, Commitment.lead_id == Constituent.id)
        .where(Commitment.in_force_id.is_not(None), Constituent.country_iso2.is_not(None))
        .group_by(Constituent.country_iso2)
    )
    return {str(row[0]): row[1] for row in rows}


def claimed(status: str) -> ColumnElement[bool]:
    """Return the clause for commitments whose lead last claimed a status, or nothing."""
    # Whatever else the statement reads of the leads' words.
    word = exists().where(lead_word()).correlate(Commitment)
    if status == NO_INFORMATION:
        return ~word.where(LatestWord.status.is_not(None))
    return word.where(LatestWord.status == status)


def overdue(today: date) -> ColumnElement[bool]:
    """Return the clause for commitments past their date whose lead does not claim completion."""
    done = exists().where(lead_word(), LatestWord.status == Status.COMPLETE).correlate(Commitment)
    return and_(CommitmentRevision.due_on < today, ~done)
