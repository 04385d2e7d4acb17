"""Look at a workbook that waits, carry it out once, or take it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core import errors, files
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.reporting.workbook import applying, reading
from policytrack.reporting.workbook.plans import Report
from policytrack.reporting.workbook.reading import Book

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hold a workbook that was sent and waits for a word."""

    public_id: str
    name: str
    book: Book


def accepted(data: bytes, name: str) -> files.Accepted:
    """Return an upload that can be a workbook; raise `errors.InvalidInput` with a sentence.

    Call it outside any transaction.
    """
    found = files.inspect(data, name=name)
    if found.media_type != _MEDIA_TYPE:
        raise errors.InvalidInput(
            _("This is no Excel workbook. Save it as .xlsx, best from the export, and send that.")
        )
    return found


def keep(session: Session, *, actor: Actor, upload: files.Accepted, now: datetime) -> str:
    """Keep an upload for seven days, so that nothing has to be sent twice; return its id."""
    require(actor, Permission.ADMINISTER)
    staged = files.stage(
        session, user_id=actor.user_id or 0, accepted=upload, name=upload.name, now=now
    )
    return staged.public_id


def waiting(session: Session, *, actor: Actor, public_id: str) -> Waiting:
    """Return the actor's own waiting workbook, read; raise `NotFound`, or `InvalidInput`.

    Call it outside any transaction: reading takes up to some seconds.
    """
    require(actor, Permission.ADMINISTER)
    staged = files.staged_by(session, user_id=actor.user_id or 0, public_id=public_id)
    if staged is None or staged.file.media_type != _MEDIA_TYPE:
        raise errors.NotFound(
            _("This workbook was brought in already, was taken away, or has waited for too long.")
        )
    try:
        with files.open_stored(session, staged.file) as content:
            data = content.read()
    except FileNotFoundError:
        raise errors.NotFound(_("This workbook is missing. Send it again.")) from None
    name = staged.file_name
    session.rollback()
    return Waiting(public_id, name, reading.read(data))


def carry_out(
    session: Session, *, actor: Actor, workbook: Waiting, seen: str, invite: bool, now: datetime
) -> Report:
    """Do what a waiting workbook says, which stops waiting; see `applying.apply`."""
    if not discard(session, actor=actor, public_id=workbook.public_id):
        raise errors.NotFound()
    return applying.apply(
        session, actor=actor, book=workbook.book, seen=seen, invite=invite, now=now
    )


def discard(session: Session, *, actor: Actor, public_id: str) -> bool:
    """Take a waiting workbook away; tell whether it was there."""
    require(actor, Permission.ADMINISTER)
    claimed = files.claim(session, user_id=actor.user_id or 0, public_id=public_id)
    session.flush()
    return claimed is not None
