"""Write documents: begin, save, discard, revise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.core import files
from policytrack.core.errors import InvalidInput, NotPermitted, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission
from policytrack.core.review import Action, State
from policytrack.library import description as descriptions
from policytrack.library import policy, queries, rules
from policytrack.library.description import Attachment, Description
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.service.keeping import have_read, record
from policytrack.library.service.stepping import in_force, move_on, under_way


def start(
    session: Session,
    *,
    actor: Actor,
    organisation: Constituent | None,
    given: Description,
    attachments: Sequence[Attachment] = (),
    source_key: str | None = None,
    now: datetime,
) -> LibraryDocument:
    """Begin a document with its first draft.

    Without an organisation it is the secretariat's. Raises `NotPermitted` for an organisation that
    the actor does not write for, `InvalidInput` for what no draft may hold.
    """
    own = organisation is not None and organisation.id in actor.own(Permission.LIBRARY_WRITE)
    if not (own or policy.writes_on_behalf(actor)):
        raise NotPermitted()
    document = LibraryDocument(
        constituent_id=organisation.id if organisation else None,
        source_key=source_key,
        created_at=now,
        demonstration=organisation.demonstration if organisation else False,
    )
    session.add(document)
    session.flush()
    revision = new_revision(
        session, document, author_id=actor.user_id, on_behalf=not own, number=1, now=now
    )
    _put(session, revision, given, attachments, now)
    record(session, actor, "document.start", document, now, details={"on_behalf": not own})
    return document


def new_revision(
    session: Session,
    document: LibraryDocument,
    *,
    author_id: int | None,
    on_behalf: bool,
    number: int,
    now: datetime,
) -> LibraryRevision:
    """Open an empty draft."""
    revision = LibraryRevision(
        document_id=document.id,
        number=number,
        state=State.DRAFT,
        version=0,
        on_behalf=on_behalf,
        author_id=author_id,
        created_at=now,
        saved_at=now,
    )
    session.add(revision)
    session.flush()
    document.open = revision
    session.flush()
    return revision


def _put(
    session: Session,
    revision: LibraryRevision,
    given: Description,
    attachments: Sequence[Attachment],
    now: datetime,
) -> list[str]:
    descriptions.check(given)
    changed = descriptions.put(session, revision, given, attachments)
    for each in attachments:
        have_read(session, each.file, now)
    revision.version += 1
    revision.saved_at = now
    return changed


def claimed(session: Session, *, actor: Actor, staged: Iterable[str]) -> list[Attachment]:
    """Take the person's own waiting uploads for a document; they wait no more from then on.

    Raises `InvalidInput` where one of them is gone, or another person's.
    """
    taken = [
        files.claim(session, user_id=actor.user_id or 0, public_id=each)
        for each in dict.fromkeys(staged)
    ]
    if None in taken:
        raise InvalidInput(
            _("Something needs to be put right"),
            {"files": _("A file that was waiting is no longer there; please choose it again.")},
        )
    return [
        Attachment(each.file, each.file_name, each.source_sha256 or each.file.sha256)
        for each in taken
        if each is not None
    ]


def save(
    session: Session,
    *,
    actor: Actor,
    document: LibraryDocument,
    given: Description,
    attachments: Sequence[Attachment] = (),
    seen: str,
    now: datetime,
) -> LibraryRevision:
    """Save a draft, or take a returned one further in a new one, and return that revision.

    `seen` is the stamp of the revision that the form was made from. Raises `StaleVersion` where
    another one is under way by now, `InvalidInput` for what no draft may hold.
    """
    queries.lock(session, document)
    revision = under_way(actor, document, Action.SAVE, now)
    step = rules.step(revision.state, Action.SAVE)
    if seen != revision.stamp:
        raise StaleVersion(_("Somebody saved this document after you opened it."))
    if step.new_revision:
        former, revision = revision, _next(session, actor, document, revision.on_behalf, now)
        descriptions.copy(session, former, revision)
        session.flush()
        # Its files have new addresses: what the form removed is named by the old ones.
        names = {
            old.public_id: new.public_id
            for old, new in zip(former.files, revision.files, strict=True)
        }
        given = replace(given, removed=frozenset(names.get(each, each) for each in given.removed))
    if revision.on_behalf and document.constituent_id in actor.own(Permission.LIBRARY_WRITE):
        # The organisation takes its own word over from those who began it on its behalf.
        revision.on_behalf = False
        revision.author_id = actor.user_id
    changed = _put(session, revision, given, attachments, now)
    record(session, actor, "document.save", document, now, fields=changed)
    return revision


def _next(
    session: Session, actor: Actor, document: LibraryDocument, on_behalf: bool, now: datetime
) -> LibraryRevision:
    return new_revision(
        session,
        document,
        author_id=actor.user_id,
        on_behalf=on_behalf,
        number=queries.last_number(session, document) + 1,
        now=now,
    )


def discard(session: Session, *, actor: Actor, document: LibraryDocument, now: datetime) -> None:
    """Throw a draft away: it leaves every list and stays in the trail."""
    revision = move_on(session, actor, document, Action.DISCARD, now)
    document.open = None
    record(session, actor, "document.discard", document, now, details={"number": revision.number})


def revise(
    session: Session, *, actor: Actor, document: LibraryDocument, now: datetime
) -> LibraryRevision:
    """Begin a new draft from the published revision, which stays in force meanwhile."""
    published = in_force(session, actor, document, Action.REVISE, now)
    if document.open is not None:
        raise StaleVersion(_("A new version of this document is under way already."))
    own = document.constituent_id in actor.own(Permission.LIBRARY_WRITE)
    revision = _next(session, actor, document, not own, now)
    descriptions.copy(session, published, revision)
    revision.version = 1
    record(session, actor, "document.revise", document, now, details={"number": revision.number})
    return revision
