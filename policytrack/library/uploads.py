"""Keep what people upload for a document until its form is saved, so that no file is sent twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.datastructures import FileStorage

from policytrack.core import files
from policytrack.core.db import transaction
from policytrack.core.errors import DomainError
from policytrack.core.files.models import StagedFile
from policytrack.core.i18n import gettext as _


def receive(upload: FileStorage, user_id: int, now: datetime) -> str:
    """Examine one upload, let it wait and return its id; raise `DomainError` for a refused one.

    It is examined outside any transaction, since that can take a minute.
    """
    content = upload.stream.read()
    accepted = files.inspect(content, name=upload.filename or "", library=True)
    source_sha256 = hashlib.sha256(content).hexdigest()
    files.lay_down(accepted, source_sha256)
    with transaction() as session:
        return files.stage(
            session,
            user_id=user_id,
            accepted=accepted,
            name=accepted.name,
            now=now,
            source_sha256=source_sha256,
        ).public_id


def take(form: Any, given: Sequence[FileStorage], user_id: int, now: datetime) -> bool:
    """Let the files of a form wait, and name them in it; tell whether all were accepted.

    What is refused is said beside the field `files`; the others need not be sent again.
    """
    refused: list[str] = []
    for upload in given:
        if not upload.filename:
            continue
        try:
            staged = receive(upload, user_id, now)
            form.staged.data = [*(form.staged.data or ()), staged]
        except DomainError as problem:
            name = files.safe_name(upload.filename)
            refused.append(_("%(name)s: %(reason)s", name=name, reason=str(problem.message)))
    form.files.errors = [*form.files.errors, *refused]
    return not refused


def waiting(session: Session, public_ids: Iterable[str], user_id: int) -> Sequence[StagedFile]:
    """Return the person's own files among these that wait, in the order in which they came."""
    return session.scalars(
        select(StagedFile)
        .where(StagedFile.public_id.in_(set(public_ids)), StagedFile.user_id == user_id)
        .options(joinedload(StagedFile.file))
        .order_by(StagedFile.id)
    ).all()


def forget(public_id: str, user_id: int) -> None:
    """Let one of the person's own files wait no more; of any other nothing is said."""
    with transaction() as session:
        files.claim(session, user_id=user_id, public_id=public_id)
