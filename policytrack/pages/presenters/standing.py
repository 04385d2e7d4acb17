"""Say in a sentence or two where commitments stand, and whose word is missing."""

from __future__ import annotations

from collections.abc import Sequence

from policytrack.constituents.rules import Group
from policytrack.core.i18n import format_date, format_number, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.pages.presenters.heard import GroupLine
from policytrack.pages.queries import Standing


def finding(standing: Standing, nothing: str, groups: Sequence[GroupLine] = ()) -> str:
    """Return how far commitments have come, how many are late, and who is silent.

    `nothing` is said where there are no commitments.
    """
    sentences = [_progress(standing) if standing.total else nothing]
    if standing.overdue:
        sentences.append(
            ngettext(
                "%(count)s is past its date.",
                "%(count)s are past their date.",
                standing.overdue,
                count=format_number(standing.overdue),
            )
        )
    sentences += [sentence for group in groups if (sentence := _missing(group))]
    return " ".join(sentences)


def _progress(standing: Standing) -> str:
    total, moved = format_number(standing.total), format_number(standing.moved)
    if not standing.moved:
        return ngettext(
            "The lead of %(total)s commitment claims no progress yet.",
            "The leads of %(total)s commitments claim no progress yet.",
            standing.total,
            total=total,
        )
    return ngettext(
        "Leads claim progress on %(moved)s of %(total)s commitment.",
        "Leads claim progress on %(moved)s of %(total)s commitments.",
        standing.total,
        moved=moved,
        total=total,
    )


def _missing(group: GroupLine) -> str:
    if group.state != "silent":
        return ""
    date = format_date(group.at)
    # Whole sentences, so that each language can order its own words.
    said = {
        Group.GOVERNMENTS: _("Governments are silent since %(date)s.", date=date),
        Group.EMPLOYERS: _("Employers are silent since %(date)s.", date=date),
        Group.WORKERS: _("Workers are silent since %(date)s.", date=date),
    }
    return said.get(Group(group.key), "")
