"""Read what waits for a person, and how a round is going."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    case,
    exists,
    func,
    null,
    select,
    union,
)
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from policytrack.accounts.models import AccountState, OneTimeLink, SignInSession, User
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    revision_corridor,
    revision_country,
    revision_supporter,
)
from policytrack.commitments.rules import PUBLIC_STATES, TextState
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import TRIPARTITE
from policytrack.core.permissions import Actor, Permission, require
from policytrack.core.review import QUEUED_STATES, State
from policytrack.frameworks.models import Theme
from policytrack.places.models import Corridor, Country, Region
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.queries import NAMED
from policytrack.rounds.models import Round


def areas(session: Session) -> Sequence[Theme]:
    """Return the key areas in their order."""
    return session.scalars(
        select(Theme)
        .where(Theme.parent_code.is_(None), Theme.retired.is_(False))
        .order_by(Theme.position, Theme.code)
    ).all()


class Turnout(NamedTuple):
    """Count the organisations of one region and group: those asked, and those that reported.

    Regional organisations have no region.
    """

    region: str | None
    group: str
    asked: int
    reported: int


def turnout(session: Session, reporting_round: Round) -> Sequence[Turnout]:
    """Return how many organisations were asked in a round and reported, by region and group.

    One that reported without being asked counts among both. It takes two queries.
    """
    asking = {tuple(row) for row in session.execute(_asking(reporting_round))}
    reported = exists().where(
        Note.round_id == reporting_round.id,
        Note.constituent_id == Constituent.id,
        Note.published_id.is_not(None),
    )
    rows = session.execute(
        select(
            Country.region_code,
            Constituent.group,
            Constituent.country_iso2,
            Constituent.demonstration,
            Constituent.retired,
            case((reported, 1), else_=0),
        )
        .outerjoin(Country, Country.iso2 == Constituent.country_iso2)
        .where(Constituent.group.in_(TRIPARTITE))
    )
    found: dict[tuple[str | None, str], tuple[int, int]] = {}
    for region, group, iso2, invented, retired, has_reported in rows:
        if has_reported or (not retired and (iso2, invented) in asking):
            asked, said = found.get((region, group), (0, 0))
            found[region, group] = (asked + 1, said + has_reported)
    return [Turnout(*key, *counts) for key, counts in found.items()]


def _asking(reporting_round: Round) -> CompoundSelect[Any]:
    """Return of which countries organisations had something to report on, invented ones apart.

    Regional organisations, with no country, are asked about everything that has a corridor.
    """
    first = aliased(CommitmentRevision)
    accepted = (
        select(Commitment.in_force_id, Commitment.lead_id, Commitment.demonstration)
        .where(
            Commitment.in_force_id.is_not(None),
            exists().where(
                first.commitment_id == Commitment.id,
                first.state.in_(PUBLIC_STATES),
                first.decided_at <= reporting_round.opens_at,
            ),
        )
        .cte("accepted")
    )
    crossing = select(revision_corridor.c.corridor_id, accepted.c.demonstration).join(
        accepted, accepted.c.in_force_id == revision_corridor.c.revision_id
    )
    corridors = crossing.distinct().cte("corridors")
    ends = select(Corridor.origin_iso2, corridors.c.demonstration).join(
        corridors, corridors.c.corridor_id == Corridor.id
    )
    return union(
        select(Constituent.country_iso2, accepted.c.demonstration)
        .join(accepted, accepted.c.lead_id == Constituent.id)
        .where(Constituent.country_iso2.is_not(None)),
        select(revision_country.c.country_iso2, accepted.c.demonstration).join(
            accepted, accepted.c.in_force_id == revision_country.c.revision_id
        ),
        ends,
        ends.with_only_columns(Corridor.destination_iso2, corridors.c.demonstration),
        select(null(), corridors.c.demonstration),
    )


def region_labels(session: Session) -> Mapping[str, Region]:
    """Return the regions by code, in their order."""
    found = session.scalars(select(Region).order_by(Region.position))
    return {each.code: each for each in found}


class Returned(NamedTuple):
    """Hold a note that came back, with the text that was returned."""

    note: Note
    text: NoteRevision


def returned(session: Session, actor: Actor, limit: int = 5) -> Sequence[Returned]:
    """Return the notes that came back to the actor's organisations, with the reasons."""
    rows = session.execute(
        select(Note, NoteRevision)
        .join(NoteRevision, NoteRevision.id == Note.open_id)
        .where(
            NoteRevision.state == State.RETURNED,
            Note.constituent_id.in_(actor.own(Permission.DRAFT_READ)),
        )
        .options(*NAMED, selectinload(NoteRevision.decisions))
        .order_by(NoteRevision.decided_at.desc(), NoteRevision.id)
        .limit(limit)
    )
    return [Returned(*row) for row in rows]


