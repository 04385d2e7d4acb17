"""Read notes: one with its history, and the sets that lists and pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from policytrack.accounts.models import AccountState, Office, User
from policytrack.commitments import queries as commitments
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    Indicator,
    revision_corridor,
    revision_country,
)
from policytrack.commitments.rules import PUBLIC_STATES
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.rules import TRIPARTITE, Group, group_order
from policytrack.core import ids, paging
from policytrack.core.errors import NotFound
from policytrack.core.permissions import Actor, Role, Seat
from policytrack.places.models import Corridor
from policytrack.progress import policy, rules
from policytrack.progress.models import (
    Decision,
    Evidence,
    LatestWord,
    Note,
    NoteRevision,
    Reading,
)
from policytrack.progress.rules import State
from policytrack.rounds import queries as rounds
from policytrack.rounds.models import Round
from policytrack.rounds.rules import RoundState

# What every page and row needs to name a note.
_NAMED: tuple[ExecutableOption, ...] = (
    joinedload(Note.round),
    joinedload(Note.constituent).joinedload(Constituent.country),
    joinedload(Note.country),
    joinedload(Note.theme),
    joinedload(Note.corridor).joinedload(Corridor.origin),
    joinedload(Note.corridor).joinedload(Corridor.destination),
    joinedload(Note.commitment)
    .joinedload(Commitment.in_force)
    .selectinload(CommitmentRevision.translations),
)
_WHOLE: tuple[ExecutableOption, ...] = (
    selectinload(NoteRevision.readings).joinedload(Reading.indicator),
    selectinload(NoteRevision.evidence).joinedload(Evidence.file),
    selectinload(NoteRevision.translations),
    selectinload(NoteRevision.decisions).joinedload(Decision.officer),
    joinedload(NoteRevision.author),
    joinedload(NoteRevision.reviewer),
)


# One note


def get(session: Session, actor: Actor, public_id: str) -> Note:
    """Return a note that the actor may see; raise `NotFound` for any other."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(Note)
            .where(Note.public_id == public_id, policy.visible_to(actor))
            .options(*_NAMED, joinedload(Note.published), joinedload(Note.open))
        )
    if found is None:
        raise NotFound()
    return found


def lock(session: Session, note: Note) -> None:
    """Hold a note's row until the commit, and read afresh what it and its revisions say."""
    session.execute(select(Note.id).where(Note.id == note.id).with_for_update())
    session.refresh(note)
    for revision in (note.open, note.published):
        if revision is not None:
            session.refresh(revision)


def history(session: Session, actor: Actor, note: Note) -> Sequence[NoteRevision]:
    """Return the revisions that the actor may read, newest first, each with all it holds."""
    found = session.scalars(
        select(NoteRevision)
        .where(NoteRevision.note_id == note.id, NoteRevision.state != State.DISCARDED)
        .order_by(NoteRevision.number.desc())
        .options(*_WHOLE)
    ).all()
    return [each for each in found if policy.revision_visible(actor, note, each)]


def evidence(session: Session, actor: Actor, public_id: str) -> Evidence:
    """Return a piece of evidence of a revision that the actor may read; raise `NotFound`."""
    found = None
    if ids.PATTERN.fullmatch(public_id):
        found = session.scalar(
            select(Evidence)
            .join(Evidence.revision)
            .join(NoteRevision.note)
            .where(Evidence.public_id == public_id, policy.visible_to(actor))
            .options(
                joinedload(Evidence.file),
                joinedload(Evidence.revision).joinedload(NoteRevision.note),
            )
        )
    if found is None or not policy.revision_visible(actor, found.revision.note, found.revision):
        raise NotFound()
    return found


def of_key(session: Session, key: str) -> Note | None:
    """Return the note of a key, whoever may see it: for the service, never for a page."""
    return session.scalar(select(Note).where(Note.key == key))


def last_number(session: Session, note: Note) -> int:
    """Return the number of a note's latest revision, 0 before the first."""
    found = select(func.max(NoteRevision.number)).where(NoteRevision.note_id == note.id)
    return session.scalar(found) or 0


def superseded(session: Session, note: Note) -> Sequence[NoteRevision]:
    """Return the revisions that were in force before the present one."""
    return session.scalars(
        select(NoteRevision).where(
            NoteRevision.note_id == note.id, NoteRevision.state == State.SUPERSEDED
        )
    ).all()


