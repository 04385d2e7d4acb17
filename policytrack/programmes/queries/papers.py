"""Read the documents of the library that programmes name, as far as somebody may read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import RowMapping, null, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from policytrack.core.confidence import WEAK
from policytrack.core.db import Labels
from policytrack.core.permissions import Actor
from policytrack.library import policy as library_policy
from policytrack.library.models import FileText, LibraryDocument, LibraryRevision
from policytrack.library.rules import Relation, Type
from policytrack.programmes.models import Programme, ProgrammeDocument, ProgrammeItem


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold what is to be said of a document that somebody may read.

    `pages` is how many its first file has, 0 where that is not known or no text may be handed out.
    `answers` are the ids of the documents that it responds to.
    """

    id: int
    public_id: str
    type: str
    title: str
    language: str
    issued: str
    issued_on: date | None
    pages: int
    answers: frozenset[int]
    demonstration: bool

    @property
    def is_evaluation(self) -> bool:
        """Tell whether it is an evaluation report."""
        return self.type == Type.EVALUATION


def papers(
    session: Session, actor: Actor, document_ids: Collection[int], now: datetime
) -> Mapping[int, Paper]:
    """Return the published documents among these that the actor may read, by their ids.

    Four queries, whatever their number; none where none is asked for.
    """
    if not document_ids:
        return {}
    found = session.scalars(
        select(LibraryDocument)
        .where(LibraryDocument.id.in_(document_ids), library_policy.readable_by(actor, now))
        .options(
            joinedload(LibraryDocument.published).options(
                selectinload(LibraryRevision.files), selectinload(LibraryRevision.relations)
            )
        )
    ).all()
    texts = [(each, each.published) for each in found if each.published is not None]
    first = {text.id: text.files[0].file_id for _each, text in texts if text.files}
    counted = session.execute(
        select(FileText.file_id, FileText.pages).where(FileText.file_id.in_(first.values()))
    )
    pages: dict[int, int] = dict(counted.all())
    return {
        each.id: Paper(
            id=each.id,
            public_id=each.public_id,
            type=text.type,
            title=text.title,
            language=text.language,
            issued=text.issued,
            issued_on=text.issued_on,
            pages=pages.get(first.get(text.id, 0), 0)
            if library_policy.may_have_files(actor, each, text)
            else 0,
            answers=frozenset(
                tie.target_id for tie in text.relations if tie.kind == Relation.RESPONDS
            ),
            demonstration=each.demonstration,
        )
        for each, text in texts
    }


def paper_at(session: Session, actor: Actor, public_id: str, now: datetime) -> Paper | None:
    """Return the published document of that public id, if there is one that the actor may read."""
    found = session.scalar(select(LibraryDocument.id).where(LibraryDocument.public_id == public_id))
    return papers(session, actor, [found], now).get(found) if found is not None else None


@dataclass(frozen=True, slots=True)
class Citing:
    """Hold a programme that names a document: linked to it, or on which pages an item rests."""

    code: str
    labels: Labels
    demonstration: bool
    linked: bool
    pages: Sequence[str] = field(default=())


def citing(session: Session, _actor: Actor, document_id: int) -> Sequence[Citing]:
    """Return the programmes that name a document, in their order, in two queries.

    Programmes are public; whether the document may be read is for the caller to ask.
    """
    linked: set[str] = set()
    rests: dict[str, list[str]] = {}
    naming = select(ProgrammeDocument.programme_code, null().label("page")).where(
        ProgrammeDocument.document_id == document_id
    )
    quoting = select(ProgrammeItem.programme_code, ProgrammeItem.page).where(
        ProgrammeItem.document_id == document_id,
        ~ProgrammeItem.retired,
        ProgrammeItem.confidence.not_in(WEAK),
    )
    rows: Sequence[RowMapping] = session.execute(union_all(naming, quoting)).mappings().all()
    for row in sorted(rows, key=lambda row: (len(row["page"] or ""), row["page"] or "")):
        if row["page"] is None:
            linked.add(row["programme_code"])
        else:
            rests.setdefault(row["programme_code"], []).append(row["page"])
    if not linked and not rests:
        return []
    found = session.scalars(
        select(Programme)
        .where(Programme.code.in_({*linked, *rests}), Programme.confidence.not_in(WEAK))
        .order_by(Programme.position, Programme.code)
    )
    return [
        Citing(
            code=each.code,
            labels=each.labels,
            demonstration=each.demonstration,
            linked=each.code in linked,
            pages=tuple(dict.fromkeys(page for page in rests.get(each.code, ()) if page)),
        )
        for each in found
    ]