class Proposal(NamedTuple):
    """Hold a proposed text that waits for its lead's word."""

    commitment: Commitment
    text: CommitmentRevision
    lead: Constituent


@dataclass(frozen=True, slots=True)
class Proposals:
    """Hold the proposed texts that wait longest, and how many there are."""

    items: Sequence[Proposal]
    total: int


def proposals(session: Session, actor: Actor, *, office: bool = False, limit: int = 5) -> Proposals:
    """Return the texts that wait for the actor's own word; for any lead's, if it is the office."""
    if office:
        require(actor, Permission.NOTE_REVIEW)
    rows = session.execute(
        select(Commitment, CommitmentRevision, Constituent, func.count().over())
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.open_id)
        .join(Constituent, Constituent.id == Commitment.lead_id)
        .where(
            CommitmentRevision.state == TextState.PROPOSED,
            *([] if office else [Commitment.lead_id.in_(actor.own(Permission.COMMITMENT_ACCEPT))]),
        )
        .options(joinedload(Constituent.country))
        .order_by(CommitmentRevision.proposed_at, CommitmentRevision.id)
        .limit(limit)
    ).all()
    return Proposals([Proposal(*row[:3]) for row in rows], rows[0][3] if rows else 0)


class Queue(NamedTuple):
    """Count what waits for review and what of it the actor took up; `oldest` waits longest."""

    waiting: int
    mine: int
    oldest: datetime | None


def queue_standing(session: Session, actor: Actor) -> Queue:
    """Return how the queue of the secretariat stands."""
    mine = case((NoteRevision.reviewer_id == actor.user_id, 1), else_=0)
    waiting, own, oldest = session.execute(
        select(func.count(), func.sum(mine), func.min(NoteRevision.submitted_at))
        .join(Note, Note.open_id == NoteRevision.id)
        .where(NoteRevision.state.in_(QUEUED_STATES))
    ).one()
    return Queue(waiting, own or 0, oldest)


def supported_by(actor: Actor) -> ColumnElement[bool]:
    """Return the clause on `CommitmentRevision` for texts that the actor's bodies support."""
    own = [seat.constituent_id for seat in actor.seats]
    return CommitmentRevision.id.in_(
        select(revision_supporter.c.revision_id).where(revision_supporter.c.constituent_id.in_(own))
    )


def organisations_of(session: Session, actor: Actor) -> Sequence[Constituent]:
    """Return the actor's own organisations."""
    own = [seat.constituent_id for seat in actor.seats]
    return session.scalars(
        select(Constituent).where(Constituent.id.in_(own)).order_by(Constituent.id)
    ).all()


class Accounts(NamedTuple):
    """Count invitations that are open, or have run out, and people who have not come for long."""

    invited: int
    expired: int
    idle: int


def accounts(session: Session, now: datetime, since: datetime) -> Accounts:
    """Return how accounts stand; who signed in last before `since`, or never, is idle."""
    open_link = exists().where(
        OneTimeLink.user_id == User.id,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )
    seen = exists().where(SignInSession.user_id == User.id, SignInSession.seen_at >= since)
    invited = User.state == AccountState.INVITED
    row = session.execute(
        select(
            func.sum(case((and_(invited, open_link), 1), else_=0)),
            func.sum(case((and_(invited, ~open_link), 1), else_=0)),
            func.sum(
                case(
                    (and_(User.state == AccountState.ACTIVE, User.created_at < since, ~seen), 1),
                    else_=0,
                )
            ),
        )
    ).one()
    return Accounts(*(value or 0 for value in row))
