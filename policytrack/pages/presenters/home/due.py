"""Show what an organisation owes, what came back to it, and what waits for its word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from policytrack.constituents.words import full_name
from policytrack.core.i18n import format_date, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.paging import Page
from policytrack.core.text import excerpt, isolated
from policytrack.library.models import LibraryRevision
from policytrack.pages import rules
from policytrack.pages.presenters.home.documents import ReturnedDocument, returned_documents
from policytrack.pages.queries import Proposals, Returned
from policytrack.pages.rules import Urgency
from policytrack.progress.presenters import owed_rows, subject_of
from policytrack.progress.presenters.lists import OwedRow
from policytrack.progress.queries import OwedList
from policytrack.rounds.models import Round
from policytrack.rounds.rules import RoundState


def owed_heading(outstanding: int, closes_on: date) -> str:
    """Return the sentence that says how much is due, and by when."""
    if not outstanding:
        return _("Everything due in this round is published")
    return ngettext(
        "%(count)s commitment is due by %(date)s",
        "%(count)s commitments are due by %(date)s",
        outstanding,
        count=f"{outstanding:,}",
        date=format_date(closes_on),
    )


@dataclass(frozen=True, slots=True)
class Due:
    """Hold what the reader's organisations owe in the open round."""

    heading: str
    lede: str
    page: Page[OwedRow]
    several: bool
    outstanding: int
    days: int


def due(owed: OwedList, reporting_round: Round, *, several: bool, now: datetime) -> Due:
    """Return the list of what is due; `several`: rows say for which organisation."""
    page = owed.page
    rows = owed_rows(page.items)
    days = max((reporting_round.closes_at - now).days, 0)
    return Due(
        heading=owed_heading(owed.outstanding, reporting_round.closes_on),
        lede=ngettext(
            "Round %(round)s closes in %(num)d day.",
            "Round %(round)s closes in %(num)d days.",
            days,
            round=isolated(reporting_round.name),
        ),
        page=Page(items=rows, number=page.number, total=page.total, size=page.size),
        several=several,
        outstanding=owed.outstanding,
        days=days,
    )


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """Hold a note that came back: on what, why, and where to take it further."""

    title: str
    language: str
    url: str
    organisation: str
    round: str
    at: datetime | None
    reason: str
    reason_language: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """Hold a proposed text that waits for its lead's word."""

    title: str
    language: str
    url: str
    lead: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class DuePart:
    """Hold the part of the home page for whoever reports for an organisation."""

    kind = "due"
    heading: str
    lede: str
    due: Due | None
    returned: Sequence[ReturnedLine]
    documents: Sequence[ReturnedDocument]
    proposals: Sequence[ProposalLine]
    urgency: Urgency


def due_part(
    owed: Due | None,
    rounds: Sequence[Round],
    returned: Sequence[Returned],
    documents: Sequence[LibraryRevision],
    proposals: Proposals,
    now: datetime,
) -> DuePart:
    """Return what is due; between rounds it says when the next one opens."""
    heading, lede = (owed.heading, owed.lede) if owed else _between(rounds, now)
    return DuePart(
        heading=heading,
        lede=lede,
        due=owed,
        returned=[_returned(each) for each in returned],
        documents=returned_documents(documents),
        proposals=proposal_lines(proposals),
        urgency=max(
            rules.of_due(
                owed.outstanding if owed else 0,
                owed.days if owed else 0,
                len(returned) + len(documents),
            ),
            Urgency.HOLDS_UP if proposals.total else Urgency.NOTHING,
        ),
    )


def _between(rounds: Sequence[Round], now: datetime) -> tuple[str, str]:
    """Return what is said while no round is open; `rounds` begin with the latest."""
    coming = [each for each in rounds if each.state(now) is RoundState.COMING]
    closed = [each for each in rounds if each.state(now) is RoundState.CLOSED]
    if coming:
        lede = _(
            "Round %(round)s opens on %(date)s.",
            round=isolated(coming[-1].name),
            date=format_date(coming[-1].opens_on),
        )
    elif closed:
        lede = _(
            "Round %(round)s closed on %(date)s.",
            round=isolated(closed[0].name),
            date=format_date(closed[0].closes_on),
        )
    else:
        lede = _("The secretariat has not announced a round yet.")
    return _("No round is open now"), lede


def _returned(each: Returned) -> ReturnedLine:
    subject = subject_of(each.note)
    decision = next((found for found in reversed(each.text.decisions) if found.reason), None)
    return ReturnedLine(
        title=subject.name,
        language=subject.language,
        url=url_for("progress.edit", note_id=each.note.public_id),
        organisation=full_name(each.note.constituent),
        round=each.note.round.name,
        at=each.text.decided_at,
        reason=excerpt(decision.reason) if decision else "",
        reason_language=decision.language if decision else "",
    )


def proposal_lines(proposals: Proposals) -> list[ProposalLine]:
    """Return the texts that wait for a lead's word, as lists show them."""
    return [
        ProposalLine(
            title=each.text.title,
            language=each.text.language,
            url=url_for("commitments.compare", address=each.commitment.address),
            lead=full_name(each.lead),
            since=each.text.proposed_at,
        )
        for each in proposals.items
    ]
