"""Decide about reference data: what a cell may hold, what a load takes, what is in order."""

from policytrack.reference.rules.columns import (
    CODE,
    LANGUAGES,
    NAMES,
    RETIRED,
    YES,
    Column,
    Type,
)
from policytrack.reference.rules.merging import Outcome, merge
from policytrack.reference.rules.trees import cycle, deeper
from policytrack.reference.rules.values import (
    Unfit,
    canonical,
    folded,
    listed,
    missing_languages,
    parse,
    stored,
)

__all__ = [
    "CODE",
    "LANGUAGES",
    "NAMES",
    "RETIRED",
    "YES",
    "Column",
    "Outcome",
    "Type",
    "Unfit",
    "canonical",
    "cycle",
    "deeper",
    "folded",
    "listed",
    "merge",
    "missing_languages",
    "parse",
    "stored",
]
