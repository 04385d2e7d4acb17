"""Files are kept whole or not at all, once per content, and go when nothing names them."""

from __future__ import annotations

import dataclasses
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.commitments.models import CommitmentRevision
from policytrack.core import errors, files
from policytrack.core.db import transaction
from policytrack.core.files import directory, service
from policytrack.core.files.models import FileContent, StagedFile, StoredFile
from tests.core import files_made as made
from tests.factories import NOW, make_commitment, make_constituent, make_user

LATER = NOW + timedelta(days=8)


@pytest.fixture(params=["directory", "database"])
def kept_in(request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """Keep files in a folder, then in the database."""
    settings = dataclasses.replace(app.config["POLICYTRACK"], files=request.param)
    monkeypatch.setitem(app.config, "POLICYTRACK", settings)
    return str(request.param)


def accepted(text: str = "Decision 12") -> files.Accepted:
    return files.inspect(made.document(text), name="decision.docx")


def stored(text: str = "Decision 12") -> StoredFile:
    upload = accepted(text)
    with transaction() as session:
        return files.store(session, upload, NOW)


def rows(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def age_on_disk() -> None:
    long_ago = time.time() - timedelta(days=8).total_seconds()
    for path in service.folder().rglob("*"):
        os.utime(path, (long_ago, long_ago))


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_content_is_kept_once_and_read_back(database: Session, kept_in: str) -> None:
    upload = accepted()
    first, second = stored(), stored()
    assert first.id == second.id
    assert (first.sha256, first.size) == (upload.sha256, upload.size)
    with files.open_stored(database, first) as file:
        assert file.read() == upload.data
    assert rows(database, StoredFile) == 1
    assert rows(database, FileContent) == (kept_in == "database")
    assert list(files.verify(database)) == []


def test_a_content_on_disk_is_readable_by_the_site_only(database: Session) -> None:
    path = directory.path_of(service.folder(), stored().sha256)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_bytes_laid_down_before_the_transaction_are_not_written_again(database: Session) -> None:
    upload = accepted()
    files.lay_down(upload)
    path = directory.path_of(service.folder(), upload.sha256)
    before = path.stat().st_ino
    assert stored().sha256 == upload.sha256
    assert path.stat().st_ino == before


def test_a_refused_transaction_leaves_no_row(database: Session, kept_in: str) -> None:
    upload = accepted()
    with pytest.raises(RuntimeError), transaction() as session:
        files.store(session, upload, NOW)
        raise RuntimeError
    assert rows(database, StoredFile) == rows(database, FileContent) == 0


@pytest.mark.parametrize("size", [0, 100])
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, size: int) -> None:
    root = tmp_path / "files"
    digest = "ab" * 32
    with files_of_at_most(size), pytest.raises(directory.StorageFull, match="No space left"):
        directory.write(root, digest, bytes(100_000))
    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert not directory.exists(root, digest)


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    for name in ("../../etc/passwd", "", "AB" * 32, "ab" * 32 + "\n"):
        with pytest.raises(ValueError, match="hash"):
            directory.write(tmp_path, name, b"x")


def test_a_content_that_was_lost_or_damaged_is_mended_when_it_comes_again(
    database: Session,
) -> None:
    upload = accepted()
    path = directory.path_of(service.folder(), stored().sha256)
    path.write_bytes(b"something else")
    files.lay_down(upload)
    assert list(files.verify(database)) == []
    path.unlink()
    stored()
    assert list(files.verify(database)) == []


def test_verify_tells_what_is_missing_damaged_and_nobodys(database: Session) -> None:
    missing, damaged = stored("a"), stored("b")
    folder = service.folder()
    directory.remove(folder, missing.sha256)
    path = directory.path_of(folder, damaged.sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    directory.write(folder, "00" * 32, b"")
    (folder / "notes.txt").write_text("mine")
    assert list(files.verify(database)) == [
        f"{missing.public_id}: the content is missing",
        f"{damaged.public_id}: the content is damaged",
        f"{'00' * 32}: no file of the database has this content",
        "notes.txt: no file of the database has this content",
    ]
    with pytest.raises(FileNotFoundError):
        files.open_stored(database, missing)


def test_verify_sees_the_same_in_the_database(
    database: Session, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = dataclasses.replace(app.config["POLICYTRACK"], files="database")
    monkeypatch.setitem(app.config, "POLICYTRACK", settings)
    missing, damaged = stored("a"), stored("b")
    with transaction() as session:
        session.delete(session.get_one(FileContent, missing.sha256))
        session.get_one(FileContent, damaged.sha256).data = b"something else"
        session.add(FileContent(sha256="00" * 32, data=b""))
    assert [line.split(": ")[1] for line in files.verify(database)] == [
        "the content is missing",
        "the content is damaged",
        "no file of the database has this content",
    ]
    for lost in (missing, damaged):
        with pytest.raises(FileNotFoundError):
            files.open_stored(database, lost)


def test_a_content_cut_short_is_not_sent_as_if_it_were_whole(database: Session) -> None:
    cut = stored()
    path = directory.path_of(service.folder(), cut.sha256)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(FileNotFoundError):
        files.open_stored(database, cut)


def test_an_upload_waits_for_its_own_person_and_is_claimed_once(
    database: Session, kept_in: str
) -> None:
    mine, other = make_user(), make_user()
    upload = accepted()
    with transaction() as session:
        staged = files.stage(session, user_id=mine.id, accepted=upload, name="../قرار.exe", now=NOW)
    assert staged.file_name == "قرار.docx"
    assert files.staged_by(database, user_id=other.id, public_id=staged.public_id) is None
    with transaction() as session:
        assert files.claim(session, user_id=other.id, public_id=staged.public_id) is None
        assert files.claim(session, user_id=mine.id, public_id="nonsense") is None
        claimed = files.claim(session, user_id=mine.id, public_id=staged.public_id)
        assert claimed is not None
        assert claimed.file.sha256 == upload.sha256
    with transaction() as session:
        assert files.claim(session, user_id=mine.id, public_id=staged.public_id) is None


def test_one_person_cannot_fill_the_disk_with_waiting_uploads(
    database: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_STAGED", 2)
    person, upload = make_user(), accepted()
    for _ in range(2):
        with transaction() as session:
            files.stage(session, user_id=person.id, accepted=upload, name="a", now=NOW)
    with pytest.raises(errors.RuleViolation), transaction() as session:
        files.stage(session, user_id=person.id, accepted=upload, name="a", now=NOW)


def test_the_sweep_takes_what_nobody_saved_and_keeps_what_is_named(
    database: Session, kept_in: str
) -> None:
    commitment, person = make_commitment(make_constituent()), make_user()
    letter, nobodys = stored("letter"), stored("nobody's")
    waiting = accepted("waiting")
    with transaction() as session:
        revision = session.scalars(
            select(CommitmentRevision).where(CommitmentRevision.commitment_id == commitment.id)
        ).first()
        assert revision is not None
        revision.letter_id = letter.id
        files.stage(session, user_id=person.id, accepted=waiting, name="a", now=NOW)
    (service.folder() / "unfinished").mkdir(parents=True, exist_ok=True)
    (service.folder() / "unfinished" / "killed").write_bytes(b"half")
    age_on_disk()

    with transaction() as session:
        assert files.sweep(session, now=NOW + timedelta(days=6)) == 0
    with transaction() as session:
        assert files.sweep(session, now=LATER) == 2

    assert database.scalars(select(StoredFile.sha256)).all() == [letter.sha256]
    assert rows(database, StagedFile) == 0
    assert not (service.folder() / "unfinished" / "killed").exists()
    assert list(files.verify(database)) == []
    with files.open_stored(database, letter) as file:
        assert file.read()
    with pytest.raises(FileNotFoundError):
        files.open_stored(database, nobodys)


def test_the_sweep_takes_bytes_whose_transaction_failed_but_no_fresh_ones(
    database: Session,
) -> None:
    files.lay_down(accepted("old"))
    age_on_disk()
    fresh = accepted("fresh")
    files.lay_down(fresh)
    with transaction() as session:
        assert files.sweep(session, now=LATER) == 1
    assert list(directory.names(service.folder())) == [fresh.sha256]
