"""Name what documents are about, and say their dates as exactly as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from policytrack.constituents.models import Constituent
from policytrack.constituents.words import full_name
from policytrack.core.i18n import (
    collated,
    format_date,
    format_month,
    label,
    label_language,
    language,
)
from policytrack.core.i18n import gettext as _
from policytrack.library import rules
from policytrack.library.models import LibraryRevision
from policytrack.library.rules import LegalStatus
from policytrack.library.words import LEGAL_STATUS_WORDS
from policytrack.places.models import Corridor, Country


@dataclass(frozen=True, slots=True)
class Named:
    """Hold a name and the language it is in; `url` leads to the thing, where it has a page."""

    name: str
    language: str
    url: str = ""


def named(labels: Mapping[str, str], url: str = "") -> Named:
    """Return a label in the reader's language, or the nearest."""
    return Named(label(labels), label_language(labels), url)


def organisation(body: Constituent | None) -> Named | None:
    """Return whose document it is, with its page; None where the secretariat collected it."""
    if body is None:
        return None
    url = url_for("pages.constituent", public_id=body.public_id)
    return Named(full_name(body), label_language(body.labels), url)


def countries(found: Iterable[Country]) -> list[Named]:
    """Return countries and territories with their pages, in the reader's order."""
    names = [named(each.labels, url_for("pages.country", iso2=each.iso2)) for each in found]
    return collated(names, [each.name for each in names], language().code)


def corridors(found: Iterable[Corridor]) -> list[tuple[str, str, str]]:
    """Return the names of both ends of corridors, and their pages."""
    return [
        (
            label(each.origin.labels),
            label(each.destination.labels),
            url_for("pages.corridor", code=each.code),
        )
        for each in found
    ]


def day(partial: str) -> str:
    """Return a date as exact as it is known: `2016`, `Dec 2016` or `9 Dec 2016`."""
    first = rules.first_day(partial)
    if first is None or len(partial) == 4:
        return partial
    return format_date(first) if len(partial) == 10 else format_month(first)


def last_day(partial: str) -> date | None:
    """Return the last day that a date can mean."""
    first = rules.first_day(partial)
    if first is None or len(partial) == 10:
        return first
    month = 12 if len(partial) == 4 else first.month
    following = date(first.year + month // 12, month % 12 + 1, 1) if first.year < 9999 else date.max
    return following - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold whether a text is in force, and the word for how it stands."""

    status: str
    word: str
    in_force: bool = False


def standing(revision: LibraryRevision, today: date) -> Standing | None:
    """Return whether a text is in force today, by its status and its dates.

    None for what can never be in force and says nothing of it.
    """
    status = revision.legal_status
    if not status:
        return Standing("", _("Not stated")) if revision.type in rules.LEGAL else None
    until = last_day(revision.in_force_until)
    since = rules.first_day(revision.in_force_from)
    if status == LegalStatus.IN_FORCE:
        if until is not None and until < today:
            return Standing(LegalStatus.EXPIRED, _("No longer in force"))
        if since is not None and since > today:
            return Standing(LegalStatus.ADOPTED, str(LEGAL_STATUS_WORDS[LegalStatus.ADOPTED]))
    return Standing(status, str(LEGAL_STATUS_WORDS[status]), status == LegalStatus.IN_FORCE)
