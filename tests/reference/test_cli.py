"""The command that loads data files: what it says, and with which exit code it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from policytrack.core import clock
from policytrack.core.db import db, transaction
from policytrack.core.permissions import Role
from policytrack.reference import rows, service
from policytrack.reference.kinds import KINDS
from policytrack.reference.service import EditCommand
from tests.factories import actor_for, make_user
from tests.operations.processes import Done, environment, here
from tests.reference.writing import CORRIDOR, SECTOR, cells, folder, is_there

Run = Callable[..., Done]


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Return a way to load the files of a folder."""

    def act(*options: str, **files: object) -> Done:
        place = ["--folder", str(folder(tmp_path, **files))] if files else []
        return here(environment(app), "reference", "load", *place, *options)

    return act


def edit(app: Flask, key: str, **values: str) -> None:
    with app.app_context():
        actor = actor_for(make_user(Role.SECRETARIAT))
        command = EditCommand(values, "why", rows.fingerprint(cells("sectors", key)))
        with transaction() as session:
            service.change(
                session,
                actor=actor,
                kind=KINDS["sectors"],
                key=key,
                command=command,
                now=clock.now(),
            )


def there(app: Flask, key: str) -> bool:
    with app.app_context():
        db.session.rollback()
        return is_there("sectors", key)


def test_the_second_load_has_nothing_to_change(run: Run) -> None:
    first = run()
    assert (first.returncode, first.stderr) == (0, "")
    assert "constituents: added" in first.stdout
    second = run()
    assert second.returncode == 0
    assert second.stdout.splitlines()[-1].startswith("Nothing to change: ")


def test_a_dry_run_says_the_same_and_changes_nothing(app: Flask, run: Run) -> None:
    rehearsed = run("--dry-run", sectors=[SECTOR])
    assert rehearsed.returncode == 0
    assert not there(app, "salt")
    done = run(sectors=[SECTOR])
    assert there(app, "salt")
    assert rehearsed.stdout.splitlines()[:-1] == done.stdout.splitlines()[:-1]
    assert done.stdout.splitlines()[0] == "sectors: added salt"
    last = rehearsed.stdout.splitlines()[-1]
    assert last == f"Nothing was written (--dry-run). It would be: {done.stdout.splitlines()[-1]}"


def test_faults_are_listed_and_nothing_is_loaded(app: Flask, run: Run) -> None:
    spoilt = [{**CORRIDOR, "origin": "XX"}, {**CORRIDOR, "code": "NP-NP", "destination": "NP"}]
    refused = run(sectors=[SECTOR], corridors=spoilt)
    assert refused.returncode == 1
    lines = refused.stderr.splitlines()
    assert lines[0].startswith("corridors.csv, line 2, code: the code of this corridor must be")
    assert lines[1].startswith("corridors.csv, line 3, destination: a corridor leads from")
    assert lines[-1] == "Error: 2 faults in the data files; nothing was loaded"
    assert "Traceback" not in refused.stderr
    assert not there(app, "salt")


def test_an_edit_that_stays_is_named_and_can_be_overwritten(app: Flask, run: Run) -> None:
    run(sectors=[SECTOR])
    edit(app, "salt", label_en="Salt pans")
    said = run(sectors=[{**SECTOR, "label_en": "Salines"}]).stdout
    assert "  sectors salt, label_en: here “Salt pans”, the file says “Salines”\n" in said
    assert said.splitlines()[-1] == "Nothing to change: 1 row read. 1 edit made here stays."
    shown = run("--dry-run", "--overwrite", sectors=[{**SECTOR, "label_en": "Salines"}]).stdout
    assert "“Salt pans” becomes “Salines” (this had been edited here)" in shown
    run("--overwrite", sectors=[{**SECTOR, "label_en": "Salines"}])
    with app.app_context():
        db.session.rollback()
        assert cells("sectors", "salt")["label_en"] == "Salines"


def test_preparing_again_leaves_edits_alone_and_says_so(app: Flask, run: Run) -> None:
    edit(app, "care", label_en="Care, edited")
    run(sectors=[{**SECTOR, "code": "care", "label_en": "Care, another file"}])
    prepared = here(environment(app), "init")
    assert prepared.returncode == 0
    assert (
        "Reference data edited here stays: sectors care, label_en: here “Care, edited”"
        in prepared.stdout
    )
    with app.app_context():
        db.session.rollback()
        assert cells("sectors", "care")["label_en"] == "Care, edited"


@pytest.mark.parametrize("place", ["nowhere", "file.csv"])
def test_a_folder_must_be_one(app: Flask, tmp_path: Path, place: str) -> None:
    (tmp_path / "file.csv").write_text("code\n")
    refused = here(environment(app), "reference", "load", "--folder", str(tmp_path / place))
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_a_folder_without_data_files_is_refused(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused = here(environment(app), "reference", "load", "--folder", str(tmp_path / "empty"))
    assert refused.returncode == 1
    assert "there is no data file in this folder" in refused.stderr
