"""What was read of segments is kept while there is room for it, however little each takes."""

from __future__ import annotations

import numpy as np

from policytrack.search.index.segments import NO_PLACES, NOWHERE, Kept, Postings


def test_words_that_stand_nowhere_take_room_too() -> None:
    kept = Kept(room=100_000)
    for number in range(10_000):
        kept.put("one", ("body", f"absent{number}"), NOWHERE)
        kept.put("one", ("body", f"absent{number}", "places"), NO_PLACES)
    held = sum(kept.get("one", ("body", f"absent{number}")) is not None for number in range(10_000))
    assert 10 <= held <= 500
    assert kept.size <= 100_000
    assert kept.get("one", ("body", "absent9999")) is NOWHERE


def test_what_goes_gives_its_room_back() -> None:
    kept = Kept(room=100_000)
    numbers = np.arange(1_000, dtype=np.int32)
    for segment in ("one", "two"):
        kept.put(segment, ("body", "word"), Postings(numbers, numbers.astype(np.float32)))
        kept.put(segment, ("body", "absent"), NOWHERE)
    both = kept.size
    kept.only(frozenset({"two"}))
    assert kept.size * 2 == both
    kept.only(frozenset())
    assert kept.size == 0
