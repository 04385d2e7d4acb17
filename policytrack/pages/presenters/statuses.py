"""Show what the words for statuses mean, and what other systems call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.frameworks.models import StatusWord
from policytrack.pages.presenters.sources import WEAK, Source, source

SYSTEMS: Mapping[str, Any] = {
    "ogp": _l("Open Government Partnership"),
    "upr": _l("Universal Periodic Review"),
    "sdg": _l("SDG reports"),
}


@dataclass(frozen=True, slots=True)
class WordLine:
    """Hold a status or flag: what it means, which evidence it asks for, what others call it."""

    code: str
    kind: str
    definition: str
    definition_language: str
    evidence: str
    evidence_language: str
    others: Sequence[str]
    source: Source


def word_lines(found: Sequence[StatusWord]) -> list[WordLine]:
    """Return what each word means, in the order of the words."""
    return [
        WordLine(
            code=each.code,
            kind=each.kind,
            definition=label(each.definition),
            definition_language=label_language(each.definition),
            evidence=label(each.evidence),
            evidence_language=label_language(each.evidence),
            others=[each.equivalents.get(system, "") for system in SYSTEMS],
            source=source(each.source, each.confidence),
        )
        for each in found
        if each.confidence not in WEAK
    ]


@dataclass(frozen=True, slots=True)
class GenderLine:
    """Hold a level of the gender marker, and what it means."""

    level: int
    meaning: str


def gender_lines() -> list[GenderLine]:
    """Return the levels of the gender marker, the highest first."""
    return [
        GenderLine(3, _("The commitment is first of all about women who migrate for work.")),
        GenderLine(2, _("Women who migrate for work are an important aim among others.")),
        GenderLine(1, _("A part of the commitment is meant for women who migrate for work.")),
        GenderLine(0, _("The commitment does not single out women.")),
    ]
