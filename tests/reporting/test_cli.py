"""The commands: a dry run unless asked otherwise, and an exit code that a script can trust."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.core.audit import TrailEntry
from policytrack.core.outbox import OutboxItem
from tests.operations.processes import environment, here
from tests.reporting.books import BODY, PERSON, book, cells, count

WHOLE = {"Constituents": [BODY], "People": [PERSON]}


def test_a_dry_run_writes_nothing_and_apply_does(
    app: Flask, database: Session, tmp_path: Path
) -> None:
    path = tmp_path / "moving.xlsx"
    path.write_bytes(book(**WHOLE))
    done = here(environment(app), "workbook", "import", path)
    assert done.returncode == 0, done.stderr
    assert "People 2, asha@example.org: new" in done.stdout
    assert "Nothing was written. With --apply" in done.stdout
    assert count(database, User) == 0
    done = here(environment(app), "workbook", "import", path, "--apply", "--invite")
    assert done.returncode == 0, done.stderr
    assert [count(database, each) for each in (User, OutboxItem)] == [1, 1]
    assert {entry.actor_id for entry in database.query(TrailEntry)} == {None}
    done = here(environment(app), "workbook", "import", path, "--apply")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Nothing to change.")


def test_a_fault_ends_with_1_and_its_place(app: Flask, database: Session, tmp_path: Path) -> None:
    path = tmp_path / "moving.xlsx"
    path.write_bytes(book(**{**WHOLE, "People": [PERSON, {**PERSON, "Mail address": "x"}]}))
    done = here(environment(app), "workbook", "import", path, "--apply")
    assert done.returncode == 1
    assert "People, row 3, column" in done.stderr
    assert "1 fault in the workbook; nothing was written" in done.stderr
    assert count(database, User) == 0
    path.write_bytes(b"PK\x03\x04 no archive")
    done = here(environment(app), "workbook", "import", path)
    assert done.returncode == 1
    assert "damaged" in done.stderr


def test_the_export_is_written_whole_for_this_user_only(
    app: Flask, database: Session, tmp_path: Path
) -> None:
    path = tmp_path / "out.xlsx"
    done = here(environment(app), "workbook", "export", path)
    assert done.returncode == 0, done.stderr
    assert path.stat().st_mode & 0o077 == 0
    assert cells(path.read_bytes(), "People") == []
    assert [each.name for each in tmp_path.iterdir()] == ["out.xlsx"]
    done = here(environment(app), "workbook", "import", path)
    assert "Nothing to change." in done.stdout
    done = here(environment(app), "workbook", "export", tmp_path / "none" / "out.xlsx")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
