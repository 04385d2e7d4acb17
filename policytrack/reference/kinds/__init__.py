"""Declare every kind of reference data, those that others point to first."""

from __future__ import annotations

from collections.abc import Mapping

from policytrack.reference.kinds.actors import (
    CONSTITUENTS,
    DIALOGUES,
    PROGRAMME_ITEMS,
    PROGRAMMES,
)
from policytrack.reference.kinds.frameworks import (
    FRAMEWORKS,
    INSTRUMENTS,
    PROVISIONS,
    RATIFICATIONS,
    SECTORS,
    STATUS_WORDS,
    TARGET_GROUPS,
    THEMES,
)
from policytrack.reference.kinds.laws import LAW_CHOICES, LAW_COLUMNS, PRACTICE_TERMS
from policytrack.reference.kinds.places import (
    AGREEMENTS,
    CORRIDORS,
    COUNTRIES,
    DESIGNATIONS,
    REGIONS,
)
from policytrack.reference.kinds.spec import Kind

# Files that are read, but whose rows stay in the file.
IN_FILES_ONLY = frozenset({"clusters", "languages"})

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        REGIONS,
        COUNTRIES,
        DESIGNATIONS,
        CORRIDORS,
        AGREEMENTS,
        FRAMEWORKS,
        THEMES,
        PROVISIONS,
        SECTORS,
        TARGET_GROUPS,
        INSTRUMENTS,
        RATIFICATIONS,
        CONSTITUENTS,
        STATUS_WORDS,
        PROGRAMMES,
        PROGRAMME_ITEMS,
        DIALOGUES,
        LAW_COLUMNS,
        LAW_CHOICES,
        PRACTICE_TERMS,
    )
}

__all__ = ["COUNTRIES", "DESIGNATIONS", "IN_FILES_ONLY", "KINDS", "Kind"]
