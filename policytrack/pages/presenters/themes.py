"""Show key areas with their sub-themes, and one theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policytrack.core.i18n import label, label_language
from policytrack.frameworks.models import Theme
from policytrack.pages.presenters.sources import Source, source
from policytrack.pages.presenters.terms import Term, theme_terms


@dataclass(frozen=True, slots=True)
class AreaLine:
    """Hold a key area with its sub-themes."""

    term: Term
    scope: str
    scope_language: str
    parts: Sequence[Term]


def areas(found: Sequence[Theme], counts: Mapping[str, int]) -> list[AreaLine]:
    """Return the key areas in their order; `counts` are of commitments, by theme."""
    return [
        AreaLine(
            term=theme_terms([area], counts)[0],
            scope=label(area.scope),
            scope_language=label_language(area.scope),
            parts=theme_terms([each for each in found if each.parent_code == area.code], counts),
        )
        for area in found
        if area.parent_code is None
    ]


@dataclass(frozen=True, slots=True)
class ThemePage:
    """Hold a theme: the area above it or the sub-themes below it, and what belongs to it."""

    term: Term
    area: Term | None
    scope: str
    scope_language: str
    parts: Sequence[Term]
    retired: bool
    source: Source


def theme_page(theme: Theme, parts: Sequence[Theme], counts: Mapping[str, int]) -> ThemePage:
    """Return what the page of a theme says of it."""
    return ThemePage(
        term=theme_terms([theme], counts)[0],
        area=theme_terms([theme.parent])[0] if theme.parent else None,
        scope=label(theme.scope),
        scope_language=label_language(theme.scope),
        parts=theme_terms(parts, counts),
        retired=theme.retired,
        source=source(theme.source, theme.confidence),
    )
