"""An import is killed and begun again: nothing is missing, nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.library.models import FileText, LibraryDocument, TextPage
from policytrack.library.queries import faults
from tests.library.exchange_scene import write_pdf
from tests.operations.processes import environment

DOCUMENTS = 24
KILLS = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(DOCUMENTS):
        write_pdf(
            tmp_path / "documents" / f"{number % 7}" / f"{number}.pdf",
            *(f"Line {line} of document {number} on fees of recruitment." for line in range(20)),
        )
    return tmp_path / "documents"


def _begin(app: Flask, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "policytrack", "library", "import", str(folder), "--publish"],
        env=environment(app),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_a_killed_import_loses_nothing_and_doubles_nothing(
    app: Flask, database: Session, folder: Path
) -> None:
    chance = random.Random(7)
    for _kill in range(KILLS):
        running = _begin(app, folder)
        before = _count(database)
        # Only what was interrupted in the midst of its work says anything.
        deadline = time.monotonic() + 60
        while _count(database) < before + chance.randint(1, 4) and time.monotonic() < deadline:
            if running.poll() is not None:
                break
            time.sleep(0.01)
        assert running.poll() is None, running.communicate()[1].decode()
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    finished = _begin(app, folder)
    _out, said = finished.communicate(timeout=120)
    assert finished.returncode == 0, said.decode()
    assert _count(database) == DOCUMENTS
    assert list(faults(database)) == []
    assert database.scalar(select(func.count()).select_from(FileText)) == DOCUMENTS
    assert database.scalar(select(func.count()).select_from(TextPage)) == DOCUMENTS


def _count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(LibraryDocument)) or 0
