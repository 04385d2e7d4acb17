"""An import is killed and begun again: nothing is missing, nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.library.models import FileText, LibraryDocument, TextPage
from policytrack.library.queries import faults
from tests.library.exchange_scene import write_pdf
from tests.operations.processes import Forked, environment

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


def test_a_killed_import_loses_nothing_and_doubles_nothing(
    app: Flask, database: Session, folder: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said"

    def begin() -> Forked:
        # Only what was interrupted in the midst of its work says anything.
        arguments = ("library", "import", folder, "--publish")
        return Forked(environment(app), Path(os.devnull), said, *arguments)

    chance = random.Random(7)
    for _kill in range(KILLS):
        running = begin()
        before = _count(database)
        deadline = time.monotonic() + 60
        while _count(database) < before + chance.randint(1, 4) and time.monotonic() < deadline:
            if running.poll() is not None:
                break
            time.sleep(0.01)
        assert running.poll() is None, said.read_text()
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    assert begin().wait(120) == 0, said.read_text()
    assert _count(database) == DOCUMENTS
    assert list(faults(database)) == []
    assert database.scalar(select(func.count()).select_from(FileText)) == DOCUMENTS
    assert database.scalar(select(func.count()).select_from(TextPage)) == DOCUMENTS


def _count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(LibraryDocument)) or 0
