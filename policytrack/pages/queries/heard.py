"""Read which organisations of a country were asked, and when each was last heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import PUBLIC_STATES
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import TRIPARTITE
from policytrack.progress import rules
from policytrack.progress.models import Note, NoteRevision
from policytrack.rounds.models import Round
from policytrack.rounds.rules import RoundState


@dataclass(frozen=True, slots=True)
class Body:
    """Hold an organisation, when it was last heard, and since when it is silent.

    `asked` is when it was first asked, None where nothing was ever asked of it: who was not asked
    is not silent.
    """

    constituent: Constituent
    heard_at: datetime | None
    asked: date | None
    silent_since: date | None


def bodies(
    session: Session,
    countries: Sequence[str],
    *,
    concerned: ColumnElement[bool],
    about: ColumnElement[bool] | None = None,
    rounds: Sequence[Round],
    now: datetime,
) -> Sequence[Body]:
    """Return the organisations of some countries, in three queries.

    `concerned` says of `Commitment`, its text in force (`CommitmentRevision`) and its lead
    (`Constituent`) which commitments ask them; invented ones ask invented organisations only.
    `about` says of `Note` which notes count; all of theirs without it.
    """
    words = _last_words(session, countries, about)
    since = _asking_since(session, concerned)
    found = session.scalars(
        select(Constituent)
        .where(Constituent.country_iso2.in_(countries), Constituent.retired.is_(False))
        .order_by(Constituent.focal_ministry.desc(), Constituent.id)
    )
    return [
        _body(body, words.get(body.id), since.get(body.demonstration), rounds, now)
        for body in found
    ]


def _body(
    body: Constituent,
    word: tuple[datetime | None, date] | None,
    since: datetime | None,
    rounds: Sequence[Round],
    now: datetime,
) -> Body:
    heard, opened = word or (None, None)
    asking = [
        each
        for each in rounds
        if body.group in TRIPARTITE and since is not None and since <= each.opens_at <= now
    ]
    closed = [each.opens_on for each in asking if each.state(now) is RoundState.CLOSED]
    asked = min((each.opens_on for each in asking), default=None)
    lapsed = rules.has_lapsed(opened, max(closed, default=None))
    return Body(
        constituent=body,
        heard_at=heard,
        asked=asked,
        silent_since=rules.silent_since(heard, asked) if lapsed else None,
    )


def _last_words(
    session: Session, countries: Sequence[str], about: ColumnElement[bool] | None
) -> Mapping[int, tuple[datetime | None, date]]:
    """Return, by organisation, when it was last heard and when the round of it opened."""
    wanted = (
        select(Note.constituent_id, func.max(NoteRevision.published_at), func.max(Round.opens_on))
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .join(Round, Round.id == Note.round_id)
        .join(Constituent, Constituent.id == Note.constituent_id)
        .where(Constituent.country_iso2.in_(countries))
        .group_by(Note.constituent_id)
    )
    if about is not None:
        wanted = wanted.where(about)
    return {row[0]: (row[1], row[2]) for row in session.execute(wanted)}


def _asking_since(
    session: Session, concerned: ColumnElement[bool]
) -> Mapping[bool, datetime | None]:
    """Return since when there is anything to ask about: of what is invented, and of what is not."""
    first = aliased(CommitmentRevision)
    rows = session.execute(
        select(Commitment.demonstration, func.min(first.decided_at))
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.in_force_id)
        .join(Constituent, Constituent.id == Commitment.lead_id)
        .join(first, first.commitment_id == Commitment.id)
        .where(first.state.in_(PUBLIC_STATES), concerned)
        .group_by(Commitment.demonstration)
    )
    return {row[0]: row[1] for row in rows}
