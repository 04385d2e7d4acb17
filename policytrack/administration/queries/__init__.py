"""Read people, the trail and the health of the site."""

from policytrack.administration.queries.health import (
    IndexStanding,
    OutboxStanding,
    failed,
    index_standing,
    outbox_standing,
)
from policytrack.administration.queries.people import (
    PeopleFilters,
    counts_by_state,
    last_seen,
    people,
    peopled,
    person,
)
from policytrack.administration.queries.trail import (
    PAGE,
    Things,
    TrailFilters,
    each_lines,
    lines,
    lines_of,
    spoken_of,
    things,
)

__all__ = [
    "PAGE",
    "IndexStanding",
    "OutboxStanding",
    "PeopleFilters",
    "Things",
    "TrailFilters",
    "counts_by_state",
    "each_lines",
    "failed",
    "index_standing",
    "last_seen",
    "lines",
    "lines_of",
    "outbox_standing",
    "people",
    "peopled",
    "person",
    "spoken_of",
    "things",
]
