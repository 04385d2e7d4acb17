"""A download is written while it is sent, and fails before it begins or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from policytrack.exports import responses
from policytrack.exports.tables import Cell, Column, Download, Table

ROWS = 20_000


def download(rows: Iterator[list[Cell]]) -> Download:
    return Download(
        name="much",
        title="Much",
        address="https://example.org/much",
        made_at=datetime(2026, 1, 2, tzinfo=UTC),
        notes=("Source: demonstration.",),
        tables=(Table("rows", "Rows", (Column("text", "Text"),), rows),),
    )


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_rows_are_read_as_they_are_sent(app: Flask, kind: str) -> None:
    read = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal read
        for number in range(ROWS):
            read += 1
            yield [f"row {number} of many"]

    with app.test_request_context():
        answer = responses.answer(download(rows()), kind)
        assert 0 < read < ROWS / 2
        pieces = list(answer.iter_encoded())
    assert read == ROWS
    assert max(map(len, pieces)) < 100_000
    whole = b"".join(pieces).decode("utf-8-sig")
    assert f"row {ROWS - 1} of many" in whole
    if kind == "json":
        assert len(json.loads(whole)["rows"]) == ROWS


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_what_fails_at_once_is_no_download(app: Flask, kind: str) -> None:
    def rows() -> Iterator[list[Cell]]:
        yield ["one"]
        raise LookupError

    with app.test_request_context(), pytest.raises(LookupError):
        responses.answer(download(rows()), kind)
