"""What was read of segments is kept while there is room for it, and codes are counted by rows."""

from __future__ import annotations

import random

import numpy as np
import pytest

from policytrack.search.index.segments import (
    NO_PLACES,
    NOWHERE,
    Kept,
    Marks,
    Postings,
    Rows,
)


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


@pytest.mark.parametrize("wide", [0, 1, 3])
def test_codes_are_counted_as_they_are_carried(wide: int) -> None:
    dice = random.Random(wide)
    count, fields = 300, ("country", "theme", "year")
    carried: dict[str, list[set[int]]] = {field: [] for field in fields}
    for number in range(count):
        for field in fields:
            # A few documents carry many times as many as the others.
            most = 40 if number < wide else 3
            carried[field].append(set(dice.choices(range(50), k=dice.randrange(most + 1))))
    marks = []
    for field in fields:
        having = [[n for n in range(count) if code in carried[field][n]] for code in range(50)]
        marks.append(
            Marks.made(
                tuple(f"{field}{code:02}" for code in range(50)),
                np.array([n for each in having for n in each], np.int32),
                np.array([len(each) for each in having], np.int32),
                count,
            )
        )
    rows = Rows(marks)
    for among in ([], [0], list(range(count)), sorted(dice.sample(range(count), 90))):
        counted = rows.counted(np.array(among, np.int32)).tolist()
        assert counted == [
            sum(code in carried[field][number] for number in among)
            for field in fields
            for code in range(50)
        ]
