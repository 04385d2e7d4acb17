"""Read programmes, what belongs to them, and the documents that they name."""

from policytrack.programmes.queries.choices import Reference, reference
from policytrack.programmes.queries.papers import Citing, Paper, citing, paper_at, papers
from policytrack.programmes.queries.whole import (
    for_target_group,
    in_sector,
    item,
    kept_by,
    lock,
    programme,
    programmes,
)

__all__ = [
    "Citing",
    "Paper",
    "Reference",
    "citing",
    "for_target_group",
    "in_sector",
    "item",
    "kept_by",
    "lock",
    "paper_at",
    "papers",
    "programme",
    "programmes",
    "reference",
]