def until(session: Session, note: Note, now: datetime) -> datetime | None:
    """Return the moment up to which a note can be written and submitted, None when it is past."""
    returned_at = session.scalar(
        select(func.max(Decision.at))
        .join(Decision.revision)
        .where(NoteRevision.note_id == note.id, NoteRevision.state == State.RETURNED)
    )
    last = rules.last_moment(note.round.closes_at, returned_at)
    return last if now < last else None


def precedent(session: Session, note: Note) -> NoteRevision | None:
    """Return what the organisation last published on the same target in an earlier round."""
    return session.scalar(
        select(NoteRevision)
        .join(Note, Note.published_id == NoteRevision.id)
        .join(Note.round)
        .where(
            Note.constituent_id == note.constituent_id,
            Note.commitment_id.is_not_distinct_from(note.commitment_id),
            Note.corridor_id.is_not_distinct_from(note.corridor_id),
            Note.theme_code.is_not_distinct_from(note.theme_code),
            Note.country_iso2.is_not_distinct_from(note.country_iso2),
            Round.opens_on < note.round.opens_on,
        )
        .order_by(Round.opens_on.desc())
        .limit(1)
    )


def latest_published(
    session: Session, commitment_id: int, constituent_id: int
) -> NoteRevision | None:
    """Return an organisation's published revision of the latest round on a commitment."""
    return session.scalar(
        select(NoteRevision)
        .join(Note, Note.published_id == NoteRevision.id)
        .join(Note.round)
        .where(Note.commitment_id == commitment_id, Note.constituent_id == constituent_id)
        .order_by(Round.opens_on.desc(), NoteRevision.published_at.desc())
        .limit(1)
    )


# People


def officers(session: Session) -> Sequence[User]:
    """Return the people of the secretariat."""
    return session.scalars(
        select(User)
        .join(Office, Office.user_id == User.id)
        .where(Office.role == Role.SECRETARIAT, User.state == AccountState.ACTIVE)
        .order_by(User.id)
    ).all()


def people_of(session: Session, revision: NoteRevision) -> Sequence[User]:
    """Return who follows a revision: who wrote it, and its organisation's focal points."""
    seated = select(Membership.user_id).where(
        Membership.constituent_id == revision.note.constituent_id,
        Membership.role == Role.FOCAL_POINT,
        Membership.ended_at.is_(None),
    )
    return session.scalars(
        select(User)
        .where(
            User.state == AccountState.ACTIVE,
            or_(User.id.in_(seated), User.id == revision.author_id),
        )
        .order_by(User.id)
    ).all()


# What is due


@dataclass(frozen=True, slots=True)
class Owed:
    """Hold one commitment on which one organisation reports in a round.

    `state` is that of the note in the round: of its open revision, else `published`, else None.
    """

    commitment: Commitment
    constituent: Constituent
    status: str | None
    reversed: bool
    heard_at: datetime | None
    note_id: str | None
    state: State | None


def owed(
    session: Session, *, seats: Sequence[Seat], reporting_round: Round, page: int = 1
) -> paging.Page[Owed]:
    """Return what organisations owe in a round, in a fixed number of queries.

    What is still to be published comes first, and in it who was heard longest ago. `seats` are
    the actor's own: drafts show in it.
    """
    pairs = _answerable(seats)
    if pairs is None:
        return paging.Page(items=(), number=1, total=0)
    pair = pairs.subquery()
    total = session.scalar(select(func.count()).select_from(pair)) or 0
    number, offset = paging.offset(page, total)
    open_revision, word = (NoteRevision, LatestWord)
    rows = session.execute(
        select(Commitment, Constituent, word, Note, open_revision)
        .select_from(pair)
        .join(Commitment, Commitment.id == pair.c.commitment_id)
        .join(Constituent, Constituent.id == pair.c.constituent_id)
        .outerjoin(
            word,
            and_(
                word.commitment_id == pair.c.commitment_id,
                word.constituent_id == pair.c.constituent_id,
            ),
        )
        .outerjoin(
            Note,
            and_(
                Note.round_id == reporting_round.id,
                Note.commitment_id == pair.c.commitment_id,
                Note.constituent_id == pair.c.constituent_id,
                Note.country_iso2.is_not_distinct_from(Constituent.country_iso2),
            ),
        )
        .outerjoin(open_revision, open_revision.id == Note.open_id)
        .order_by(
            case((Note.published_id.is_not(None), 1), else_=0),
            case((word.heard_at.is_(None), 0), else_=1),
            word.heard_at,
            pair.c.commitment_id,
            pair.c.constituent_id,
        )
        .limit(paging.SIZE)
        .offset(offset)
        .options(
            joinedload(Commitment.in_force).selectinload(CommitmentRevision.translations),
            joinedload(word.revision),
        )
    ).all()
    return paging.Page(items=[_owed(*row) for row in rows], number=number, total=total)


