"""Measure in each language how often a few words out of a passage find it again.

Run: .venv/bin/python benchmarks/languages.py FILE.jsonl (`_id`, `lang`, `text`)
In each of 20 trials of each passage three words that stand together are typed, or eight letters
where words are written without spaces; the passage shall be among the first five answers.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from _index import Text, ask, build, texts
from _site import last_line
from rich.console import Console
from rich.table import Table

FIRST = 5
TRIALS = 20
WORDS, LETTERS = 3, 8
# What is longer than this between two spaces is no word.
_UNSPACED = 25


def _typed(text: str, chance: random.Random) -> Iterator[str]:
    """Yield a few words, or letters, out of a text."""
    words = text.split()
    if words and len(text) / len(words) > _UNSPACED:
        for _trial in range(TRIALS):
            if len(text) >= LETTERS:
                begin = chance.randrange(len(text) - LETTERS + 1)
                yield text[begin : begin + LETTERS]
    elif len(words) >= WORDS:
        for _trial in range(TRIALS):
            begin = chance.randrange(len(words) - WORDS + 1)
            yield " ".join(words[begin : begin + WORDS])


def main() -> None:
    """Print a table for people and one line of JSON."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    collection = list(texts(Path(sys.argv[1])))
    by_language: dict[str, list[Text]] = defaultdict(list)
    for each in collection:
        by_language[each.language].append(each)
    table = Table("language", "passages", "trials", "found", title=f"among the first {FIRST}")
    shares: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as room:
        snapshot = build(Path(room), collection)
        for language, passages in sorted(by_language.items()):
            chance = random.Random(language)
            trials = hits = 0
            for passage in passages:
                for typed in _typed(passage.text, chance):
                    trials += 1
                    hits += passage.id in ask(snapshot, typed, size=FIRST)
            if not trials:
                continue
            shares[language] = round(hits / trials, 4)
            table.add_row(language, str(len(passages)), str(trials), f"{shares[language]:.1%}")
        snapshot.close()
    Console().print(table)
    last_line({"found": shares})


main()
