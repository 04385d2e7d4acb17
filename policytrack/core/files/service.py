"""Keep, read, stage and sweep files.

Who may read a file is decided by the row of the feature that names it (evidence, a letter), never
here and never by its hash.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from policytrack.core import db as database
from policytrack.core import errors, ids
from policytrack.core.db import Base
from policytrack.core.files import directory
from policytrack.core.files.inspection import Accepted
from policytrack.core.files.models import FileContent, RefusedFile, StagedFile, StoredFile
from policytrack.core.files.names import safe_name
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.requests import settings

STAGED_FOR = timedelta(days=7)
# One person's forms hold a handful of files; more waiting ones only fill the disk.
MAX_STAGED = 50
_FOLDER = "files"


def folder() -> Path:
    """Return the folder in which contents lie when they are kept in a directory."""
    return settings().instance / _FOLDER


def in_database() -> bool:
    """Tell whether contents are kept in the database, where several machines serve."""
    return settings().files == "database"


def require_welcome(session: Session, *hashes: str) -> None:
    """Raise `errors.RuleViolation` for a content, as handed in or as kept, that was redacted."""
    if session.scalar(select(RefusedFile.sha256).where(RefusedFile.sha256.in_(hashes)).limit(1)):
        raise errors.RuleViolation(
            _l("This file was redacted by the secretariat and is not taken again.")
        )


def lay_down(accepted: Accepted, source_sha256: str = "") -> None:
    """Put an upload's bytes on the disk before the transaction that will name them.

    The write lock then need not wait for the disk. Contents kept in the database are written by
    `store`. Raises `directory.StorageFull` when there is no room, `errors.RuleViolation` for what
    was redacted.
    """
    require_welcome(database.session(), accepted.sha256, source_sha256)
    if not in_database() and accepted.laid is None:
        directory.write(folder(), accepted.sha256, accepted.data)


def store(
    session: Session, accepted: Accepted, now: datetime, source_sha256: str = ""
) -> StoredFile:
    """Keep an upload and return its row, the same one for the same content.

    Raises `directory.StorageFull` when there is no room, `errors.RuleViolation` for what was
    redacted; nothing is then left of it.
    """
    return store_new(session, accepted, now, source_sha256)[0]


def store_new(
    session: Session, accepted: Accepted, now: datetime, source_sha256: str = ""
) -> tuple[StoredFile, bool]:
    """Do what `store` does, and say whether the row is new: no other row can name it then."""
    require_welcome(session, accepted.sha256, source_sha256)
    before = _locked(session, accepted.sha256)
    stored, new = (before, False) if before is not None else _added(session, accepted, now)
    if not in_database():
        if not directory.exists(folder(), accepted.sha256):
            if accepted.laid is not None:
                raise FileNotFoundError(f"the content {accepted.sha256} was taken away")
            directory.write(folder(), accepted.sha256, accepted.data)
    elif session.get(FileContent, accepted.sha256) is None:
        session.add(FileContent(sha256=accepted.sha256, data=accepted.data))
        session.flush()
    return stored, new


def _locked(session: Session, sha256: str) -> StoredFile | None:
    # Held until the commit, so that a sweep cannot take away what is about to be named.
    found = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256).with_for_update())
    if found is not None and found.redacted_at is not None:
        require_welcome(session, sha256)  # it was redacted while this waited for the row
    return found


def _added(session: Session, accepted: Accepted, now: datetime) -> tuple[StoredFile, bool]:
    stored = StoredFile(
        sha256=accepted.sha256,
        media_type=accepted.media_type,
        size=accepted.size,
        created_at=now,
    )
    if session.get_bind().dialect.name == "sqlite":  # nobody else writes at this moment
        session.add(stored)
        session.flush()
        return stored, True
    try:
        with session.begin_nested():
            session.add(stored)
    except IntegrityError:  # somebody handed in the same content at the same moment
        twin = _locked(session, accepted.sha256)
        if twin is None:
            raise
        return twin, False
    return stored, True


def open_stored(session: Session, stored: StoredFile) -> BinaryIO:
    """Open a content; raise `FileNotFoundError` when it is gone or cut short."""
    if in_database():
        data = session.scalar(select(FileContent.data).where(FileContent.sha256 == stored.sha256))
        file: BinaryIO = io.BytesIO(data or b"")
    else:
        file = directory.read(folder(), stored.sha256)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size != stored.size:
        file.close()
        raise FileNotFoundError(f"the content of file {stored.public_id} is missing or cut short")
    return file


@contextmanager
def descriptor(session: Session, stored: StoredFile) -> Iterator[int]:
    """Give a content as an open file of the system, to hand to another process.

    Raises `FileNotFoundError` when it is gone or cut short.
    """
    with open_stored(session, stored) as file:
        if not isinstance(file, io.BytesIO):
            yield file.fileno()
            return
        with os.fdopen(os.memfd_create("content", os.MFD_CLOEXEC), "w+b") as copied:
            copied.write(file.getbuffer())
            copied.flush()
            copied.seek(0)
            yield copied.fileno()


def stage(
    session: Session,
    *,
    user_id: int,
    accepted: Accepted,
    name: str,
    now: datetime,
    source_sha256: str = "",
) -> StagedFile:
    """Keep an upload for a form that is not saved yet; it waits seven days.

    `source_sha256` is the hash of what was handed in, before anything was taken out of it.
    Raises `errors.RuleViolation` when too many of the person's uploads are waiting already.
    """
    require_welcome(session, source_sha256)
    waiting = session.scalar(
        select(func.count()).select_from(StagedFile).where(StagedFile.user_id == user_id)
    )
    if (waiting or 0) >= MAX_STAGED:
        raise errors.RuleViolation(
            _l("Too many of your files are waiting for a form to be saved. Save your drafts first.")
        )
    staged = StagedFile(
        user_id=user_id,
        file=store(session, accepted, now),
        source_sha256=source_sha256,
        file_name=safe_name(name, accepted.kind),
        created_at=now,
    )
    session.add(staged)
    session.flush()
    return staged


def staged_by(session: Session, *, user_id: int, public_id: str) -> StagedFile | None:
    """Return a person's own waiting upload, to show it in the form again; None for any other."""
    if not ids.PATTERN.fullmatch(public_id):
        return None
    return session.scalar(
        select(StagedFile)
        .where(StagedFile.public_id == public_id, StagedFile.user_id == user_id)
        .options(joinedload(StagedFile.file))
    )


