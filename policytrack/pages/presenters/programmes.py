"""Show a programme: who pays and who acts, where and when, what it achieved and taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for

from policytrack.core.i18n import format_number, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.pages.presenters.reference import partial_date
from policytrack.pages.presenters.sources import WEAK, Source, source
from policytrack.pages.presenters.terms import (
    Term,
    country_terms,
    sector_terms,
    target_group_terms,
    term,
    theme_terms,
)
from policytrack.programmes.models import Programme, ProgrammeItem
from policytrack.progress.rules import ShownSplit, Split, suppress
from policytrack.progress.words import CELL_WORDS

SIDES: Mapping[str, Any] = {
    "origin": _l("Countries and territories of origin"),
    "destination": _l("Countries and territories of destination"),
    "both": _l("On both sides"),
}


@dataclass(frozen=True, slots=True)
class ItemLine:
    """Hold an achievement, lesson or fact; `result` is by sex if `split`, small counts hidden."""

    text: str
    language: str
    place: Term | None
    result: Sequence[tuple[str, str]]
    split: bool
    hidden: bool
    page: str
    source: Source


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """Hold all that is known of a programme; weakly sourced items are left out."""

    term: Term
    demonstration: bool
    summary: str
    summary_language: str
    parent: str
    parent_language: str
    agencies: Sequence[str]
    partners: Sequence[str]
    funders: Sequence[str]
    begins: str
    ends: str
    places: Sequence[tuple[str, Sequence[Term]]]
    themes: Sequence[Term]
    sectors: Sequence[Term]
    target_groups: Sequence[Term]
    achievements: Sequence[ItemLine]
    lessons: Sequence[ItemLine]
    facts: Sequence[ItemLine]
    source: Source | None


def programme_page(programme: Programme) -> ProgrammePage:
    """Return the page of a programme."""
    items = sure_items(programme)

    def of(kind: str) -> list[ItemLine]:
        return [_item(each) for each in items if each.kind == kind]

    by_side = {
        side: [link.country for link in programme.countries if link.side == side] for side in SIDES
    }
    return ProgrammePage(
        term=term(
            programme.code, programme.labels, url_for("pages.programme", code=programme.code)
        ),
        demonstration=programme.demonstration,
        summary=label(programme.summary),
        summary_language=label_language(programme.summary),
        parent=label(programme.parent_initiative),
        parent_language=label_language(programme.parent_initiative),
        agencies=programme.agencies,
        partners=programme.partners,
        funders=programme.funders,
        begins=partial_date(programme.starts),
        ends=partial_date(programme.ends),
        places=[
            (str(SIDES[side]), country_terms(found)) for side, found in by_side.items() if found
        ],
        themes=theme_terms(programme.themes),
        sectors=sector_terms(programme.sectors),
        target_groups=target_group_terms(programme.target_groups),
        achievements=of("achievement"),
        lessons=of("lesson"),
        facts=of("fact"),
        source=None if programme.demonstration else source(programme.source, programme.confidence),
    )


def sure_items(programme: Programme) -> list[ProgrammeItem]:
    """Return the achievements, lessons and facts of a programme, weakly sourced ones left out."""
    return [each for each in programme.items if each.confidence not in WEAK]


def _item(each: ProgrammeItem) -> ItemLine:
    result = shown(each)
    numbers = {"women": result.split.women, "men": result.split.men, "total": result.split.total}
    return ItemLine(
        text=label(each.labels),
        language=label_language(each.labels),
        place=country_terms([each.country])[0] if each.country else None,
        result=[
            (str(CELL_WORDS[cell]), format_number(number))
            for cell, number in numbers.items()
            if number is not None
        ],
        split=each.women is not None or each.men is not None,
        hidden=bool(result.suppressed),
        page=each.page,
        source=source(each.source, each.confidence),
    )


def shown(each: ProgrammeItem) -> ShownSplit:
    """Return the result of an item as anybody may see it: small counts of people hidden."""
    women, men, total = (
        None if number is None else Decimal(number) for number in (each.women, each.men, each.total)
    )
    return suppress(Split(women=women, men=men, total=total))


def period(page: ProgrammePage) -> str:
    """Return from when to when a programme runs, as far as it is known."""
    if page.begins and page.ends:
        return _("%(first)s to %(last)s", first=page.begins, last=page.ends)
    if page.ends:
        return _("until %(date)s", date=page.ends)
    return _("since %(date)s", date=page.begins) if page.begins else ""
