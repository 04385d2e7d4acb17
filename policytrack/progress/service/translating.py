"""Add translations to published notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core import languages
from policytrack.core.errors import InvalidInput, NotPermitted, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.core.translations import Kind
from policytrack.progress import policy, queries, rules
from policytrack.progress.models import Note, NoteRevision, NoteTranslation
from policytrack.progress.service.keeping import record


@dataclass(frozen=True, slots=True)
class TranslationCommand:
    """Hold a translation of one revision: `kind` is a `core.translations.Kind`."""

    language: str
    kind: str
    texts: Mapping[str, str]


def translate(
    session: Session, *, actor: Actor, note: Note, command: TranslationCommand, now: datetime
) -> NoteTranslation:
    """Add or replace a translation of the published text; the original prevails.

    Official ones come from the organisation's focal point or the secretariat; its contributors
    may add others.
    """
    queries.lock(session, note)
    revision = note.published
    if revision is None:
        raise StaleVersion(_("This note has moved on in the meantime; that step is closed."))
    if not policy.may_translate(actor, note, officially=command.kind == Kind.OFFICIAL):
        raise NotPermitted()
    _check_translation(revision, command)
    known = {each.language: each for each in revision.translations}
    translation = known.get(command.language)
    if translation is None:
        translation = NoteTranslation(language=command.language)
        revision.translations.append(translation)
    for part in rules.PARTS:
        setattr(translation, part, command.texts.get(part, ""))
    translation.kind = command.kind
    translation.author_id = actor.user_id
    translation.created_at = now
    session.flush()
    record(session, actor, "note.translate", note, now, details={"language": command.language})
    return translation


def _check_translation(revision: NoteRevision, command: TranslationCommand) -> None:
    problems: dict[str, object] = {}
    if command.language not in languages.CONTENT or command.language == revision.language:
        problems["language"] = _("Choose a language other than that of the text.")
    if command.kind not in list(Kind):
        problems["kind"] = _("Choose the kind of translation.")
    for part in rules.PARTS:
        text = command.texts.get(part, "")
        if len(text) > rules.PART_LENGTH:
            problems[part] = _(
                "This is longer than %(max)d characters; please shorten it.", max=rules.PART_LENGTH
            )
        elif bool(text.strip()) != bool(revision.texts[part].strip()):
            problems[part] = _("Translate each part that the text has, and no other.")
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)
