"""Read what stands beside the commitments of a country or corridor: facts, papers, meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from policytrack.core import paging
from policytrack.core.confidence import WEAK
from policytrack.dialogues.models import Dialogue, dialogue_corridor, dialogue_country
from policytrack.frameworks.models import Instrument, Ratification
from policytrack.places.models import Agreement, Corridor
from policytrack.programmes import queries as programme_queries
from policytrack.programmes.models import Programme, ProgrammeCountry
from policytrack.progress.models import Evidence, Note, NoteRevision
from policytrack.progress.queries import NAMED

# What a page shows of papers before it leads on to more.
PAPERS = 10


def ratifications(session: Session, iso2: str) -> Sequence[Ratification]:
    """Return what is known of a country's ratifications, each with its instrument."""
    return session.scalars(
        select(Ratification)
        .join(Ratification.instrument)
        .where(Ratification.country_iso2 == iso2)
        .options(contains_eager(Ratification.instrument))
        .order_by(Instrument.position, Instrument.code)
    ).all()


def agreements(session: Session, codes: Sequence[str]) -> Sequence[Agreement]:
    """Return the agreements about corridors, the one signed last first, undated ones at the end."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.corridor_code.in_(codes))
        .options(
            joinedload(Agreement.corridor).joinedload(Corridor.origin),
            joinedload(Agreement.corridor).joinedload(Corridor.destination),
        )
        .order_by(Agreement.signed.desc(), Agreement.position, Agreement.code)
    ).all()


class Paper(NamedTuple):
    """Hold a piece of evidence with the text and the note that it was published with."""

    evidence: Evidence
    revision: NoteRevision
    note: Note


def documents(session: Session, about: ColumnElement[bool], page: int = 1) -> paging.Page[Paper]:
    """Return the evidence published with notes, the latest first; `about` picks the notes."""
    chosen = (
        select(Evidence.id)
        .join(NoteRevision, NoteRevision.id == Evidence.revision_id)
        .join(Note, Note.published_id == NoteRevision.id)
        # Documents of the library, of which there are quotations, have lists of their own.
        .where(about, Evidence.library_file_id.is_(None))
    )
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number, offset = paging.offset(page, total, PAPERS)
    order = (NoteRevision.published_at.desc(), Evidence.id)
    shown = chosen.order_by(*order).limit(PAPERS).offset(offset).subquery()
    rows = session.execute(
        select(Evidence, NoteRevision, Note)
        .join(shown, shown.c.id == Evidence.id)
        .join(NoteRevision, NoteRevision.id == Evidence.revision_id)
        .join(Note, Note.id == NoteRevision.note_id)
        .options(joinedload(Evidence.file), *NAMED)
        .order_by(*order)
    )
    items = [Paper(*row) for row in rows]
    return paging.Page(
        items=items,
        number=number,
        total=total,
        size=PAPERS,
        url=paging.part("documents"),
    )


def dialogues(
    session: Session, countries: Sequence[str] = (), corridors: Sequence[str] = ()
) -> Sequence[Dialogue]:
    """Return the meetings that name or are held in one of the places, the latest first."""
    named = select(dialogue_country.c.dialogue_id).where(
        dialogue_country.c.country_iso2.in_(countries)
    )
    about = select(dialogue_corridor.c.dialogue_id).where(
        dialogue_corridor.c.corridor_code.in_(corridors)
    )
    return session.scalars(
        select(Dialogue)
        .where(
            or_(Dialogue.host_iso2.in_(countries), Dialogue.id.in_(named), Dialogue.id.in_(about))
        )
        .options(joinedload(Dialogue.host))
        .order_by(Dialogue.starts.desc(), Dialogue.id)
    ).all()


def latest_dialogues(session: Session, limit: int) -> Sequence[Dialogue]:
    """Return the meetings that began last, or will."""
    return session.scalars(
        select(Dialogue)
        .where(Dialogue.confidence.not_in(WEAK))
        .options(joinedload(Dialogue.host))
        .order_by(Dialogue.starts.desc(), Dialogue.id)
        .limit(limit)
    ).all()


def coming_dialogues(session: Session, today: date, limit: int) -> Sequence[Dialogue]:
    """Return the meetings that are still to come, the next one first."""
    return session.scalars(
        select(Dialogue)
        # Where only the month is known, it is that month.
        .where(Dialogue.confidence.not_in(WEAK), Dialogue.starts >= today.isoformat()[:7])
        .options(joinedload(Dialogue.host))
        .order_by(Dialogue.starts, Dialogue.id)
        .limit(limit)
    ).all()


def programmes(session: Session, *ends: str) -> Sequence[Programme]:
    """Return the programmes that work in a country; given several, in all of them."""
    clauses = [
        Programme.code.in_(
            select(ProgrammeCountry.programme_code).where(ProgrammeCountry.country_iso2 == iso2)
        )
        for iso2 in ends
    ]
    return programme_queries.programmes(session, *clauses)
