"""Measure whether what is looked for comes first, beside SQLite's FTS5 with its Porter stemmer.

Run: .venv/bin/python benchmarks/relevance.py FOLDER...
Each folder has `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and
`qrels.tsv` (question, text and worth, below a header). nDCG@10 with the worth as gain (Järvelin and
Kekäläinen, 2002), over the questions that have judgements.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import log2
from pathlib import Path

from _index import Text, ask, build, texts
from _site import last_line
from rich.console import Console
from rich.table import Table

DEPTH = 10
# FTS5 has no list of words that tell nothing; without one it would lose by them alone.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a about an and any are as at be been by can could did do does for from had has have how if"
        " in into is it its may of on or should so such than that the their them then there these"
        " they this those to was we were what when where which while why will with would you",
    )
)


def _gain(worths: Sequence[float]) -> float:
    return sum(worth / log2(place + 2) for place, worth in enumerate(worths))


def ndcg(found: Sequence[str], judged: Mapping[str, float]) -> float:
    """Return how near an order is to the best one, from 0 to 1."""
    best = _gain(sorted(judged.values(), reverse=True)[:DEPTH])
    return _gain([judged.get(each, 0.0) for each in found[:DEPTH]]) / best if best else 0.0


def _fts5(collection: Sequence[Text]) -> Callable[[str], Sequence[str]]:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE held USING fts5(id UNINDEXED, title, text, tokenize='porter')"
    )
    database.executemany(
        "INSERT INTO held VALUES (?, ?, ?)",
        [(each.id, each.title, each.text) for each in collection],
    )

    def answer(typed: str) -> Sequence[str]:
        words = [word for word in re.findall(r"\w+", typed.lower()) if word not in _COMMON]
        if not words:
            return []
        rows = database.execute(
            "SELECT id FROM held WHERE held MATCH ? ORDER BY bm25(held, 0, 2.0, 1.0) LIMIT ?",
            (" OR ".join(f'"{word}"' for word in words), DEPTH),
        )
        return [row[0] for row in rows]

    return answer


def _judgements(folder: Path) -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t")
        next(rows)
        for question, text, worth in rows:
            if float(worth) > 0:
                found.setdefault(question, {})[text] = float(worth)
    return found


def _mean(
    answer: Callable[[str], Sequence[str]],
    questions: Mapping[str, str],
    judged: Mapping[str, Mapping[str, float]],
) -> float:
    values = [ndcg(answer(questions[each]), judged[each]) for each in judged if each in questions]
    return sum(values) / len(values)


def main() -> None:
    """Print a table for people and one line of JSON."""
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    table = Table("collection", "policytrack", "fts5", title="nDCG@10")
    found: dict[str, dict[str, float]] = {}
    for name in sys.argv[1:]:
        folder = Path(name)
        collection = list(texts(folder / "corpus.jsonl"))
        questions = {each.id: each.text for each in texts(folder / "queries.jsonl")}
        judged = _judgements(folder)
        peer = _fts5(collection)
        with tempfile.TemporaryDirectory() as room:
            snapshot = build(Path(room), collection)
            ours = _mean(partial(ask, snapshot), questions, judged)
            snapshot.close()
        found[folder.name] = {
            "policytrack": round(ours, 4),
            "fts5": round(_mean(peer, questions, judged), 4),
        }
        table.add_row(folder.name, *(f"{value:.4f}" for value in found[folder.name].values()))
    Console().print(table)
    last_line({"ndcg10": found})


main()
