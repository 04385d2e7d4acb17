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
from policytrack.progress.queries.quoting import (
    citing_commitments,
    citing_notes,
    drafts,
    quoted_on,
    quoting,
    with_text,
)
from policytrack.progress.queries.review import QueueFilters, queue, queued
from policytrack.progress.queries.silence import Silence, silence
from policytrack.progress.queries.single import (
    NAMED,
    WITH_EVIDENCE,
    carried,
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
    "WITH_EVIDENCE",
    "Owed",
    "OwedList",
    "QueueFilters",
    "Series",
    "Silence",
    "Voice",
    "about_corridor",
    "about_country",
    "carried",
    "citing_commitments",
    "citing_notes",
    "drafts",
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
    "queued",
    "quoted_on",
    "quoting",
    "readings",
    "recent",
    "silence",
    "superseded",
    "timeline",
    "until",
    "voices",
    "with_text",
]
