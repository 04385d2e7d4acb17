"""Show what programmes contributed to commitments, and always whose word that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.commitments.contributing.rules import Basis
from policytrack.commitments.contributing.words import BASIS_WORDS
from policytrack.commitments.models import ProgrammeContribution
from policytrack.pages.presenters.programmes import body_term
from policytrack.pages.presenters.terms import Term, term
from policytrack.programmes.presenters import PaperLink, paper_link
from policytrack.programmes.queries import Paper
from policytrack.progress.presenters import commitment_title


@dataclass(frozen=True, slots=True)
class ContributionLine:
    """Hold a contribution; `about` leads to the other end: the commitment, or the programme.

    `stated_by` is None where the secretariat stated it.
    """

    about: Term
    basis: str
    word: str
    text: str
    language: str
    stated_by: Term | None
    stated_at: datetime
    paper: PaperLink | None
    demonstration: bool


def to_commitments(
    found: Iterable[ProgrammeContribution], papers: Mapping[int, Paper]
) -> list[ContributionLine]:
    """Return what a programme contributed, by commitment."""
    lines = []
    for each in found:
        title = commitment_title(each.commitment)
        about = Term(each.commitment.address, title.name, title.language, title.url)
        lines.append(_line(each, about, papers, invented=each.commitment.demonstration))
    return lines


def of_programmes(
    found: Iterable[ProgrammeContribution], papers: Mapping[int, Paper]
) -> list[ContributionLine]:
    """Return what programmes contributed to one commitment."""
    lines = []
    for each in found:
        programme = each.programme
        url = url_for("pages.programme", code=programme.code)
        about = term(programme.code, programme.labels, url)
        lines.append(_line(each, about, papers, invented=programme.demonstration))
    return lines


def _line(
    each: ProgrammeContribution, about: Term, papers: Mapping[int, Paper], *, invented: bool
) -> ContributionLine:
    paper = papers.get(each.document_id or 0)
    return ContributionLine(
        about=about,
        basis=each.basis,
        word=str(BASIS_WORDS[Basis(each.basis)]),
        text=each.text,
        language=each.language,
        stated_by=body_term(each.stated_by) if each.stated_by else None,
        stated_at=each.stated_at,
        paper=paper_link(paper, str(each.page or "")) if paper else None,
        demonstration=invented,
    )
