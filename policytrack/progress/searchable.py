"""Turn notes into search documents: the published text for all, the open one for a few.

A document holds the note's own words. Names of what it is about are not its text: they go in as
codes, some of which come from its commitment, so a change of that is a change of its notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.searchable import codes, in_order
from policytrack.constituents.models import Constituent
from policytrack.core import changes, clock
from policytrack.core.db import BEFORE_COMMIT
from policytrack.core.documents import (
    PUBLIC,
    SECRETARIAT,
    Passage,
    Result,
    SearchDocument,
    Version,
    own,
)
from policytrack.core.i18n import label, label_language
from policytrack.core.looking import says
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.core.translations import Offer, preferred
from policytrack.library import policy as library
from policytrack.progress import policy, queries
from policytrack.progress.models import Note, NoteRevision, NoteTranslation
from policytrack.progress.rules import PARTS

PUBLISHED, OPEN = "published", "open"

_IN_FORCE = joinedload(Note.commitment).joinedload(Commitment.in_force)
_TEXTS: tuple[ExecutableOption, ...] = tuple(
    joinedload(text).options(
        selectinload(NoteRevision.translations), selectinload(NoteRevision.evidence)
    )
    for text in (Note.published, Note.open)
)
_QUOTED: tuple[ExecutableOption, ...] = tuple(
    joinedload(text).options(queries.WITH_EVIDENCE) for text in (Note.published, Note.open)
)
_CODED: tuple[ExecutableOption, ...] = (
    joinedload(Note.constituent),
    joinedload(Note.corridor),
    joinedload(Note.theme),
    *(
        _IN_FORCE.selectinload(each)
        for each in (
            CommitmentRevision.provisions,
            CommitmentRevision.themes,
            CommitmentRevision.sectors,
            CommitmentRevision.target_groups,
            CommitmentRevision.countries,
            CommitmentRevision.corridors,
        )
    ),
)


class NoteSource:
    """Offer notes to the index."""

    kind = "note"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the ids of notes with a published text or an open one."""
        yield from session.scalars(
            select(Note.public_id)
            .where(or_(Note.published_id.is_not(None), Note.open_id.is_not(None)))
            .order_by(Note.id)
        )

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        """Return a public document for the published text, a restricted one for the open text."""
        notes = session.scalars(
            select(Note).where(Note.public_id.in_(public_ids)).options(*_TEXTS, *_QUOTED, *_CODED)
        )
        found = []
        for note in notes:
            if note.published is not None:
                found.append(_document(note, note.published, PUBLISHED, (PUBLIC,)))
            if note.open is not None:
                found.append(_document(note, note.open, OPEN, _readers(note, note.open)))
        return found

    def look(
        self, session: Session, words: Sequence[str], actor: Actor, most: int
    ) -> Sequence[str]:
        """Return the keys of texts with every word, or a translation that has them."""
        text, other = NoteRevision, NoteTranslation
        translated = select(other.revision_id).where(says(words, *_parts(other)))
        rows = session.execute(
            select(Note.public_id, text.id == Note.open_id)
            .join(text, text.id.in_((Note.published_id, Note.open_id)))
            .where(
                policy.visible_to(actor),
                policy.visible_revisions(actor),
                or_(says(words, *_parts(text)), text.id.in_(translated)),
            )
            .order_by(func.coalesce(text.published_at, text.saved_at).desc(), text.id.desc())
            .limit(most)
        )
        return [
            f"{self.kind}:{public_id}:{OPEN if is_open else PUBLISHED}"
            for public_id, is_open in rows
        ]

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        """Return what the actor may see of these documents, by key, read in sets."""
        wanted = {key for key in keys if key.startswith(f"{self.kind}:")}
        notes = session.scalars(
            select(Note)
            .where(
                Note.public_id.in_({key.split(":", 2)[1] for key in wanted}),
                policy.visible_to(actor),
            )
            .options(
                *_TEXTS,
                joinedload(Note.theme),
                joinedload(Note.constituent).joinedload(Constituent.country),
                _IN_FORCE.selectinload(CommitmentRevision.translations),
            )
        )
        found = {}
        for note in notes:
            for part, revision in ((PUBLISHED, note.published), (OPEN, note.open)):
                key = f"{self.kind}:{note.public_id}:{part}"
                if (
                    key in wanted
                    and revision is not None
                    and policy.revision_visible(actor, note, revision)
                ):
                    found[key] = _result(key, note, revision, language)
        return found


source = NoteSource()


def _parts(text: type[NoteRevision | NoteTranslation]) -> list[ColumnElement[str]]:
    return [getattr(text, part) for part in PARTS]


