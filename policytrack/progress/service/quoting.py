"""Quote documents of the library in drafts of notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core.errors import InvalidInput, NotFound, RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.library import policy as library_policy
from policytrack.library import queries as library
from policytrack.library.models import LibraryFile, TextPage
from policytrack.library.passages import locate
from policytrack.progress import rules
from policytrack.progress.models import Evidence, Note, NoteRevision
from policytrack.progress.service.keeping import record
from policytrack.progress.service.writing import take_further


@dataclass(frozen=True, slots=True)
class QuoteCommand:
    """Say what is quoted: words of a page of a file, and near which place of it they stand."""

    document: str
    file: str
    page: int
    quote: str
    near: int = 0


def quotable(
    session: Session, actor: Actor, document: str, file: str, now: datetime
) -> LibraryFile:
    """Return a file of a document, both by public id, that the actor may quote from.

    Raises `NotFound` for what they may not read, `RuleViolation` for what is not in force.
    """
    found = library.file_of(session, actor, file, now)
    revision = found.revision
    if revision.document.public_id != document:
        raise NotFound()
    if not library_policy.may_have_files(actor, revision.document, revision):
        raise NotFound()
    if revision.id != revision.document.published_id:
        raise RuleViolation(
            _("This file is not in force: it was replaced, withdrawn, or is not published yet.")
        )
    return found


def quote(
    session: Session, *, actor: Actor, note: Note, command: QuoteCommand, now: datetime
) -> Evidence:
    """Put a quotation into the draft of a note; a returned note is taken further in a new one.

    What is kept is the page's own text, letter for letter. Raises `NotFound` for a document that
    the actor may not read, `InvalidInput` for words that do not stand on the page.
    """
    _former, revision = take_further(session, actor, note, now)
    file = quotable(session, actor, command.document, command.file, now)
    page = next(iter(library.text_pages(session, file, [command.page])), None)
    if page is None:
        raise NotFound()
    start, words = passage(page, command.quote, command.near)
    evidence = Evidence(
        library_file_id=file.id,
        quote=words,
        quote_language=library.tongue(file, page),
        page=page.number,
        quote_start=start,
        sha256=file.file.sha256,
    )
    _require_new(revision, evidence)
    revision.evidence.append(evidence)
    revision.version += 1
    revision.saved_at = now
    details: dict[str, object] = {"document": command.document, "page": page.number}
    record(session, actor, "note.save", note, now, fields=["evidence"], details=details)
    return evidence


def passage(page: TextPage, words: str, near: int = 0) -> tuple[int, str]:
    """Return where words stand on a page, and the page's own text there; raise `InvalidInput`."""
    problem: object = None
    span = locate(page.text, words[: 2 * rules.QUOTE_LENGTH], near)
    if len(words) > 2 * rules.QUOTE_LENGTH or (
        span is not None and span[1] - span[0] > rules.QUOTE_LENGTH
    ):
        problem = _(
            "A quotation has up to %(max)d characters; please choose fewer sentences.",
            max=rules.QUOTE_LENGTH,
        )
    elif span is None:
        problem = _(
            "These words do not stand on this page. A quotation is taken from it word by word."
        )
    if span is None or problem is not None:
        raise InvalidInput(_("Something needs to be put right"), {"quote": problem})
    return span[0], page.text[slice(*span)]


def _require_new(revision: NoteRevision, evidence: Evidence) -> None:
    quoted = [each for each in revision.evidence if each.library_file_id is not None]
    if any(
        (each.sha256, each.page, each.quote_start, each.quote)
        == (evidence.sha256, evidence.page, evidence.quote_start, evidence.quote)
        for each in quoted
    ):
        problem: object = _("The note quotes this passage already.")
    elif len(quoted) >= rules.QUOTATIONS:
        problem = _("A note carries up to %(max)d quotations.", max=rules.QUOTATIONS)
    else:
        return
    raise InvalidInput(_("Something needs to be put right"), {"quote": problem})
