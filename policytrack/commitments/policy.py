"""Say who may see and do what with a commitment and its texts.

A commitment is public while a text of it is in force; so are the texts that were in force before.
A draft is read by the lead's own people, and at the secretariat where the secretariat wrote it; a
proposed or declined text by the lead's own people, the secretariat and administrators. A discarded
text is nobody's to read.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import (
    PERMISSIONS,
    PUBLIC_STATES,
    STEPS,
    TextAction,
    TextState,
)
from policytrack.core.errors import NotPermitted
from policytrack.core.permissions import Actor, Permission, Reach

_SHARED_STATES = (TextState.PROPOSED, TextState.DECLINED)


def _reads_proposals(actor: Actor) -> bool:
    return Reach.SUBMITTED in actor.reaches(Permission.DRAFT_READ)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the clause on `Commitment` that keeps what the actor may see."""
    text = aliased(CommitmentRevision)
    unpublished = or_(
        and_(
            Commitment.lead_id.in_(actor.own(Permission.DRAFT_READ)),
            text.state.in_((TextState.DRAFT, *_SHARED_STATES)),
        ),
        _office_reads(actor, text),
    )
    seen = select(text.id).where(text.commitment_id == Commitment.id, unpublished)
    return or_(Commitment.in_force_id.is_not(None), seen.exists())


def visible_revisions(actor: Actor) -> ColumnElement[bool]:
    """Return the clause on `CommitmentRevision` that keeps the texts the actor may see."""
    thing = aliased(Commitment)
    own = select(thing.id).where(thing.lead_id.in_(actor.own(Permission.DRAFT_READ)))
    return or_(
        CommitmentRevision.state.in_(PUBLIC_STATES),
        and_(
            CommitmentRevision.state.in_((TextState.DRAFT, *_SHARED_STATES)),
            CommitmentRevision.commitment_id.in_(own),
        ),
        _office_reads(actor, CommitmentRevision),
    )


def _office_reads(actor: Actor, text: type[CommitmentRevision]) -> ColumnElement[bool]:
    if not _reads_proposals(actor):
        return false()
    return or_(text.state.in_(_SHARED_STATES), and_(text.state == TextState.DRAFT, text.on_behalf))


def revision_visible(actor: Actor, commitment: Commitment, revision: CommitmentRevision) -> bool:
    """Tell whether the actor may see this text of a commitment."""
    state = TextState(revision.state)
    if state in PUBLIC_STATES:
        return True
    if state is TextState.DISCARDED:
        return False
    if commitment.lead_id in actor.own(Permission.DRAFT_READ):
        return True
    return _reads_proposals(actor) and (state is not TextState.DRAFT or revision.on_behalf)


def open_text(actor: Actor, commitment: Commitment) -> CommitmentRevision | None:
    """Return the open text where there is one that the actor may see."""
    revision = commitment.open
    return revision if revision and revision_visible(actor, commitment, revision) else None


def may_write(actor: Actor, commitment: Commitment) -> bool:
    """Tell whether the actor may draft and change texts of this commitment."""
    return actor.may_for(Permission.COMMITMENT_PROPOSE, commitment.lead_id)


def may_read_letters(actor: Actor, commitment: Commitment) -> bool:
    """Tell whether the actor may read the signed letters behind a commitment's texts."""
    return _reads_proposals(actor) or commitment.lead_id in actor.own(Permission.DRAFT_READ)


def require_letter(actor: Actor, commitment: Commitment) -> None:
    """Raise `NotPermitted` unless the actor may read the signed letters."""
    if not may_read_letters(actor, commitment):
        raise NotPermitted()


def may_translate_officially(actor: Actor, commitment: Commitment) -> bool:
    """Tell whether the actor's translations are the lead's own."""
    return actor.may_for(Permission.COMMITMENT_ACCEPT, commitment.lead_id)


def may_act(
    actor: Actor, commitment: Commitment, revision: CommitmentRevision, action: TextAction
) -> bool:
    """Tell whether the actor may do this to a text that it sees, whatever the text's state.

    The secretariat takes back only what it proposed itself.
    """
    if not actor.may_for(PERMISSIONS[action], commitment.lead_id):
        return False
    own = commitment.lead_id in actor.own(PERMISSIONS[action])
    return own or revision.on_behalf or action is not TextAction.WITHDRAW


def actions(actor: Actor, commitment: Commitment) -> tuple[TextAction, ...]:
    """Return what the actor may do now to the open text, in the order of the table."""
    revision = open_text(actor, commitment)
    if revision is None:
        return ()
    return tuple(
        action
        for state, action in STEPS
        if state == revision.state and may_act(actor, commitment, revision, action)
    )
