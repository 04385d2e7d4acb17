"""Have ready what questions need: the index as it is now, and where its frequent words stand.

A process that serves the site looks again and again, so that nobody's question waits until a new
state of the index is open, or until a word is read from the disk that everybody asks for.
"""

from __future__ import annotations

from flask import Flask

from policytrack.search import ranking
from policytrack.search.index import snapshot
from policytrack.search.index.generations import Unusable
from policytrack.search.index.segments import ROOM, Segment
from policytrack.search.index.snapshot import reading, search_of
from policytrack.search.language import analysis

# Of each segment so many words. What stands in more than a share of the documents tells nothing,
# and nobody looks for it.
_MOST = 2_000
_COMMON = 0.3
# What is read by and by may take so much of the room for it.
_ROOM = ROOM * 3 // 4
# A segment of fewer documents costs little to read.
_SMALL = 500


def look(app: Flask) -> bool:
    """Open the index as it is now and read what is frequent; return whether there was anything."""
    try:
        snapshot.look(app)
        with reading(app, None) as now:
            cold = [
                segment
                for segment in now.segments.values()
                if segment.count >= _SMALL and not segment.is_warm
            ]
        for segment in cold:
            _warm(app, segment)
    except Unusable:
        return False
    return bool(cold)


def _warm(app: Flask, segment: Segment) -> None:
    """Read of a segment what questions for its frequent words need, a word at a time."""
    with reading(app, None) as now:
        segment.is_warm = True
        frequent = segment.frequent("body", _MOST, int(_COMMON * segment.count))
        languages = now.codes("tongue")
    for word in frequent:
        for each in analysis.asked(word, languages):
            snapshot.look(app)
            # Whoever asks meanwhile comes first.
            with reading(app, None) as now:
                gone = now.segments.get(segment.id) is not segment
                if gone or search_of(app).kept.size > _ROOM:
                    return
                ranking.read_ahead(segment, each.forms)
