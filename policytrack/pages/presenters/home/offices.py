"""Show what waits for the secretariat, for administrators, and for observers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policytrack.administration.presenters.trail import TrailRow
from policytrack.administration.queries import IndexStanding, OutboxStanding
from policytrack.core.i18n import format_number, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.library.models import LibraryRevision
from policytrack.pages import rules
from policytrack.pages.presenters.home.documents import ReturnedDocument, returned_documents
from policytrack.pages.presenters.home.due import ProposalLine, proposal_lines
from policytrack.pages.presenters.home.whole import TurnoutTable
from policytrack.pages.presenters.listing import ListedCommitment
from policytrack.pages.presenters.meetings import DialogueLine, ProgrammeLine
from policytrack.pages.queries import Accounts, Proposals, Queue
from policytrack.pages.rules import Urgency
from policytrack.progress.models import NoteRevision
from policytrack.progress.presenters import queue_rows
from policytrack.progress.presenters.lists import QueueRow


@dataclass(frozen=True, slots=True)
class QueuePart:
    """Hold the part of the home page for the secretariat."""

    kind = "queue"
    heading: str
    waiting: int
    mine: int
    oldest: datetime | None
    rows: Sequence[QueueRow]
    turnout: TurnoutTable | None
    proposals: Sequence[ProposalLine]
    proposals_total: int
    documents: int
    redactions: int
    edits: int
    urgency: Urgency


def queue_part(
    standing: Queue,
    oldest: Sequence[NoteRevision],
    proposals: Proposals,
    turnout: TurnoutTable | None,
    *,
    documents: int,
    redactions: int,
    edits: int,
    now: datetime,
) -> QueuePart:
    """Return what waits for review, how the round goes, and what waits elsewhere."""
    waited = (now - standing.oldest).days if standing.oldest else 0
    return QueuePart(
        heading=ngettext(
            "%(count)s note waits for review",
            "%(count)s notes wait for review",
            standing.waiting,
            count=format_number(standing.waiting),
        )
        if standing.waiting
        else _("No note waits for review"),
        waiting=standing.waiting,
        mine=standing.mine,
        oldest=standing.oldest,
        rows=queue_rows(oldest),
        turnout=turnout,
        proposals=proposal_lines(proposals),
        proposals_total=proposals.total,
        documents=documents,
        redactions=redactions,
        edits=edits,
        urgency=rules.of_queue(standing.waiting, waited),
    )


@dataclass(frozen=True, slots=True)
class AdministrationPart:
    """Hold the part of the home page for administrators; `behind` is None without an index."""

    kind = "administration"
    heading: str
    accounts: Accounts
    failed: int
    waiting: int
    behind: int | None
    trail: Sequence[TrailRow]
    urgency: Urgency


def administration_part(
    accounts: Accounts,
    outbox: OutboxStanding,
    index: IndexStanding | None,
    trail: Sequence[TrailRow],
) -> AdministrationPart:
    """Return whether the site is well, and what people did last."""
    behind = index.behind if index else None
    urgency = rules.of_administration(outbox.failed, behind, accounts.invited + accounts.expired)
    headings: Mapping[Urgency, Any] = {
        Urgency.FAILED: _("Something needs an administrator"),
        Urgency.WAITS: _("The site is well; invitations are open"),
    }
    return AdministrationPart(
        heading=headings.get(urgency, _("The site is well")),
        accounts=accounts,
        failed=outbox.failed,
        waiting=outbox.waiting,
        behind=behind,
        trail=trail,
        urgency=urgency,
    )


@dataclass(frozen=True, slots=True)
class ObserverPart:
    """Hold the part of the home page for observers: what concerns them, where they contribute."""

    kind = "observer"
    heading: str
    organisations: Sequence[tuple[str, str]]
    commitments: Sequence[ListedCommitment]
    total: int
    dialogues: Sequence[DialogueLine]
    documents: Sequence[ReturnedDocument]
    programmes: Sequence[ProgrammeLine]
    urgency: Urgency


def observer_part(
    organisations: Sequence[tuple[str, str]],
    commitments: Sequence[ListedCommitment],
    total: int,
    dialogues: Sequence[DialogueLine],
    documents: Sequence[LibraryRevision],
    programmes: Sequence[ProgrammeLine],
) -> ObserverPart:
    """Return what concerns an observer's organisations: (name, address) pairs."""
    return ObserverPart(
        heading=ngettext(
            "Your organisation supports %(count)s commitment",
            "Your organisation supports %(count)s commitments",
            total,
            count=format_number(total),
        )
        if total
        else _("No commitment names your organisation yet"),
        organisations=organisations,
        commitments=commitments,
        total=total,
        dialogues=dialogues,
        documents=returned_documents(documents),
        programmes=programmes,
        urgency=rules.of_due(0, 0, len(documents)),
    )
