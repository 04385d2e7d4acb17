"""Keep what people upload with a note until their form is saved, so that no file is sent twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from policytrack.core import files
from policytrack.core.db import transaction
from policytrack.core.errors import DomainError
from policytrack.core.files import Accepted
from policytrack.core.i18n import gettext as _
from policytrack.progress.forms import NoteForm


def take(form: NoteForm, given: Sequence[FileStorage], user_id: int, now: datetime) -> bool:
    """Stage the files of a form and name them in it; tell whether all were accepted.

    Each is examined outside any transaction. What is refused is said beside the field; the
    others wait for the form to be saved.
    """
    accepted: list[Accepted] = []
    refused: list[str] = []
    for upload in given:
        if not upload.filename:
            continue
        try:
            accepted.append(files.inspect(upload.stream.read(), name=upload.filename))
            files.lay_down(accepted[-1])
        except DomainError as problem:
            refused.append(_named(upload.filename, problem))
    for each in accepted:
        try:
            with transaction() as session:
                waiting = files.stage(
                    session, user_id=user_id, accepted=each, name=each.name, now=now
                )
                form.staged.data = [*(form.staged.data or ()), waiting.public_id]
        except DomainError as problem:
            refused.append(_named(each.name, problem))
    form.files.errors = [*form.files.errors, *refused]
    return not refused


def _named(name: str, problem: DomainError) -> str:
    return _("%(name)s: %(reason)s", name=files.safe_name(name), reason=str(problem.message))


def waiting(session: Session, form: NoteForm, user_id: int) -> list[tuple[str, str]]:
    """Return (public id, name) of the person's own files that wait for this form."""
    found = [
        files.staged_by(session, user_id=user_id, public_id=each) for each in form.staged.data or ()
    ]
    return [(each.public_id, each.file_name) for each in found if each is not None]
