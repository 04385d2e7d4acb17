"""Add translations to texts that are or were in force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.commitments import policy, queries, rules
from policytrack.commitments.models import Commitment, CommitmentTranslation
from policytrack.commitments.service.commands import TranslationCommand
from policytrack.commitments.service.keeping import lock, record
from policytrack.core.errors import InvalidInput, NotPermitted, RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.core.translations import Kind, same_language


def translate(
    session: Session,
    *,
    actor: Actor,
    commitment: Commitment,
    command: TranslationCommand,
    seen: str,
    now: datetime,
) -> CommitmentTranslation:
    """Add a translation of a text that is or was in force, or replace the one there.

    `seen` is the stamp of the translation that the form showed, empty for none. Raises
    `StaleVersion` where another stands there by now.
    """
    require(actor, Permission.COMMITMENT_PROPOSE, commitment.lead_id)
    lock(session, commitment)
    revision = queries.revision(session, actor, commitment, command.revision)
    if revision.state not in rules.PUBLIC_STATES:
        raise RuleViolation(_("A text is translated once it has been accepted."))
    if same_language(revision.language, command.language):
        raise InvalidInput(fields={"language": _("This is the language of the original.")})
    if command.kind == Kind.OFFICIAL and not policy.may_translate_officially(actor, commitment):
        raise NotPermitted(_("Only the lead's focal point adds an official translation."))
    present = next(
        (each for each in revision.translations if each.language == command.language), None
    )
    if (present.stamp if present else "") != seen:
        raise StaleVersion(_("Somebody saved this translation in the meantime."))
    if not rules.may_replace(present.kind if present else None, command.kind):
        raise RuleViolation(
            _("A better translation stands here already: an official one is not replaced.")
            if present and present.kind == Kind.OFFICIAL
            else _("A translation made by a person is not replaced by a machine's.")
        )
    translation = present or CommitmentTranslation(language=command.language)
    translation.kind = command.kind
    translation.title, translation.text = command.title, command.text
    translation.author_id, translation.created_at = actor.user_id, now
    if present is None:
        revision.translations.append(translation)
    session.flush()
    details = {"revision": revision.number, "language": command.language, "kind": command.kind}
    record(session, actor, commitment, "translate", now, details)
    return translation
