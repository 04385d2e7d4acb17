"""A backup file: whole or refused, never half."""

from __future__ import annotations

import gzip
import io
import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from policytrack.operations import archive
from policytrack.operations.archive import BackupError, Manifest

DIGEST = "ab" * 32


def write(target: Path) -> Path:
    with archive.writing(target, 0) as writer:
        writer.add("tables/theme.jsonl", lambda out: out.write(b'{"table":"theme"}\n[1]\n') and 1)
        writer.add_bytes(f"files/{DIGEST}", b"x" * 100_000)
        writer.finish(Manifest("2026-10-01T00:00:00+00:00", "0.1", "0001", "sqlite", writer.parts))
    return target


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_what_was_written_is_read_back(tmp_path: Path, name: str) -> None:
    target = write(tmp_path / name)
    manifest = archive.verify(target)
    assert manifest.tables == {"theme": 1}
    assert manifest.files == [DIGEST]
    assert {name: file.read()[:3] for name, file in archive.parts(target)} == {
        "tables/theme.jsonl": b'{"t',
        f"files/{DIGEST}": b"xxx",
    }


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    assert stat.S_IMODE(write(tmp_path / "a.tar").stat().st_mode) == 0o600


def test_nothing_is_left_of_a_backup_that_failed(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), archive.writing(tmp_path / "a.tar.gz", 0) as writer:
        writer.add_bytes(f"files/{DIGEST}", b"x" * 100_000)
        raise OSError("disk full")
    assert list(tmp_path.iterdir()) == []


def test_an_older_backup_is_not_overwritten(tmp_path: Path) -> None:
    target = write(tmp_path / "a.tar")
    before = target.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        write(target)
    assert target.read_bytes() == before


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.98])
def test_a_truncated_backup_is_refused(tmp_path: Path, name: str, share: float) -> None:
    target = write(tmp_path / name)
    data = target.read_bytes()
    # A tar ends with blocks of zeros that say nothing; what counts ends before them.
    used = len(data) - 10240 if name == "a.tar" else len(data)
    target.write_bytes(data[: int(used * share)])
    with pytest.raises(BackupError, match="is refused"):
        archive.verify(target)


def test_one_changed_byte_is_found(tmp_path: Path) -> None:
    target = write(tmp_path / "a.tar")
    data = bytearray(target.read_bytes())
    data[data.index(b"xxx") + 5000] ^= 1
    target.write_bytes(data)
    with pytest.raises(BackupError, match=f"files/{DIGEST} is not what was backed up"):
        archive.verify(target)


def repack(target: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Take a backup apart, change it, and put it together again."""
    with tarfile.open(target) as tar:
        members = {m.name: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]  # files only
    change(members)
    with tarfile.open(target, "w") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda parts: parts.update({"tables/theme.jsonl": b"{}"}), "not what was backed up"),
        (lambda parts: parts.pop("tables/theme.jsonl"), "not what was backed up"),
        (lambda parts: parts.update({"tables/user.jsonl": b"{}"}), "not what was backed up"),
        (lambda parts: parts.update({"../../etc/passwd": b"x"}), "which no backup does"),
        (lambda parts: parts.update({"/tmp/x": b"x"}), "which no backup does"),
        (lambda parts: parts.pop("manifest.json"), "no manifest"),
        (lambda parts: parts.update({"manifest.json": b"[]"}), "manifest cannot be read"),
        (lambda parts: parts.update({"manifest.json": b"\xff"}), "manifest cannot be read"),
        (
            lambda parts: parts.update(
                {"manifest.json": json.dumps({"format": 99, "parts": {}}).encode()}
            ),
            "format 99",
        ),
    ],
)
def test_an_edited_backup_is_refused(
    tmp_path: Path, change: Callable[[dict[str, bytes]], None], why: str
) -> None:
    target = write(tmp_path / "a.tar")
    repack(target, change)
    with pytest.raises(BackupError, match=why):
        archive.verify(target)


def test_a_link_inside_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "a.tar"
    with tarfile.open(target, "w") as tar:
        member = tarfile.TarInfo("secret_key")
        member.type = tarfile.SYMTYPE
        member.linkname = "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(BackupError, match="which no backup does"):
        archive.verify(target)


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"hello")
    (tmp_path / "b.tar.gz").write_bytes(gzip.compress(b"hello"))
    for name in ("a.tar", "b.tar.gz"):
        with pytest.raises(BackupError, match="damaged or no backup"):
            archive.verify(tmp_path / name)
    with pytest.raises(BackupError, match="there is no file"):
        archive.verify(tmp_path / "c.tar")