def outstanding(session: Session, *, seats: Sequence[Seat], reporting_round: Round) -> int:
    """Return on how many commitments nothing is published yet in a round."""
    pairs = _answerable(seats)
    if pairs is None:
        return 0
    pair = pairs.subquery()
    published = select(Note.id).where(
        Note.round_id == reporting_round.id,
        Note.commitment_id == pair.c.commitment_id,
        Note.constituent_id == pair.c.constituent_id,
        Note.published_id.is_not(None),
    )
    counted = select(func.count()).select_from(pair).where(~published.exists())
    return session.scalar(counted) or 0


def _answerable(seats: Sequence[Seat]) -> Select[tuple[int, int]] | None:
    speaking = [seat for seat in seats if seat.group in TRIPARTITE]
    arms = [
        select(
            Commitment.id.label("commitment_id"),
            literal(seat.constituent_id).label("constituent_id"),
        ).where(commitments.answerable_by(seat))
        for seat in speaking
    ]
    if not arms:
        return None
    joined = union_all(*arms).subquery()
    return select(joined.c.commitment_id, joined.c.constituent_id)


def _owed(
    commitment: Commitment,
    constituent: Constituent,
    word: LatestWord | None,
    note: Note | None,
    under_way: NoteRevision | None,
) -> Owed:
    state = None
    if under_way is not None:
        state = State(under_way.state)
    elif note is not None and note.published_id is not None:
        state = State.PUBLISHED
    elif note is not None and note.retracted_at is not None:
        state = State.RETRACTED
    return Owed(
        commitment=commitment,
        constituent=constituent,
        status=word.status if word else None,
        reversed=word.revision.reversed if word else False,
        heard_at=word.heard_at if word else None,
        note_id=note.public_id if note and state else None,
        state=state,
    )