def claim(session: Session, *, user_id: int, public_id: str) -> StagedFile | None:
    """Take a person's own waiting upload for the form that is being saved; None for any other.

    It stops waiting with this transaction: name its `file` and `file_name` in a row of your own.
    """
    staged = staged_by(session, user_id=user_id, public_id=public_id)
    if staged is not None:
        session.delete(staged)
    return staged


def _is_named() -> ColumnElement[bool]:
    """Tell for a `StoredFile` whether any row names it, in whichever feature's table."""
    table = StoredFile.__table__
    named = [
        exists().where(key.parent == StoredFile.id)
        for other in Base.metadata.tables.values()
        for key in other.foreign_keys
        # What goes with a content, such as its text, does not keep it.
        if key.column.table is table and key.ondelete != "CASCADE"
    ]
    return or_(*named)


def sweep(session: Session, *, now: datetime) -> int:
    """Remove uploads whose form was never saved and contents that nothing names any more.

    Call it inside a transaction; only what is older than seven days goes. Returns how many
    contents went.
    """
    limit = now - STAGED_FOR
    session.execute(delete(StagedFile).where(StagedFile.created_at < limit))
    unnamed = session.scalars(
        select(StoredFile)
        .where(StoredFile.created_at < limit, ~_is_named())
        .with_for_update(skip_locked=True)
    ).all()
    for stored in unnamed:
        session.execute(delete(FileContent).where(FileContent.sha256 == stored.sha256))
        session.delete(stored)
    session.flush()
    # After the rows: should the commit fail, the row of a content that nobody names has no bytes,
    # which hurts nobody and is mended when the content is handed in again.
    for stored in unnamed:
        directory.remove(folder(), stored.sha256)
    return len(unnamed) + _sweep_folder(session)


def _sweep_folder(session: Session) -> int:
    age = STAGED_FOR.total_seconds()
    directory.drop_unfinished(folder(), older_than=age)
    known = set(session.scalars(select(StoredFile.sha256)))
    unnamed = [name for name in directory.leftovers(folder(), older_than=age) if name not in known]
    for sha256 in unnamed:
        directory.remove(folder(), sha256)
    return len(unnamed)


def withhold(
    session: Session, stored: StoredFile, *, sources: Iterable[str], now: datetime
) -> None:
    """Take a content away for good and refuse it from now on; call it inside a transaction.

    Its row stays and says when. `sources` are the hashes of what was handed in. Bytes in a
    directory go with `erase`, after the commit.
    """
    stored.redacted_at = now
    session.execute(delete(StagedFile).where(StagedFile.file_id == stored.id))
    session.execute(delete(FileContent).where(FileContent.sha256 == stored.sha256))
    refuse(session, {stored.sha256, *sources}, now=now)


def refuse(session: Session, hashes: Iterable[str], *, now: datetime) -> None:
    """Refuse contents from now on, as handed in or as kept."""
    for sha256 in sorted(set(hashes)):
        if session.get(RefusedFile, sha256) is None:
            session.add(RefusedFile(sha256=sha256, at=now))
    session.flush()


def erase(session: Session, sha256: str) -> None:
    """Remove the bytes of a redacted content from the directory; of any other they stay."""
    refused = select(RefusedFile.sha256).where(RefusedFile.sha256 == sha256)
    if session.scalar(refused) is not None:
        directory.remove(folder(), sha256)


def verify(session: Session) -> Iterator[str]:
    """Return a sentence for each content that is missing, damaged or belongs to nothing.

    Every byte is read. An upload that is being kept at this moment can appear as belonging to
    nothing.
    """
    known: set[str] = set()
    rows = session.execute(
        select(StoredFile.public_id, StoredFile.sha256, StoredFile.size)
        .where(StoredFile.redacted_at.is_(None))
        .order_by(StoredFile.id)
    ).all()
    for public_id, sha256, size in rows:
        known.add(sha256)
        problem = _problem(session, sha256, size)
        if problem:
            yield f"{public_id}: {problem}"
    yield from _orphans(session, known)


def _problem(session: Session, sha256: str, size: int) -> str:
    if not in_database():
        if not directory.exists(folder(), sha256):
            return _("the content is missing")
        return "" if directory.is_whole(folder(), sha256) else _("the content is damaged")
    data = session.scalar(select(FileContent.data).where(FileContent.sha256 == sha256))
    if data is None:
        return _("the content is missing")
    whole = len(data) == size and hashlib.sha256(data).hexdigest() == sha256
    return "" if whole else _("the content is damaged")


def _orphans(session: Session, known: set[str]) -> Iterator[str]:
    kept = (
        session.scalars(select(FileContent.sha256)) if in_database() else directory.names(folder())
    )
    for name in kept:
        if name not in known:
            yield _("%(name)s: no file of the database has this content", name=name)
