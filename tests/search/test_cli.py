"""The commands that an operator has."""

from __future__ import annotations

import json

from flask import Flask

from policytrack.core.permissions import Role
from policytrack.search.cli import commands
from policytrack.search.index import generations
from policytrack.search.index.follower import Follower
from tests.factories import make_user
from tests.search.sources import Shelf


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    outcome = app.test_cli_runner().invoke(commands, list(arguments))
    return outcome.exit_code, outcome.output


def test_rebuild_then_verify(app: Flask, notes: Shelf, following: Follower) -> None:
    notes.put("one", "A", "zebra")
    assert run(app, "verify")[0] == 1
    assert run(app, "rebuild")[0] == 0
    assert run(app, "verify") == (0, "The search index and the database agree.\n")
    del notes.things["one"]
    code, said = run(app, "verify")
    assert code == 1
    assert "in the index, not in the database: note:one:published" in said


def test_rebuild_beside_another_writer(app: Flask, notes: Shelf) -> None:
    with generations.sole_writer(app):
        code, said = run(app, "rebuild")
    assert code == 1
    assert "Another process is writing" in said


def test_query(app: Flask, notes: Shelf, following: Follower) -> None:
    notes.put("one", "Open", "zebra")
    notes.put("two", "Sent", "zebra", access=("office",))
    officer = make_user(Role.SECRETARIAT)
    assert run(app, "query", "zebra")[0] == 1  # no index yet
    following.follow()
    code, said = run(app, "query", "zebra", "--json")
    assert code == 0
    assert [each["title"] for each in json.loads(said)["results"]] == ["Open"]
    said = run(app, "query", "zebra", "--as", officer.email.upper(), "--json")[1]
    assert json.loads(said)["total"] == 2
    assert run(app, "query", "--limit", "1", "--", "zebra", "-giraffe")[1].startswith("1 result\n")
    assert run(app, "query", "zebra", "--as", "nobody@example.org")[0] == 1
