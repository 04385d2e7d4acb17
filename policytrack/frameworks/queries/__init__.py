"""Read frameworks with their provisions, themes, instruments with ratifications, and terms."""

from policytrack.frameworks.queries.instruments import (
    RatifiedBy,
    every_ratification,
    instrument,
    instruments,
    instruments_under,
    ratifications,
    ratified,
)
from policytrack.frameworks.queries.provisions import (
    framework,
    frameworks,
    mapped,
    provision,
    provisions_under,
)
from policytrack.frameworks.queries.terms import (
    sector,
    sectors,
    status_words,
    target_group,
    target_groups,
)
from policytrack.frameworks.queries.themes import sub_themes, theme, themes, under

__all__ = [
    "RatifiedBy",
    "every_ratification",
    "framework",
    "frameworks",
    "instrument",
    "instruments",
    "instruments_under",
    "mapped",
    "provision",
    "provisions_under",
    "ratifications",
    "ratified",
    "sector",
    "sectors",
    "status_words",
    "sub_themes",
    "target_group",
    "target_groups",
    "theme",
    "themes",
    "under",
]
