"""Read commitments: one by its address, the public list, and who is concerned with which."""

from policytrack.commitments.queries.classification import Classification, Tag, classification
from policytrack.commitments.queries.concern import answerable_by, concerned
from policytrack.commitments.queries.filters import Filters, Sort, parse
from policytrack.commitments.queries.lists import (
    OpenText,
    Row,
    beginnings,
    concerns_country,
    conditions,
    listing,
    names_corridor,
    open_texts,
    related,
)
from policytrack.commitments.queries.options import Option, options
from policytrack.commitments.queries.reference import Reference, possible_leads, reference
from policytrack.commitments.queries.single import (
    focal_points,
    get,
    indicators_in_use,
    revision,
    revisions,
)

__all__ = [
    "Classification",
    "Filters",
    "OpenText",
    "Option",
    "Reference",
    "Row",
    "Sort",
    "Tag",
    "answerable_by",
    "beginnings",
    "classification",
    "concerned",
    "concerns_country",
    "conditions",
    "focal_points",
    "get",
    "indicators_in_use",
    "listing",
    "names_corridor",
    "open_texts",
    "options",
    "parse",
    "possible_leads",
    "reference",
    "related",
    "revision",
    "revisions",
]
