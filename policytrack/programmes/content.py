"""Hold what is said of a programme and of its items, as forms take it and rows keep it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from policytrack.core.db import Labels
from policytrack.core.i18n import LANGUAGES
from policytrack.programmes.models import Programme, ProgrammeItem
from policytrack.programmes.rules import Side

# The field of a form for each side, in the order of the page.
SIDES = {"origins": Side.ORIGIN, "destinations": Side.DESTINATION, "both": Side.BOTH}


@dataclass(frozen=True, slots=True)
class Description:
    """Hold what is said of a programme as a whole; dates are as exact as they are known."""

    summary: Labels
    parent: Labels
    agencies: Sequence[str]
    partners: Sequence[str]
    funders: Sequence[str]
    starts: str
    ends: str
    origins: Sequence[str]
    destinations: Sequence[str]
    both: Sequence[str]
    themes: Sequence[str]
    sectors: Sequence[str]
    target_groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class ItemContent:
    """Hold an achievement, lesson or fact; `document` is the public id of its source, if it is one.

    `language` says which of the texts is the original.
    """

    kind: str
    language: str
    texts: Labels
    country: str
    women: int | None
    men: int | None
    total: int | None
    document: str
    source: str
    page: str


def description(programme: Programme) -> Description:
    """Return what a programme says now."""
    by_side = {
        name: sorted(link.country_iso2 for link in programme.countries if link.side == side)
        for name, side in SIDES.items()
    }
    return Description(
        summary=ordered(programme.summary),
        parent=ordered(programme.parent_initiative),
        agencies=tuple(programme.agencies),
        partners=tuple(programme.partners),
        funders=tuple(programme.funders),
        starts=programme.starts,
        ends=programme.ends,
        themes=sorted(each.code for each in programme.themes),
        sectors=sorted(each.code for each in programme.sectors),
        target_groups=sorted(each.code for each in programme.target_groups),
        **by_side,
    )


def item_content(item: ProgrammeItem) -> ItemContent:
    """Return what an item says now."""
    return ItemContent(
        kind=item.kind,
        language=item.language,
        texts=ordered(item.labels),
        country=item.country_iso2 or "",
        women=item.women,
        men=item.men,
        total=item.total,
        document=item.document.public_id if item.document else "",
        source=item.source,
        page=item.page,
    )


def ordered(labels: Labels) -> Labels:
    """Return the texts that there are, in the order of the site's languages."""
    return {code: labels[code] for code in LANGUAGES if labels.get(code)}


def stamp(content: Description | ItemContent) -> str:
    """Return a short sign of what is said: what a form carries, so that an older one is noticed."""
    text = json.dumps(asdict(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def changed(before: Any, after: Any) -> list[str]:
    """Return the names of the fields that differ."""
    return [
        each.name
        for each in fields(before)
        if getattr(before, each.name) != getattr(after, each.name)
    ]
