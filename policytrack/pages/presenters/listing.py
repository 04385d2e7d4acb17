"""List commitments: rows, filters, and how many have each status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from policytrack.commitments.queries import Filters, Option, Row
from policytrack.commitments.rules import is_overdue
from policytrack.constituents.models import Constituent
from policytrack.constituents.presenters import group_words
from policytrack.constituents.words import full_name
from policytrack.core.i18n import collated, label, language, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.paging import Page
from policytrack.pages.queries import NO_INFORMATION, Claim
from policytrack.progress.presenters import STATUS_WORDS


@dataclass(frozen=True, slots=True)
class ListedCommitment:
    """Hold one row of the list."""

    row: Row
    url: str
    lead: str
    claim: Claim | None
    overdue: bool


def listed(page: Page[Row], claims: Mapping[int, Claim], today: date) -> list[ListedCommitment]:
    """Return rows with what their leads claim and whether their date has passed."""
    return [
        ListedCommitment(
            row=row,
            url=url_for("pages.commitment", address=row.address),
            lead=_lead(row),
            claim=claims.get(row.id),
            overdue=is_overdue(
                row.due_on, claims[row.id].status if row.id in claims else None, today
            ),
        )
        for row in page.items
    ]


def _lead(row: Row) -> str:
    name = label(row.lead)
    if row.lead_country is None:
        return name
    country = label(row.lead_country.labels)
    return _("%(organisation)s, %(country)s", organisation=name, country=country)


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold one value of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """Hold one filter of a list: a select with its choices, in groups where there are any."""

    name: str
    label: str
    groups: Sequence[tuple[str, Sequence[Choice]]]


def _option_label(option: Option) -> str:
    own = label(option.labels)
    return f"{own} – {label(option.end_labels)}" if option.end_labels else own


def _sorted(options: Sequence[Option]) -> list[Option]:
    return collated(options, [_option_label(option) for option in options], language().code)


def _flat(options: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, list[Choice]]]:
    return [("", [Choice(value, text, value == chosen) for value, text in options])]


def status_words() -> Mapping[str, str]:
    """Return the words for the statuses, in their order, no information last."""
    return {code or NO_INFORMATION: str(word) for code, word in STATUS_WORDS.items()}


def filters_of(
    options: Mapping[str, Sequence[Option]], given: Filters, status: str
) -> list[Filter]:
    """Return the filters of the commitments list, with only the values in use."""

    def of(name: str, text: str, *, collate: bool = True) -> Filter:
        found = options.get(name, ())
        pairs = [(o.value, _option_label(o)) for o in (_sorted(found) if collate else found)]
        return Filter(name, text, _flat(pairs, getattr(given, name)))

    areas = [option for option in options.get("theme", ()) if not option.parent]
    themes: list[tuple[str, Sequence[Choice]]] = []
    for area in areas:
        under = [option for option in options["theme"] if option.parent == area.value]
        whole = Choice(area.value, _("All of this area"), given.theme == area.value)
        parts = [Choice(o.value, label(o.labels), o.value == given.theme) for o in under]
        themes.append((label(area.labels), [whole, *parts]))
    gender = [
        ("3", _("Principal focus")),
        ("2", _("Significant")),
        ("1", _("Partial")),
        ("0", _("Not targeted")),
    ]
    return [
        Filter("status", _("Claimed by the lead"), _flat(list(status_words().items()), status)),
        Filter("theme", _("Theme"), themes),
        of("country", _("Country or territory")),
        of("corridor", _("Corridor")),
        Filter("group", _("Led by"), _flat(list(group_words().items()), given.group)),
        of("framework", _("Framework")),
        Filter("gender", _("Women migrant workers"), _flat(gender, given.gender)),
        of("provision", _("Provision"), collate=False),
        of("sector", _("Sector"), collate=False),
        of("target", _("Target group"), collate=False),
    ]


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold a filter that has no field of its own: an organisation whose page leads here."""

    name: str
    value: str
    label: str
    organisation: str


def kept_filters(given: Filters, bodies: Mapping[str, Constituent]) -> list[Kept]:
    """Return the organisations by which the list is narrowed; `bodies` are by public id."""
    asked = [("lead", given.lead, _("Lead")), ("supporter", given.supporter, _("Supported by"))]
    return [
        Kept(name, value, text, full_name(bodies[value]) if value in bodies else value)
        for name, value, text in asked
        if value
    ]


def found_sentence(total: int) -> str:
    """Return how many commitments a list holds."""
    return ngettext("%(count)s commitment", "%(count)s commitments", total, count=f"{total:,}")


@dataclass(frozen=True, slots=True)
class Share:
    """Hold how many commitments have a status, and the address that lists them."""

    status: str | None
    word: str
    count: int
    url: str


def shares(counts: Mapping[str | None, int], address: Callable[[str], str]) -> list[Share]:
    """Return the counts by status in their order; `address` lists those of one status."""
    return [
        Share(
            status=None if code == NO_INFORMATION else code,
            word=word,
            count=counts.get(None if code == NO_INFORMATION else code, 0),
            url=address(code),
        )
        for code, word in status_words().items()
    ]
