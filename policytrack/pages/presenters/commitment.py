"""Show the page of a commitment in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.presenters import (
    Facts,
    RevisionView,
    Steps,
    TextView,
    facts,
    revision_views,
    steps,
    text_view,
)
from policytrack.commitments.queries import Classification
from policytrack.commitments.rules import is_overdue
from policytrack.constituents.rules import Group
from policytrack.constituents.words import full_name
from policytrack.core import clock
from policytrack.core.permissions import Actor, Permission
from policytrack.pages.queries import Claim
from policytrack.progress.queries import Voice
from policytrack.progress.rules import Status
from policytrack.rounds.models import Round


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """Hold what the page of a commitment in force shows, beside its voices."""

    address: str
    text: TextView
    facts: Facts
    steps: Steps
    revisions: Sequence[RevisionView]
    claim: Claim | None
    gender_marker: int
    due_on: date | None
    overdue: bool
    demonstration: bool
    public_id: str
    stalled: bool


# Without any dated activity for so long a commitment has stalled (see the words of status).
_STALLED_AFTER = timedelta(days=730)


def commitment_page(
    actor: Actor,
    commitment: Commitment,
    texts: Sequence[CommitmentRevision],
    classification: Classification,
    voices: Mapping[Group, Sequence[Voice]],
    *,
    wanted: str | None,
) -> CommitmentPage:
    """Return what the page shows of the text in force, in the reader's language or `wanted`."""
    text = next(each for each in texts if each.id == commitment.in_force_id)
    view = text_view(text, texts, wanted)
    claim = _lead_claim(commitment, voices)
    return CommitmentPage(
        address=commitment.address,
        text=view,
        facts=facts(commitment, text, classification),
        steps=steps(actor, commitment, view.title),
        revisions=revision_views(texts),
        claim=claim,
        gender_marker=text.gender_marker,
        due_on=text.due_on,
        overdue=is_overdue(text.due_on, claim.status if claim else None, clock.now().date()),
        demonstration=commitment.demonstration,
        public_id=commitment.public_id,
        stalled=_is_stalled(claim),
    )


def _is_stalled(claim: Claim | None) -> bool:
    """Tell whether a commitment does not move, by what its lead said last."""
    if claim is None or claim.status == Status.COMPLETE:
        return False
    return claim.reversed or clock.now() - claim.heard_at > _STALLED_AFTER


def _lead_claim(commitment: Commitment, voices: Mapping[Group, Sequence[Voice]]) -> Claim | None:
    for voice in (each for group in voices.values() for each in group):
        revision = voice.revision
        if voice.constituent.id == commitment.lead_id and revision and revision.published_at:
            return Claim(revision.claimed_status, revision.reversed, revision.published_at)
    return None


@dataclass(frozen=True, slots=True)
class Reporting:
    """Hold where one of the reader's organisations writes its note on this commitment."""

    organisation: str
    url: str


def reporting(
    actor: Actor,
    commitment: Commitment,
    reporting_round: Round | None,
    voices: Mapping[Group, Sequence[Voice]],
) -> list[Reporting]:
    """Return the organisations of the reader that are asked about this commitment now."""
    if reporting_round is None:
        return []
    own = actor.own(Permission.NOTE_WRITE)
    bodies = [voice.constituent for group in voices.values() for voice in group]
    return [
        Reporting(
            organisation=full_name(body),
            url=url_for(
                "progress.write", commitment=commitment.address, constituent=body.public_id
            ),
        )
        for body in bodies
        if body.id in own
    ]
