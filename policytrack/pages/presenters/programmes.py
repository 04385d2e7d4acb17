"""Show a programme: who pays and who acts, where and when, what it achieved and taught."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from policytrack.constituents.models import Constituent
from policytrack.core import languages
from policytrack.core.i18n import format_number, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.library.words import TYPE_WORDS
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
from policytrack.programmes.presenters import PaperLink, paper_link
from policytrack.programmes.queries import Paper
from policytrack.progress.rules import ShownSplit, Split, suppress
from policytrack.progress.words import CELL_WORDS

SIDES: Mapping[str, Any] = {
    "origin": _l("Countries and territories of origin"),
    "destination": _l("Countries and territories of destination"),
    "both": _l("On both sides"),
}


@dataclass(frozen=True, slots=True)
class ItemLine:
    """Hold an achievement, lesson or fact; `result` is by sex if `split`, small counts hidden.

    `original` names the language of the original where the text is a translation. It rests on a
    `paper`, or a `source`, or on nothing that the reader may see; `stated_by` says so.
    """

    text: str
    language: str
    original: str
    place: Term | None
    result: Sequence[tuple[str, str]]
    split: bool
    hidden: bool
    page: str
    source: Source | None
    paper: PaperLink | None
    stated_by: Term | None
    stated_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaperLine:
    """Hold a document of a programme; `answers` are those that respond to it."""

    title: str
    language: str
    kind: str
    when: str
    url: str
    demonstration: bool
    answers: Sequence[PaperLine]


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
    keepers: Sequence[Term]
    described_by: Term | None
    described_at: datetime | None
    papers: Sequence[PaperLine]


def named_documents(programme: Programme) -> set[int]:
    """Return the ids of the documents that a programme's page names."""
    linked = {each.document_id for each in programme.documents}
    return linked | {each.document_id for each in programme.items if each.document_id is not None}


def programme_page(programme: Programme, papers: Mapping[int, Paper]) -> ProgrammePage:
    """Return the page of a programme; of the documents it names those in `papers` are shown."""
    items = sure_items(programme)

    def of(kind: str) -> list[ItemLine]:
        return [_item(each, papers) for each in items if each.kind == kind]

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
        keepers=[body_term(each) for each in programme.keepers],
        described_by=body_term(programme.described_by) if programme.described_by else None,
        described_at=programme.described_at,
        papers=paper_lines(
            papers[each.document_id] for each in programme.documents if each.document_id in papers
        ),
    )


def body_term(body: Constituent) -> Term:
    """Return an organisation with its page."""
    return term(
        body.public_id, body.labels, url_for("pages.constituent", public_id=body.public_id)
    )  # fmt: skip


def sure_items(programme: Programme) -> list[ProgrammeItem]:
    """Return the achievements, lessons and facts of a programme, weakly sourced ones left out."""
    return [
        each for each in programme.items if each.confidence not in WEAK and not each.retired
    ]  # fmt: skip


def paper_lines(found: Iterable[Paper]) -> list[PaperLine]:
    """Return documents by their dates: evaluations first, each with what responds to it."""
    papers = sorted(
        found, key=lambda each: (not each.is_evaluation, each.issued, each.title, each.id)
    )
    answers = {
        each.id: [other for other in papers if each.id in other.answers] for each in papers
    }  # fmt: skip
    beneath = {other.id for others in answers.values() for other in others}
    return [_paper(each, answers) for each in papers if each.id not in beneath]


def _paper(each: Paper, answers: Mapping[int, Sequence[Paper]]) -> PaperLine:
    return PaperLine(
        title=each.title,
        language=each.language,
        kind=str(TYPE_WORDS.get(each.type, "")),
        when=partial_date(each.issued),
        url=url_for("library.show", public_id=each.public_id),
        demonstration=each.demonstration,
        answers=[_paper(other, {}) for other in answers.get(each.id, ())],
    )


def _item(each: ProgrammeItem, papers: Mapping[int, Paper]) -> ItemLine:
    paper = papers.get(each.document_id or 0)
    language = label_language(each.labels)
    # The labels of the data files are the editors' own in every language.
    translated = each.stated_at and language != each.language and each.language in each.labels
    result = shown(each)
    numbers = {"women": result.split.women, "men": result.split.men, "total": result.split.total}
    return ItemLine(
        text=label(each.labels),
        language=language,
        original=languages.name(each.language) if translated else "",
        place=country_terms([each.country])[0] if each.country else None,
        result=[
            (str(CELL_WORDS[cell]), format_number(number))
            for cell, number in numbers.items()
            if number is not None
        ],
        split=each.women is not None or each.men is not None,
        hidden=bool(result.suppressed),
        page=each.page,
        # What was withdrawn, or is not the reader's, is not named as a source.
        source=source(each.source, each.confidence) if each.document_id is None else None,
        paper=paper_link(paper, each.page) if paper else None,
        stated_by=body_term(each.stated_by) if each.stated_by else None,
        stated_at=each.stated_at,
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
