"""Tell the library which notes cite its documents, and which commitments they are on."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import url_for
from sqlalchemy.orm import Session

from policytrack.constituents.words import full_name
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label_language
from policytrack.core.permissions import Actor
from policytrack.library.citers import MOST, Citing, Group, Passage, Source
from policytrack.library.models import LibraryDocument, LibraryFile
from policytrack.progress import presenters, queries
from policytrack.progress.models import Note

# As many passages are marked on the pages that one address shows.
_PASSAGES = 200


class NoteCiters(Source):
    """Offer published notes, which everybody reads, and through them their commitments."""

    def groups(
        self,
        session: Session,
        actor: Actor,  # noqa: ARG002 - what is published is everybody's
        document: LibraryDocument,
    ) -> Sequence[Group]:
        """Return what cites a document; no group where nothing does."""
        total, notes = queries.citing_notes(session, document, MOST)
        if not total:
            return []
        found = [
            Group(
                "notes",
                _("Progress notes that quote it"),
                total,
                [_note(note, pages) for note, pages in notes],
            )
        ]
        count, commitments = queries.citing_commitments(session, document, MOST)
        if count:
            named = [presenters.commitment_title(each) for each in commitments]
            found.append(
                Group(
                    "commitments",
                    _("Commitments, by the notes on them"),
                    count,
                    [
                        Citing(name.name, name.language, name.url, context=each.address)
                        for name, each in zip(named, commitments, strict=True)
                    ],
                )
            )
        return found

    def passages(
        self,
        session: Session,
        actor: Actor,  # noqa: ARG002 - what is published is everybody's
        file: LibraryFile,
        pages: Collection[int],
    ) -> Sequence[Passage]:
        """Return the passages on these pages of a file that published notes quote."""
        return [
            Passage(
                evidence.page or 0, evidence.quote_start or 0, evidence.quote or "", _note(note)
            )
            for evidence, note in queries.quoted_on(session, file, pages, _PASSAGES)
        ]


def _note(note: Note, pages: Sequence[int] = ()) -> Citing:
    subject = presenters.subject_of(note)
    return Citing(
        name=full_name(note.constituent),
        language=label_language(note.constituent.labels),
        url=url_for("progress.show", note_id=note.public_id),
        context=subject.name,
        context_language=subject.language,
        on=note.published.published_at if note.published else None,
        pages=tuple(pages),
        demonstration=note.demonstration,
    )


source = NoteCiters()
