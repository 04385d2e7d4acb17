"""Hand documents in and decide on them: submit, withdraw, take up, return, publish, retract."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.accounts import queries as accounts
from policytrack.core.errors import InvalidInput, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Role
from policytrack.core.review import Action, State
from policytrack.library import queries, rules
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.service.keeping import (
    decide,
    put_in_force,
    record,
    write_to,
    write_to_people,
)
from policytrack.library.service.stepping import in_force, move_on, under_way


def submit(
    session: Session,
    *,
    actor: Actor,
    document: LibraryDocument,
    people_protected: bool,
    seen: str,
    now: datetime,
) -> None:
    """Hand a draft in to the secretariat.

    `seen` is the stamp of what was read. Raises `InvalidInput` with what is still missing, by
    field, `StaleVersion` where the draft is newer.
    """
    queries.lock(session, document)
    revision = under_way(actor, document, Action.SUBMIT, now)
    step = rules.step(revision.state, Action.SUBMIT)
    if seen != revision.stamp:
        raise StaleVersion(_("Somebody saved this document after you opened it."))
    if problems := lacking(revision, people_protected=people_protected):
        raise InvalidInput(_("Something needs to be put right"), dict(problems))
    revision.people_protected = True
    revision.submitted_at = now
    revision.state = step.to
    record(session, actor, "document.submit", document, now, details={"number": revision.number})
    officers = accounts.officers(session, Role.SECRETARIAT)
    write_to(session, actor, officers, document, revision, "document_submitted", now)


def lacking(revision: LibraryRevision, *, people_protected: bool) -> dict[str, object]:
    """Return what a revision lacks to be submitted, by field."""
    # Of a practice, some databases keep why it is good and no summary.
    words = revision.summary.strip() or revision.practice.get("why_good")
    has_content = bool(revision.files or revision.source_url or words)
    return dict(
        rules.missing(
            rules.Submission(
                title=revision.title,
                type=revision.type,
                language=revision.language,
                has_content=has_content,
                people_protected=people_protected,
            )
        )
    )


def withdraw(session: Session, *, actor: Actor, document: LibraryDocument, now: datetime) -> None:
    """Take a submitted document back before anybody has taken it up."""
    revision = move_on(session, actor, document, Action.WITHDRAW, now)
    revision.submitted_at = None
    revision.people_protected = False
    record(session, actor, "document.withdraw", document, now, details={"number": revision.number})


def take_up(session: Session, *, actor: Actor, document: LibraryDocument, now: datetime) -> None:
    """Become the one officer who decides on a submitted document.

    Raises `StaleVersion` where another officer was faster or it was withdrawn.
    """
    revision = move_on(session, actor, document, Action.TAKE_UP, now)
    revision.reviewer_id = actor.user_id
    decide(session, actor, revision, Action.TAKE_UP, now)
    record(session, actor, "document.take_up", document, now, details={"number": revision.number})


def return_(
    session: Session,
    *,
    actor: Actor,
    document: LibraryDocument,
    reason: str,
    language: str,
    now: datetime,
    internal_comment: str = "",
) -> None:
    """Send a document back with a reason that its authors read, and a comment that they do not."""
    _require_reason(reason, internal_comment)
    revision = move_on(session, actor, document, Action.RETURN, now)
    revision.decided_at = now
    decide(
        session,
        actor,
        revision,
        Action.RETURN,
        now,
        reason=reason,
        language=language,
        internal_comment=internal_comment,
    )
    record(session, actor, "document.return", document, now, details={"number": revision.number})
    write_to_people(session, actor, document, revision, "document_returned", now)


def publish(
    session: Session,
    *,
    actor: Actor,
    document: LibraryDocument,
    now: datetime,
    internal_comment: str = "",
) -> None:
    """Put a revision in force; it replaces the one that was."""
    queries.lock(session, document)
    revision = under_way(actor, document, Action.PUBLISH, now)
    rules.step(revision.state, Action.PUBLISH)
    if len(internal_comment) > rules.REASON_LENGTH:
        raise InvalidInput(fields={"internal_comment": _("Please shorten this.")})
    revision.decided_at = now
    decide(session, actor, revision, Action.PUBLISH, now, internal_comment=internal_comment)
    put_in_force(session, document, revision, now)
    record(session, actor, "document.publish", document, now, details={"number": revision.number})
    write_to_people(session, actor, document, revision, "document_published", now)


def retract(
    session: Session,
    *,
    actor: Actor,
    document: LibraryDocument,
    reason: str,
    language: str,
    now: datetime,
) -> None:
    """Take a published document out of sight; its page says when and why.

    What it replaced goes with it, since the reason may hold for that too.
    """
    _require_reason(reason)
    published = in_force(session, actor, document, Action.RETRACT, now)
    for revision in (published, *queries.superseded(session, document)):
        revision.state = State.RETRACTED
    embargoed = published.embargo_until is not None and published.embargo_until > now
    document.published = None
    document.retracted_at = now
    document.retraction_reason = reason
    document.retraction_language = language
    # Who never knew of it learns nothing of it now.
    document.retracted_for = "" if embargoed else published.visibility
    decide(session, actor, published, Action.RETRACT, now, reason=reason, language=language)
    record(session, actor, "document.retract", document, now, details={"number": published.number})
    write_to_people(session, actor, document, published, "document_retracted", now)


def _require_reason(reason: str, internal_comment: str = "") -> None:
    problems: dict[str, object] = {}
    if not reason.strip():
        problems["reason"] = _("Give the reason.")
    elif len(reason) > rules.REASON_LENGTH:
        problems["reason"] = _(
            "This is longer than %(max)d characters; please shorten it.", max=rules.REASON_LENGTH
        )
    if len(internal_comment) > rules.REASON_LENGTH:
        problems["internal_comment"] = _("Please shorten this.")
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)
