"""Say which contributions an actor may read; who writes them, the programme's policy says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from policytrack.commitments.contributing.rules import Basis
from policytrack.commitments.models import Commitment, ProgrammeContribution
from policytrack.core.confidence import WEAK
from policytrack.core.permissions import Actor
from policytrack.library import policy as library_policy
from policytrack.library.models import LibraryDocument
from policytrack.programmes.models import Programme


def visible_to(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Return the clause that keeps what the actor may read.

    What is stated as evaluated is read by those who may read the evaluation; once that is withdrawn
    it is nobody's to read.
    """
    readable = select(LibraryDocument.id).where(library_policy.readable_by(actor, now))
    each = ProgrammeContribution
    return and_(
        ~each.retired,
        or_(each.basis == Basis.CLAIMED, each.document_id.in_(readable)),
        each.commitment_id.in_(select(Commitment.id).where(Commitment.in_force_id.is_not(None))),
        each.programme_code.in_(select(Programme.code).where(Programme.confidence.not_in(WEAK))),
    )
