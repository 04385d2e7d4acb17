"""Read notes: one with its history, and the sets that lists and pages show."""

from policytrack.progress.queries.due import Owed, OwedList, owed
from policytrack.progress.queries.people import people_of
from policytrack.progress.queries.published import (
    about_corridor,
    about_country,
    published,
    published_by,
    recent,
)
from policytrack.progress.queries.review import QueueFilters, queue
from policytrack.progress.queries.silence import Silence, silence
from policytrack.progress.queries.single import (
    NAMED,
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
    "NAMED",
    "Owed",
    "OwedList",
    "QueueFilters",
    "Series",
    "Silence",
    "Voice",
    "about_corridor",
    "about_country",
    "evidence",
    "get",
    "history",
    "last_number",
    "latest_published",
    "lock",
    "of_key",
    "owed",
    "people_of",
    "precedent",
    "published",
    "published_by",
    "queue",
    "readings",
    "recent",
    "silence",
    "superseded",
    "timeline",
    "until",
    "voices",
]
