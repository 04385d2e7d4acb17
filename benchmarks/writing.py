"""Time the writing of an index, and commits into it, beside Whoosh's own writer.

Run: .venv/bin/python benchmarks/writing.py [DOCUMENTS] [--whoosh]
Both take the same made-up texts apart in the same way. Whoosh's own writer takes some twenty times
as long.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from _site import last_line
from rich.console import Console
from rich.table import Table
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from policytrack.core.documents import PUBLIC, Passage, SearchDocument
from policytrack.search.index import generations
from policytrack.search.index.generations import Generation
from policytrack.search.index.schema import SCHEMA, row

_DISTINCT = 60_000
_WORDS = 266  # some 1,600 characters


def _documents(count: int, seed: int) -> Iterator[SearchDocument]:
    """Yield documents of words that are as unevenly common as those of a language."""
    dice = random.Random(1)
    syllables = [first + then for first in "bcdfghklmnprstvw" for then in "aeiou"]
    words = [
        "".join(dice.choices(syllables, k=dice.choice((1, 2, 2, 3, 3, 4))))
        for _ in range(_DISTINCT)
    ]
    common = list(accumulate(1 / (place + 3) for place in range(_DISTINCT)))
    dice = random.Random(seed)
    for number in range(count):
        text = dice.choices(words, cum_weights=common, k=_WORDS)
        passages = Passage(" ".join(text[:8]), "en", "title"), Passage(" ".join(text), "en")
        yield SearchDocument("text", str(number), "whole", (PUBLIC,), passages)


def _generation(folder: Path) -> Generation:
    folder.mkdir()
    FileIndex.create(generations._storage(folder), SCHEMA, "whoosh")
    return Generation(folder, "benchmark")


def _megabytes(generation: Generation) -> float:
    return sum(path.stat().st_size for path in generation.folder.iterdir()) / 1e6


def _committed(generation: Generation, count: int, changes: int) -> float:
    """Return how many milliseconds of the processor a commit takes, the middle one of some."""
    dice, took = random.Random(changes), []
    fresh = _documents(changes * 9, seed=changes + 7)
    for turn in range(9):
        began = time.process_time()
        with generations.writing(generation, turn) as writer:
            for _change in range(changes):
                new = next(fresh)
                name = str(dice.randrange(count))
                changed = SearchDocument("text", name, "whole", new.access, new.passages)
                writer.delete_by_term("entity", f"text:{name}")
                writer.add_document(**row(changed))
        took.append(time.process_time() - began)
    return sorted(took)[4] * 1000


def main() -> None:
    """Print a table for people and, last, one line of JSON."""
    with tempfile.TemporaryDirectory(prefix="policytrack-writing-") as folder:
        figures = _figures(Path(folder))
    table = Table("what", "figure")
    for name, figure in figures.items():
        table.add_row(name, str(figure))
    Console().print(table)
    last_line(figures)


def _figures(folder: Path) -> dict[str, float]:
    count = next((int(each) for each in sys.argv[1:] if each.isdigit()), 3000)
    documents = list(_documents(count, seed=2))
    size = sum(len(each.text) for one in documents for each in one.passages) / 1e6
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    generation, began = _generation(folder / "ours"), time.process_time()
    with generations.writing(generation, 0, memory_mb=128) as writer:
        for each in documents:
            writer.add_document(**row(each))
    took = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    figures = {
        "documents": count,
        "MB": round(size, 1),
        "MB/s": round(size / took, 2),
        "MB on the disk": round(_megabytes(generation), 1),
        "MB of memory": round(grown),
        **{
            f"ms for a commit of {changes}": round(_committed(generation, count, changes), 1)
            for changes in (1, 20, 200)
        },
    }
    if "--whoosh" in sys.argv:
        other, began = _generation(folder / "theirs"), time.process_time()
        theirs = SegmentWriter(other.index())
        for each in documents:
            theirs.add_document(**row(each))
        theirs.commit()
        figures["Whoosh MB/s"] = round(size / (time.process_time() - began), 2)
        figures["Whoosh MB on the disk"] = round(_megabytes(other), 1)
    return figures


if __name__ == "__main__":
    main()