# What waits for a decision


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Hold what the queue is narrowed by."""

    state: str = ""
    group: str = ""
    mine: bool = False
    page: int = 1


def queue(session: Session, actor: Actor, filters: QueueFilters) -> paging.Page[NoteRevision]:
    """Return submitted revisions and those in review, oldest first, each with its note."""
    clauses = [
        NoteRevision.state.in_(rules.QUEUED_STATES),
        policy.visible_to(actor),
    ]
    if filters.state in rules.QUEUED_STATES:
        clauses.append(NoteRevision.state == filters.state)
    if filters.group in list(Group):
        clauses.append(Constituent.group == filters.group)
    if filters.mine:
        clauses.append(NoteRevision.reviewer_id == actor.user_id)
    chosen = (
        select(NoteRevision)
        .join(Note, Note.open_id == NoteRevision.id)
        .join(Constituent, Constituent.id == Note.constituent_id)
        .where(*clauses)
    )
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number, offset = paging.offset(filters.page, total)
    within = joinedload(NoteRevision.note)
    items = session.scalars(
        chosen.order_by(NoteRevision.submitted_at, NoteRevision.id)
        .limit(paging.SIZE)
        .offset(offset)
        .options(
            joinedload(NoteRevision.reviewer),
            within.joinedload(Note.round),
            within.joinedload(Note.constituent).joinedload(Constituent.country),
            within.joinedload(Note.country),
            within.joinedload(Note.theme),
            within.joinedload(Note.corridor).joinedload(Corridor.origin),
            within.joinedload(Note.corridor).joinedload(Corridor.destination),
            within.joinedload(Note.commitment)
            .joinedload(Commitment.in_force)
            .selectinload(CommitmentRevision.translations),
        )
    ).all()
    return paging.Page(items=items, number=number, total=total)


# What the public reads


@dataclass(frozen=True, slots=True)
class Voice:
    """Hold what one organisation last said of a commitment, or since when it is silent.

    `lapsed`: it did not answer in the last closed round. `asked`: when it was first asked.
    """

    constituent: Constituent
    revision: NoteRevision | None
    lapsed: bool
    since: datetime | None
    asked: datetime | None
    evidence_count: int = 0


def voices(
    session: Session, commitment: Commitment, now: datetime
) -> Mapping[Group, Sequence[Voice]]:
    """Return the voices of all concerned with a commitment, by group in their order.

    Whoever was published speaks here too, though no longer concerned. A group without any
    organisation has no voices: nobody was asked.
    """
    spoken = {
        word.constituent_id: word.revision
        for word in session.scalars(
            select(LatestWord)
            .where(LatestWord.commitment_id == commitment.id)
            .options(
                joinedload(LatestWord.revision).selectinload(NoteRevision.translations),
                joinedload(LatestWord.revision)
                .joinedload(NoteRevision.note)
                .options(
                    joinedload(Note.round),
                    joinedload(Note.constituent).joinedload(Constituent.country),
                ),
            )
        )
    }
    bodies = {
        body.id: body
        for body in commitments.concerned(session, commitment)
        if body.group != Group.OBSERVERS
    }
    bodies = {key: word.note.constituent for key, word in spoken.items()} | bodies
    counts = _evidence_counts(session, list(spoken.values()))
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
    asked = first.opens_at if first else None
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


def _evidence_counts(session: Session, revisions: Sequence[NoteRevision]) -> Mapping[int, int]:
    rows = session.execute(
        select(Evidence.revision_id, func.count())
        .where(Evidence.revision_id.in_([each.id for each in revisions]))
        .group_by(Evidence.revision_id)
    ).all()
    return {each[0]: each[1] for each in rows}


def _asked(
    session: Session, commitment: Commitment, now: datetime
) -> tuple[Round | None, Round | None]:
    """Return the first round that asked about a commitment, and the last that has closed."""
    in_force_at = session.scalar(
        select(func.min(CommitmentRevision.decided_at)).where(
            CommitmentRevision.commitment_id == commitment.id,
            CommitmentRevision.state.in_(PUBLIC_STATES),
        )
    )
    if in_force_at is None:
        return None, None
    asking = [each for each in rounds.every(session) if in_force_at <= each.opens_at <= now]
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


def published_for_country(session: Session, iso2: str, page: int = 1) -> paging.Page[Note]:
    """Return the notes that report on a country: by their own word, or by their commitment's."""
    named = select(revision_country.c.revision_id).where(revision_country.c.country_iso2 == iso2)
    ends = or_(Corridor.origin_iso2 == iso2, Corridor.destination_iso2 == iso2)
    crossing = (
        select(revision_corridor.c.revision_id)
        .join(Corridor, Corridor.id == revision_corridor.c.corridor_id)
        .where(ends)
    )
    return _published(
        session,
        or_(
            Note.country_iso2 == iso2,
            Note.corridor_id.in_(select(Corridor.id).where(ends)),
            Commitment.in_force_id.in_(named),
            Commitment.in_force_id.in_(crossing),
        ),
        page,
    )


def published_for_corridor(
    session: Session, corridor: Corridor, page: int = 1
) -> paging.Page[Note]:
    """Return the notes that report on a corridor: by their own word, or by their commitment's."""
    linked = select(revision_corridor.c.revision_id).where(
        revision_corridor.c.corridor_id == corridor.id
    )
    return _published(
        session, or_(Note.corridor_id == corridor.id, Commitment.in_force_id.in_(linked)), page
    )


def published_for_constituent(
    session: Session, constituent: Constituent, page: int = 1
) -> paging.Page[Note]:
    """Return an organisation's published notes."""
    return _published(session, Note.constituent_id == constituent.id, page)


def recent(session: Session, limit: int = 5) -> Sequence[Note]:
    """Return the notes published last."""
    return session.scalars(
        select(Note)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .order_by(NoteRevision.published_at.desc(), Note.id.desc())
        .limit(limit)
        .options(*_NAMED, joinedload(Note.published).selectinload(NoteRevision.translations))
    ).all()


def _published(session: Session, clause: object, page: int) -> paging.Page[Note]:
    chosen = (
        select(Note)
        .join(NoteRevision, NoteRevision.id == Note.published_id)
        .outerjoin(Commitment, Commitment.id == Note.commitment_id)
        .where(clause)  # type: ignore[arg-type]  # any clause on notes and their commitments
    )
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number, offset = paging.offset(page, total)
    items = session.scalars(
        chosen.order_by(NoteRevision.published_at.desc(), Note.id.desc())
        .limit(paging.SIZE)
        .offset(offset)
        .options(*_NAMED, joinedload(Note.published).selectinload(NoteRevision.translations))
    ).all()
    return paging.Page(items=items, number=number, total=total)


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
