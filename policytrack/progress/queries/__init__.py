"""Read notes: one with its history, and the sets that lists and pages show."""

from policytrack.progress.queries.due import Owed, OwedList, owed
from policytrack.progress.queries.people import officers, people_of
from policytrack.progress.queries.published import (
    published_for_corridor,
    published_for_country,
    recent,
)
from policytrack.progress.queries.review import QueueFilters, queue
from policytrack.progress.queries.single import (
    evidence,
    get,
    history,
    last_number,
    latest_published,
    lock,
    of_key,
    precedent,
    superseded,
    until,
)
from policytrack.progress.queries.voices import Series, Voice, readings, timeline, voices

__all__ = [
    "Owed",
    "OwedList",
    "QueueFilters",
    "Series",
    "Voice",
    "evidence",
    "get",
    "history",
    "last_number",
    "latest_published",
    "lock",
    "of_key",
    "officers",
    "owed",
    "people_of",
    "precedent",
    "published_for_corridor",
    "published_for_country",
    "queue",
    "readings",
    "recent",
    "superseded",
    "timeline",
    "until",
    "voices",
]
