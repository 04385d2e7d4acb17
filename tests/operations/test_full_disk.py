"""A full disk: a clear answer, nothing half written, and all goes on once there is room."""

from __future__ import annotations

import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, redirect
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import event, func, select

from policytrack.core.db import db, transaction
from policytrack.core.files.models import FileContent
from policytrack.core.permissions import Permission
from policytrack.core.requests import requires
from tests.operations.conftest import MakeApp, save
from tests.operations.processes import command, environment, here

# PostgreSQL writes with its own process, whose disk is not ours to limit.
pytestmark = pytest.mark.usefixtures("once")


def limited(size: int) -> Callable[[], None]:
    """Return what forbids a process to make any file longer than `size` bytes."""

    def act() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return act


@requires(Permission.PUBLISHED_READ)
def grow() -> ResponseReturnValue:
    """Write two rows, the second of a megabyte."""
    with transaction() as session:
        session.add(FileContent(sha256="a" * 64, data=b"small"))
        session.flush()
        session.add(FileContent(sha256="b" * 64, data=b"x" * 1024 * 1024))
    return redirect("/about")


def test_a_full_database_answers_in_the_readers_language_and_keeps_nothing_half(
    make_app: MakeApp,
) -> None:
    app = make_app()
    app.add_url_rule("/grow", view_func=grow, methods=["POST"])
    with app.app_context():
        with db.engine.connect() as connection:
            size = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        db.engine.dispose()

        @event.listens_for(db.engine, "connect")
        def _full(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {size + full[0]}")

    full = [20]
    browser = app.test_client()
    token = token_of(browser)
    answer = browser.post(
        "/grow",
        data={"csrf_token": token, "note": "Long typed text"},
        headers={"Accept-Language": "ar"},
    )
    assert answer.status_code == 503
    assert b'lang="ar"' in answer.data
    assert b"Long typed text" in answer.data
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FileContent)) == 0
        db.session.remove()
        db.engine.dispose()
    full[0] = 100_000
    assert browser.post("/grow", data={"csrf_token": token}).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FileContent)) == 2


def token_of(browser: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert found
    return found[1]


def test_a_page_when_no_file_can_grow(app: Flask, tmp_path: Path) -> None:
    """The same with the kernel refusing (RLIMIT_FSIZE), in a process of its own."""
    script = tmp_path / "visit.py"
    script.write_text(_VISIT)
    done = subprocess.run(
        [sys.executable, script],
        env=environment(app),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["503", "True", "True", "200"]


_VISIT = """
import re, resource
import policytrack
from policytrack.core.db import db
from policytrack.accounts.models import Attempts
from sqlalchemy import func, select

app = policytrack.create_app()
browser = app.test_client()
token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)[1]
form = {"csrf_token": token, "email": "a@example.org", "password": "not the password"}
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
answer = browser.post("/sign-in", data=form, headers={"Accept-Language": "ar"})
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
print(answer.status_code)
print('lang="ar"' in answer.text)
with app.app_context():
    print(db.session.scalar(select(func.count()).select_from(Attempts)) == 0)
browser.post("/sign-in", data=form)
print(browser.get("/sign-in").status_code)
"""


def test_a_backup_that_does_not_fit_leaves_nothing(filled: Flask, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "a.tar"
    target.parent.mkdir()
    refused = command(environment(filled), "backup", target, before=limited(40 * 1024))
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: the backup could not be written (File too large)")
    assert "Traceback" not in refused.stderr
    assert list(target.parent.iterdir()) == []
    assert here(environment(filled), "backup", target).returncode == 0


def test_a_restore_that_does_not_fit_changes_nothing(filled: Flask, tmp_path: Path) -> None:
    source = save(filled, tmp_path / "a.tar")
    target = environment(instance=tmp_path / "other")
    assert here(target, "init").returncode == 0
    database = tmp_path / "other" / "policytrack.sqlite3"
    before = database.read_bytes()
    refused = command(target, "restore", source, "--force", before=limited(64 * 1024))
    assert refused.returncode == 1
    assert "nothing was changed" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert database.read_bytes() == before
    assert not list((tmp_path / "other").glob(".*"))
    assert here(target, "restore", source, "--force").returncode == 0
