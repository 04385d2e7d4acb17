"""Show what the reader's organisations owe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from policytrack.core.i18n import format_date, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.paging import Page
from policytrack.core.text import isolated
from policytrack.progress.presenters import owed_rows
from policytrack.progress.presenters.lists import OwedRow
from policytrack.progress.queries import OwedList
from policytrack.rounds.models import Round


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
    )
