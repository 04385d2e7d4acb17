"""The benchmarks that measure search run, and end with the figures that they promise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent

TEXTS = [
    ("d1", "Recruitment fees", "The employer pays all recruitment fees before the worker leaves."),
    ("d2", "Wages", "Wages are paid each month into an account in the name of the worker."),
    ("d3", "Complaints", "Whoever complains keeps the right to stay until a court has decided."),
]


def figures(name: str, *arguments: str) -> Any:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / name), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    lines = [
        json.dumps({"_id": name, "title": title, "text": text, "lang": "en"})
        for name, title, text in TEXTS
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_relevance(corpus: Path) -> None:
    query = json.dumps({"_id": "q1", "text": "who pays the fees of recruitment"})
    (corpus / "queries.jsonl").write_text(query, encoding="utf-8")
    (corpus / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n", encoding="utf-8")
    found = figures("relevance.py", str(corpus))["ndcg10"]
    assert list(found.values()) == [{"policytrack": 1.0, "fts5": 1.0}]


def test_languages(corpus: Path) -> None:
    assert figures("languages.py", str(corpus / "corpus.jsonl"))["found"] == {"en": 1.0}


def test_search() -> None:
    found = figures(
        "search.py", "--documents", "250", "--engines", "policytrack,fts5", "--changes", "3"
    )
    assert set(found["engines"]) == {"policytrack", "fts5"}
    for engine in found["engines"].values():
        assert 0 < engine["p50_ms"] <= engine["p95_ms"]
    for figure in ("cold_p50_ms", "meanwhile_p50_ms", "unwatched_p50_ms"):
        assert found[figure] > 0
    assert found["memory_mb"] > 0
