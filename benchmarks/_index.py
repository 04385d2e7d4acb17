"""Make an index of any texts, and ask it as the site does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import FileIndex

from policytrack.core.documents import PUBLIC, Passage, SearchDocument
from policytrack.search.asking import question
from policytrack.search.index.generations import Generation, _storage, writing
from policytrack.search.index.schema import SCHEMA, row
from policytrack.search.index.segments import Kept
from policytrack.search.index.snapshot import Snapshot
from policytrack.search.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Text:
    """Hold a text of a collection."""

    id: str
    title: str
    text: str
    language: str = "en"


def texts(path: Path, *, most: int | None = None) -> Iterator[Text]:
    """Yield the texts of a file with one JSON object on each line."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if most is not None and number == most:
                return
            held: dict[str, Any] = json.loads(line)
            yield Text(
                str(held["_id"]),
                str(held.get("title") or ""),
                str(held.get("text") or ""),
                str(held.get("lang") or "en"),
            )


def build(folder: Path, collection: Iterable[Text]) -> Snapshot:
    """Write an index of a collection into an empty folder and open it."""
    FileIndex.create(_storage(folder), SCHEMA, "whoosh")
    generation = Generation(folder, "benchmark")
    with writing(generation, 0, memory_mb=256) as writer:
        for each in collection:
            passages = (
                Passage(each.title, each.language, "title"),
                Passage(each.text, each.language),
            )
            document = SearchDocument("text", each.id, "whole", (PUBLIC,), passages)
            writer.add_document(**row(document))
    return Snapshot(generation, Kept(), {})


def ask(snapshot: Snapshot, typed: str, *, size: int = 10) -> Sequence[str]:
    """Return the ids of the best answers to what somebody typed, the best first."""
    asked = question.read(typed, snapshot.codes("tongue"))
    answers = Ranking(snapshot, (PUBLIC,)).answer(asked)
    order = np.lexsort((answers.numbers, -answers.scores, ~answers.complete))
    first = answers.numbers[order[:size]].tolist()
    keys = [str(snapshot.stored(number)["key"]) for number in first]
    return [key.split(":", 1)[1].rsplit(":", 1)[0] for key in keys]