def _readers(note: Note, revision: NoteRevision) -> tuple[str, ...]:
    readers = [own(note.constituent_id)]
    if revision.submitted_at is not None or revision.on_behalf:
        readers.append(SECRETARIAT)
    return tuple(readers)


def _document(
    note: Note, revision: NoteRevision, part: str, access: tuple[str, ...]
) -> SearchDocument:
    passages = _passages(note, revision)
    languages = in_order(each.language for each in passages)
    return SearchDocument(
        kind=NoteSource.kind,
        public_id=note.public_id,
        part=part,
        access=access,
        passages=passages,
        codes={**_codes(note, revision), "language": languages},
        on=(revision.published_at or revision.saved_at).date(),
    )


def _passages(note: Note, revision: NoteRevision) -> tuple[Passage, ...]:
    texts = [(revision.texts, revision.language)]
    texts += [(each.texts, each.language) for each in revision.translations]
    found = [
        Passage(text, language)
        for parts, language in texts
        for text in parts.values()
        if text.strip()
    ]
    found += [
        Passage(each.title, revision.language) for each in revision.evidence if each.title.strip()
    ]
    found += _quotations(revision)
    if note.commitment is not None and note.commitment.code:
        found.insert(0, Passage(note.commitment.code, revision.language, "title"))
    return tuple(found)


def _quotations(revision: NoteRevision) -> Iterator[Passage]:
    """Yield what is quoted, where everybody may read it: a note's readers may not all of them."""
    now = clock.now()
    for each in revision.evidence:
        file = each.library_file
        if (
            file is not None
            and each.quote
            and library.revision_visible(ANONYMOUS, file.revision.document, file.revision, now)
        ):
            yield Passage(each.quote, each.quote_language or file.revision.language)


def _codes(note: Note, revision: NoteRevision) -> dict[str, tuple[str, ...]]:
    commitment = note.commitment
    return {
        **codes(
            commitment.in_force if commitment else None,
            country=note.country_iso2,
            corridor=note.corridor,
            theme=note.theme,
        ),
        "code": in_order([commitment.code if commitment else None]),
        "group": (note.constituent.group,),
        "status": in_order([revision.claimed_status]),
        "gender": _gender(commitment),
    }


def _gender(commitment: Commitment | None) -> tuple[str, ...]:
    """Return the gender marker of what a note reports on."""
    text = commitment.in_force if commitment else None
    return (str(text.gender_marker),) if text else ()


def _result(key: str, note: Note, revision: NoteRevision, language: str) -> Result:
    title, title_language = _title(note, language)
    offers = [Offer(each.language, each.kind, each) for each in revision.translations]
    offer = preferred(revision.language, offers, language)
    texts: list[NoteRevision | NoteTranslation] = [revision, *revision.translations]
    shown = offer.content if offer else revision
    return Result(
        key=key,
        kind=NoteSource.kind,
        title=title,
        title_language=title_language,
        text=_whole(shown),
        text_language=shown.language,
        endpoint="progress.show",
        values={"note_id": note.public_id},
        context=label(note.constituent.labels, language),
        on=(revision.published_at or revision.saved_at).date(),
        place=label(note.constituent.country.labels, language) if note.constituent.country else "",
        versions=[Version("", _whole(each), each.language) for each in texts if each is not shown],
    )


def _whole(text: NoteRevision | NoteTranslation) -> str:
    return "\n\n".join(part for part in text.texts.values() if part.strip())


def _title(note: Note, language: str) -> tuple[str, str]:
    text = note.commitment.in_force if note.commitment else None
    if text is None:
        labels = note.theme.labels if note.theme else {}
        return label(labels, language), label_language(labels, language)
    offers = [Offer(each.language, each.kind, each.title) for each in text.translations]
    offer = preferred(text.language, offers, language)
    return (offer.content, offer.language) if offer else (text.title, text.language)


def _follow_commitments(session: Session) -> None:
    """Note that the notes on a changed commitment have changed: they carry its codes."""
    ids = changes.pending(session, "commitment")
    if not ids:
        return
    for public_id in session.scalars(
        select(Note.public_id)
        .join(Note.commitment)
        .where(
            Commitment.public_id.in_(ids),
            or_(Note.published_id.is_not(None), Note.open_id.is_not(None)),
        )
    ).all():
        changes.append(session, NoteSource.kind, public_id)


def _follow_documents(session: Session) -> None:
    """Note that the notes that quote a changed document have changed: it says who reads them."""
    if ids := changes.pending(session, "document"):
        for public_id in queries.quoting(session, ids):
            changes.append(session, NoteSource.kind, public_id)


# Before the changes are numbered, which comes last.
BEFORE_COMMIT[:0] = [_follow_commitments, _follow_documents]
