"""A file of any size comes in as a copy on the disk, and only what may be kept of it remains."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from policytrack.core import errors, files
from policytrack.core.db import transaction
from policytrack.core.files import Arriving, content, service
from policytrack.library import reading
from tests.core import files_made as made
from tests.core.test_files_store import NOW
from tests.core.test_files_store import kept_in as kept_in  # a fixture

TRACES = made.pdf(photograph=made.picture(exif=made.traces(), xmp=b"<x>TelephoneMaker</x>"))


@contextmanager
def arriving(data: bytes, name: str) -> Iterator[Arriving]:
    """Hand a file in and have it read and examined."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        with files.arriving(file.fileno(), name=name) as arrived:
            extension = name.rpartition(".")[2]
            reading.read(arrived.descriptor, extension, examination=arrived.examination)
            yield arrived


def lying() -> list[Path]:
    return [path for path in service.folder().rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "name"),
    [(made.pdf(), "a.pdf"), (TRACES, "b.pdf"), (made.document(author="Sita"), "c.docx")],
)
def test_what_is_kept_is_what_an_upload_of_the_same_file_would_leave(
    database: Session, kept_in: str, data: bytes, name: str
) -> None:
    upload = files.inspect(data, name=name, library=True)
    with arriving(data, name) as arrived:
        assert arrived.sha256 == hashlib.sha256(data).hexdigest()
        accepted = arrived.accept(keep=True)
    assert (accepted.kind, accepted.name) == (upload.kind, upload.name)
    assert (accepted.sha256, accepted.size) == (upload.sha256, upload.size)
    with transaction() as session:
        stored = files.store(session, accepted, NOW)
    with files.open_stored(database, stored) as file:
        assert file.read() == upload.data
    assert len(lying()) == (kept_in == "directory")
    assert list(files.verify(database)) == []


def test_a_copy_that_is_not_wanted_leaves_nothing(database: Session, app: Flask) -> None:
    with arriving(made.document(), "a.docx") as arrived:
        assert arrived.accept(keep=False).size
    with app.test_request_context(), arriving(made.pdf(script="app.alert(1)"), "a.pdf") as arrived:
        with pytest.raises(errors.InvalidInput) as refused:
            arrived.accept(keep=True)
        assert "scripts" in str(refused.value.message)
    assert lying() == []


def test_nobody_else_can_change_the_copy(database: Session) -> None:
    with arriving(made.pdf(), "a.pdf") as arrived, pytest.raises(OSError, match="Bad file"):
        os.write(arrived.descriptor, b"x")


@pytest.mark.parametrize("place", range(12))
def test_a_content_is_looked_through_as_a_whole(
    monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(content, "_PIECE", 4)
    file = io.BytesIO(b"." * place + b"needle" + b"." * 9 + b"needle")
    assert content.has(file, b"straw", b"needle")
    assert not content.has(file, b"needles")
    pattern = re.compile(b"ne(?=edle)")
    found = [at + match.start() for at, match in content.matches(file, pattern, 6)]
    assert found == [place, place + 15]
