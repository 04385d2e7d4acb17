"""Keep a backup in one tar file: its parts, and last a manifest with the sum of each.

A file that ends early has no manifest, one that was damaged or edited has other sums: both are
refused. Members are only ever read by the names listed here, never unpacked by path.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

FORMAT = 1
MANIFEST = "manifest.json"
SECRET = "secret_key"  # noqa: S105 - the name of a part
_NAME = re.compile(r"tables/[a-z0-9_]{1,63}\.jsonl|files/[0-9a-f]{64}|secret_key")
_MAX_MANIFEST_BYTES = 256 * 1024 * 1024
_CHUNK = 1024 * 1024
_IN_MEMORY = 4 * 1024 * 1024


class BackupError(Exception):
    """Say in one line why a backup cannot be made, trusted or restored."""


@dataclass(frozen=True, slots=True)
class Part:
    """Hold what the manifest says of one part; `rows` only for a table."""

    sha256: str
    size: int
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hold what a backup is, and the sum of each of its parts."""

    created_at: str
    program: str
    revision: str
    database: str
    parts: Mapping[str, Part] = field(default_factory=dict)
    missing_files: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def tables(self) -> dict[str, int]:
        """Return the number of rows by table."""
        return {
            name.removeprefix("tables/").removesuffix(".jsonl"): part.rows or 0
            for name, part in self.parts.items()
            if name.startswith("tables/")
        }

    @property
    def files(self) -> list[str]:
        """Return the sums of the stored files inside."""
        return [name.removeprefix("files/") for name in self.parts if name.startswith("files/")]


class Writer:
    """Add parts to a backup that is being written."""

    def __init__(self, tar: tarfile.TarFile, folder: Path, now: float) -> None:
        self._tar = tar
        self._folder = folder
        self._now = int(now)
        self.parts: dict[str, Part] = {}

    def add(self, name: str, write: Callable[[IO[bytes]], int | None]) -> Part:
        """Add a part; `write` fills the file it is given and returns how many rows that were."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(self._folder)) as part:
            rows = write(part)
            size = part.tell()
            part.seek(0)
            digest = hashlib.sha256()
            while chunk := part.read(_CHUNK):
                digest.update(chunk)
            part.seek(0)
            self._put(name, size, part)
        self.parts[name] = Part(digest.hexdigest(), size, rows)
        return self.parts[name]

    def add_bytes(self, name: str, data: bytes) -> Part:
        """Add a part that is at hand."""
        self._put(name, len(data), BytesIO(data))
        self.parts[name] = Part(hashlib.sha256(data).hexdigest(), len(data))
        return self.parts[name]

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest; nothing comes after it."""
        data = json.dumps(asdict(manifest), indent=1).encode()
        self._put(MANIFEST, len(data), BytesIO(data))

    def _put(self, name: str, size: int, data: Any) -> None:
        member = tarfile.TarInfo(name)
        member.size = size
        member.mode = 0o600
        member.mtime = self._now
        self._tar.addfile(member, data)


@contextmanager
def writing(target: Path, now: float) -> Iterator[Writer]:
    """Write a backup beside its place and move it there once it is whole and on the disk.

    Only the owner may read it. Raises `BackupError` where the target exists, `OSError` where the
    disk refuses; then nothing is left.
    """
    if target.exists():
        raise BackupError(f"{target} exists already; choose another name or move it away")
    descriptor, name = tempfile.mkstemp(
        prefix=f".{target.name}.", suffix=".partial", dir=target.parent
    )
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with ExitStack() as stack:
                stream: Any = file
                if target.suffix in {".gz", ".tgz"}:
                    stream = stack.enter_context(gzip.GzipFile("", "wb", 6, file, now))
                tar = stack.enter_context(
                    tarfile.open(fileobj=stream, mode="w:", format=tarfile.PAX_FORMAT)
                )
                yield Writer(tar, target.parent, now)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
        _sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse(path: Path, why: str) -> BackupError:
    return BackupError(f"{path.name} is refused: {why}")


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:*") as tar:
            yield tar
    except FileNotFoundError:
        raise BackupError(f"there is no file {path}") from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _refuse(path, f"it is damaged or no backup ({error})") from None


def _parse(path: Path, data: bytes) -> Manifest:
    try:
        given = json.loads(data)
        if given["format"] != FORMAT:
            raise _refuse(path, f"its format {given['format']!r} is not known to this version")
        return Manifest(
            created_at=str(given["created_at"]),
            program=str(given["program"]),
            revision=str(given["revision"]),
            database=str(given["database"]),
            missing_files=tuple(given["missing_files"]),
            parts={
                name: Part(str(part["sha256"]), int(part["size"]), part["rows"])
                for name, part in given["parts"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _refuse(path, "its manifest cannot be read") from None


def _sum(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _members(tar: tarfile.TarFile, path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        file = tar.extractfile(member) if member.isreg() else None
        if file is None or not (member.name == MANIFEST or _NAME.fullmatch(member.name)):
            raise _refuse(path, f"it holds {member.name[:80]!r}, which no backup does")
        with file:
            yield member.name, file


def verify(path: Path) -> Manifest:
    """Read a whole backup and return its manifest; raise `BackupError` unless every sum holds."""
    found: dict[str, tuple[str, int]] = {}
    manifest: Manifest | None = None
    with _opened(path) as tar:
        for name, file in _members(tar, path):
            if name in found or (name == MANIFEST and manifest is not None):
                raise _refuse(path, f"it holds {name} twice")
            if name == MANIFEST:
                manifest = _parse(path, file.read(_MAX_MANIFEST_BYTES))
            else:
                found[name] = _sum(file)
        _sum(cast(IO[bytes], tar.fileobj))  # to the end: a compressed stream ends with its own sum
    if manifest is None:
        raise _refuse(path, "it ends early: there is no manifest")
    told = {name: (part.sha256, part.size) for name, part in manifest.parts.items()}
    for name in sorted(told.keys() | found.keys()):
        if told.get(name) != found.get(name):
            raise _refuse(path, f"{name} is not what was backed up")
    return manifest


def parts(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and content of each part of a verified backup, in their order."""
    with _opened(path) as tar:
        for name, file in _members(tar, path):
            if name != MANIFEST:
                yield name, file
