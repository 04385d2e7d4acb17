"""Read what several features know together: how far commitments have come, by whom it was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.constituents.models import Constituent
from policytrack.progress.models import LatestWord, NoteRevision
from policytrack.progress.rules import Status

NO_INFORMATION = "no_information"


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

    @property
    def total(self) -> int:
        """Return how many commitments there are."""
        return sum(self.counts.values())


def _lead_word() -> ColumnElement[bool]:
    return and_(
        LatestWord.commitment_id == Commitment.id, LatestWord.constituent_id == Commitment.lead_id
    )


def claims(session: Session, commitment_ids: Sequence[int]) -> Mapping[int, Claim]:
    """Return the lead's last claim of each commitment that has one, in one query."""
    rows = session.execute(
        select(Commitment.id, LatestWord.status, NoteRevision.reversed, LatestWord.heard_at)
        .join(LatestWord, _lead_word())
        .join(NoteRevision, NoteRevision.id == LatestWord.revision_id)
        .where(Commitment.id.in_(commitment_ids))
    )
    return {row[0]: Claim(*row[1:]) for row in rows}


def standing(session: Session, *where: ColumnElement[bool]) -> Standing:
    """Return how far the commitments in force have come, as their leads claim."""
    rows = session.execute(
        select(LatestWord.status, func.count())
        .select_from(Commitment)
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.in_force_id)
        .join(Constituent, Constituent.id == Commitment.lead_id)
        .outerjoin(LatestWord, _lead_word())
        .where(*where)
        .group_by(LatestWord.status)
    )
    found: dict[str | None, int] = {row[0]: row[1] for row in rows}
    return Standing({status: found.get(status, 0) for status in (*Status, None)})


def last_heard(session: Session, iso2: str) -> Mapping[str, datetime]:
    """Return, by group, when an organisation of a country was last heard."""
    rows = session.execute(
        select(Constituent.group, func.max(LatestWord.heard_at))
        .join(LatestWord, LatestWord.constituent_id == Constituent.id)
        .where(Constituent.country_iso2 == iso2)
        .group_by(Constituent.group)
    )
    return {row[0]: row[1] for row in rows}


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
    word = exists().where(_lead_word())
    if status == NO_INFORMATION:
        return ~word.where(LatestWord.status.is_not(None))
    return word.where(LatestWord.status == status)


def overdue(today: date) -> ColumnElement[bool]:
    """Return the clause for commitments past their date whose lead does not claim completion."""
    done = exists().where(_lead_word(), LatestWord.status == Status.COMPLETE)
    return and_(CommitmentRevision.due_on < today, ~done)
