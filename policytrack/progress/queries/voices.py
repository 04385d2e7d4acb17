"""Read what each organisation last said of a commitment, and its readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments import queries as commitments
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    Indicator,
)
from policytrack.commitments.rules import PUBLIC_STATES
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group, group_order
from policytrack.progress import rules
from policytrack.progress.models import (
    Evidence,
    LatestWord,
    Note,
    NoteRevision,
    Reading,
)
from policytrack.rounds.models import Round
from policytrack.rounds.rules import RoundState


@dataclass(frozen=True, slots=True)
class Voice:
    """Hold what one organisation last said of a commitment, or since when it is silent.

    `lapsed`: it did not answer in the last closed round. `asked`: when it was first asked.
    """

    constituent: Constituent
    revision: NoteRevision | None
    lapsed: bool
    since: date | None
    asked: date | None
    evidence_count: int = 0


def voices(
    session: Session, commitment: Commitment, now: datetime
) -> Mapping[Group, Sequence[Voice]]:
    """Return the voices of all concerned with a commitment, by group in their order.

    Whoever was published speaks here too, though no longer concerned. A group without any
    organisation has no voices: nobody was asked.
    """
    spoken, counts = _last_words(session, commitment)
    bodies = {
        body.id: body
        for body in commitments.concerned(session, commitment)
        if body.group != Group.OBSERVERS
    }
    bodies = {key: word.note.constituent for key, word in spoken.items()} | bodies
    first, last_closed = _asked(session, commitment, now)
    found: dict[Group, list[Voice]] = {group: [] for group in Group}
    for body in sorted(
        bodies.values(),
        key=lambda each: (group_order(each.group), each.country_iso2 or "", each.id),
    ):
        word = spoken.get(body.id)
        found[Group(body.group)].append(_voice(body, word, counts, first, last_closed))
    return found


def _voice(
    body: Constituent,
    word: NoteRevision | None,
    counts: Mapping[int, int],
    first: Round | None,
    last_closed: Round | None,
) -> Voice:
    asked = first.opens_on if first else None
    lapsed = rules.has_lapsed(
        word.note.round.opens_on if word else None, last_closed.opens_on if last_closed else None
    )
    heard = word.published_at if word else None
    return Voice(
        constituent=body,
        revision=word,
        lapsed=lapsed,
        since=rules.silent_since(heard, asked) if lapsed else None,
        asked=asked,
        evidence_count=counts.get(word.id, 0) if word else 0,
    )


def _last_words(
    session: Session, commitment: Commitment
) -> tuple[Mapping[int, NoteRevision], Mapping[int, int]]:
    """Return each organisation's last word, and how many pieces of evidence came with it."""
    pieces = (
        select(func.count()).where(Evidence.revision_id == LatestWord.revision_id).scalar_subquery()
    )
    rows = (
        session.execute(
            select(LatestWord, pieces)
            .where(LatestWord.commitment_id == commitment.id)
            .options(
                joinedload(LatestWord.revision).joinedload(NoteRevision.translations),
                joinedload(LatestWord.revision)
                .joinedload(NoteRevision.note)
                .options(
                    joinedload(Note.round),
                    joinedload(Note.constituent).joinedload(Constituent.country),
                ),
            )
        )
        .unique()
        .all()
    )
    return (
        {word.constituent_id: word.revision for word, _count in rows},
        {word.revision_id: count for word, count in rows},
    )


def _asked(
    session: Session, commitment: Commitment, now: datetime
) -> tuple[Round | None, Round | None]:
    """Return the first round that asked about a commitment, and the last that has closed."""
    accepted = (
        select(func.min(CommitmentRevision.decided_at))
        .where(
            CommitmentRevision.commitment_id == commitment.id,
            CommitmentRevision.state.in_(PUBLIC_STATES),
        )
        .scalar_subquery()
    )
    rows = session.execute(select(Round, accepted).order_by(Round.opens_on.desc())).all()
    asking = [each for each, since in rows if since is not None and since <= each.opens_at <= now]
    closed = [each for each in asking if each.state(now) is RoundState.CLOSED]
    return (asking[-1] if asking else None), (closed[0] if closed else None)


def timeline(session: Session, commitment: Commitment, limit: int = 100) -> Sequence[Note]:
    """Return the published notes on a commitment, the latest first, each with its revision."""
    return session.scalars(
        select(Note)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .where(Note.commitment_id == commitment.id)
        .order_by(NoteRevision.published_at.desc(), Note.id.desc())
        .limit(limit)
        .options(
            joinedload(Note.published),
            joinedload(Note.round),
            joinedload(Note.constituent).joinedload(Constituent.country),
        )
    ).all()


@dataclass(frozen=True, slots=True)
class Series:
    """Hold an organisation's published readings of one indicator, by date.

    The numbers are as reported: suppress them before they are shown (`presenters.shown`).
    """

    indicator: Indicator
    constituent: Constituent
    points: Sequence[tuple[date, rules.Split]]


def readings(session: Session, commitment: Commitment) -> Sequence[Series]:
    """Return the published readings of a commitment's indicators, one series per organisation.

    Where two rounds read the same day, the later one counts.
    """
    rows = session.execute(
        select(Reading, Note)
        .join(NoteRevision, NoteRevision.id == Reading.revision_id)
        .join(Note, Note.published_id == NoteRevision.id)
        .join(Note.round)
        .where(Note.commitment_id == commitment.id)
        .order_by(Round.opens_on, NoteRevision.published_at)
        .options(joinedload(Reading.indicator), joinedload(Note.constituent))
    ).all()
    found: dict[tuple[int, int], dict[date, rules.Split]] = {}
    named: dict[tuple[int, int], tuple[Indicator, Constituent]] = {}
    for reading, note in rows:
        key = (reading.indicator_id, note.constituent_id)
        named[key] = (reading.indicator, note.constituent)
        found.setdefault(key, {})[reading.on] = reading.split
    ordered = sorted(
        found, key=lambda key: (named[key][0].position, key[0], group_order(named[key][1].group))
    )
    return [Series(*named[key], points=sorted(found[key].items())) for key in ordered]
