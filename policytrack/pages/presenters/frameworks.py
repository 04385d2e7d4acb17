"""Show frameworks with their provisions, and how each provision's label came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.core.confidence import WEAK
from policytrack.core.i18n import format_date, label, label_language
from policytrack.core.i18n import lazy_gettext as _
from policytrack.frameworks.models import Framework, Provision
from policytrack.frameworks.words import WORDINGS
from policytrack.pages.presenters.sources import Source, source
from policytrack.pages.presenters.terms import Term, term, theme_terms

# What the word beside a label means.
_MEANINGS: Mapping[str, Any] = {
    "quoted": _("These are the words of the text itself."),
    "paraphrased": _(
        "This is a short label made for this site. It says what the text says, not in its words:"
        " do not quote it as the text."
    ),
    "editorial": _(
        "The text does not say this in so many words. The editors of this site read it so, and"
        " others may read it differently."
    ),
}


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """Hold a framework: who adopted it, when and where, and how many commitments answer to it."""

    term: Term
    adopted_by: str
    adopted_by_language: str
    adopted_on: str
    place: str
    provisions: int
    source: Source


def framework_line(framework: Framework, count: int) -> FrameworkLine:
    """Return what lists and the page of a framework say of it."""
    return FrameworkLine(
        term=framework_term(framework, count),
        adopted_by=label(framework.adopted_by),
        adopted_by_language=label_language(framework.adopted_by),
        adopted_on=format_date(framework.adopted_on),
        place=label(framework.place),
        provisions=sum(not each.retired for each in framework.provisions),
        source=source(framework.source, framework.confidence),
    )


@dataclass(frozen=True, slots=True)
class ProvisionLine:
    """Hold a provision in a list; `wording` says how its label came about, `weak` how surely."""

    term: Term
    framework: Term
    wording_code: str
    wording: str
    weak: bool
    themes: Sequence[Term]


def provision_lines(
    found: Sequence[Provision], counts: Mapping[int, int], *, with_themes: bool = False
) -> list[ProvisionLine]:
    """Return provisions as lists show them; `counts` are of commitments, by the provision's id."""
    return [
        ProvisionLine(
            term=_provision_term(each, counts.get(each.id, 0)),
            framework=framework_term(each.framework),
            wording_code=each.wording,
            wording=str(WORDINGS[each.wording]),
            weak=each.confidence in WEAK,
            themes=theme_terms(each.themes) if with_themes else (),
        )
        for each in found
    ]


def by_framework(lines: Sequence[ProvisionLine]) -> list[tuple[Term, list[ProvisionLine]]]:
    """Return provisions under their frameworks, both in the order given."""
    found: dict[str, tuple[Term, list[ProvisionLine]]] = {}
    for line in lines:
        found.setdefault(line.framework.code, (line.framework, []))[1].append(line)
    return list(found.values())


def _provision_term(each: Provision, count: int) -> Term:
    url = url_for("pages.provision", framework=each.framework_code, code=each.code)
    return term(each.code, each.labels, url, count)


def framework_term(framework: Framework, count: int = 0) -> Term:
    """Return a framework's name with its page."""
    url = url_for("pages.framework", code=framework.code)
    return term(framework.code, framework.labels, url, count)


@dataclass(frozen=True, slots=True)
class ProvisionPage:
    """Hold a provision with how it is sourced."""

    term: Term
    framework: Term
    wording_code: str
    wording: str
    meaning: str
    note: str
    note_language: str
    themes: Sequence[Term]
    retired: bool
    source: Source


def provision_page(provision: Provision) -> ProvisionPage:
    """Return what the page of a provision says of it."""
    return ProvisionPage(
        term=_provision_term(provision, 0),
        framework=framework_term(provision.framework),
        wording_code=provision.wording,
        wording=str(WORDINGS[provision.wording]),
        meaning=str(_MEANINGS[provision.wording]),
        note=label(provision.note),
        note_language=label_language(provision.note),
        themes=theme_terms(provision.themes),
        retired=provision.retired,
        source=source(provision.source, provision.confidence),
    )
