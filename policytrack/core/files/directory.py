"""Keep contents in a folder, each under its hash, never half written."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_HASH = re.compile(r"[0-9a-f]{64}")
# Where contents are written before they get their name; one file system with the rest.
_UNFINISHED = "unfinished"
_PIECE = 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StorageFull(OSError):
    """Say that a file could not be kept for want of room; nothing of it was."""

    def __init__(self) -> None:
        super().__init__(errno.ENOSPC, os.strerror(errno.ENOSPC))


def path_of(root: Path, sha256: str) -> Path:
    """Return where a content lies; raise `ValueError` for what is no hash."""
    if not _HASH.fullmatch(sha256):
        raise ValueError("not a content's hash")
    return root / sha256[:2] / sha256


def write(root: Path, sha256: str, data: bytes) -> None:
    """Keep a content, whole and on the disk, or raise and leave nothing behind.

    A content that is there already, whole, is only marked as wanted again (its time is what
    `leftovers` goes by). Raises `StorageFull` when there is no room.
    """
    target = path_of(root, sha256)
    if _is_whole(target, sha256):
        os.utime(target)
        return
    with unfinished(root) as file:
        file.write(data)
        file.keep(sha256)


class Unfinished:
    """Hold a content that has no name yet; it goes unless it is kept."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / _UNFINISHED / secrets.token_hex(16)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC
        self._file = os.open(self._path, flags, 0o600)

    def write(self, piece: bytes) -> None:
        """Write on."""
        left = memoryview(piece)
        while left:
            left = left[os.write(self._file, left) :]

    def copy(self, source: int) -> str:
        """Write what an open file holds, from its beginning, and return its hash."""
        digest, place = hashlib.sha256(), 0
        while piece := os.pread(source, _PIECE, place):
            digest.update(piece)
            self.write(piece)
            place += len(piece)
        return digest.hexdigest()

    def blank(self, start: int, length: int) -> None:
        """Overwrite a part with zeros."""
        while length > 0:
            done = os.pwrite(self._file, bytes(min(length, _PIECE)), start)
            start, length = start + done, length - done

    @contextmanager
    def reading(self) -> Iterator[int]:
        """Open it for others, who can change nothing."""
        descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def size(self) -> int:
        """Return how many bytes it has."""
        return os.fstat(self._file).st_size

    def sha256(self) -> str:
        """Return its hash, from what lies there."""
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def data(self) -> bytes:
        """Return it whole."""
        return self._path.read_bytes()

    def keep(self, sha256: str) -> None:
        """Give it its name, unless a whole one has that already, which is marked as wanted."""
        target = path_of(self._root, sha256)
        if _is_whole(target, sha256):
            os.utime(target)
            return
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.fsync(self._file)
        self._path.rename(target)
        _flush_folder(target.parent)
        _flush_folder(self._root)

    def close(self) -> None:
        """Let go of it, and remove it where it was not kept."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)


@contextmanager
def unfinished(root: Path) -> Iterator[Unfinished]:
    """Give a place for a content; raise `StorageFull` when there is no room, and leave nothing."""
    try:
        file = Unfinished(root)
        try:
            yield file
        finally:
            file.close()
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        raise


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(root: Path, sha256: str) -> BinaryIO:
    """Open a content; raise `FileNotFoundError` when it is gone."""
    return path_of(root, sha256).open("rb")


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def is_whole(root: Path, sha256: str) -> bool:
    """Tell whether a content is there and is what its name says."""
    return _is_whole(path_of(root, sha256), sha256)


def exists(root: Path, sha256: str) -> bool:
    """Tell whether a content is there."""
    return path_of(root, sha256).exists()


def remove(root: Path, sha256: str) -> None:
    """Remove a content, if it is there."""
    path_of(root, sha256).unlink(missing_ok=True)


def names(root: Path) -> Iterator[str]:
    """Return what lies in the folder, in order: hashes, and whatever else somebody put there."""
    if not root.is_dir():
        return
    for folder in sorted(root.iterdir()):
        if folder.name == _UNFINISHED:
            continue
        if not folder.is_dir():
            yield folder.name
            continue
        for entry in sorted(folder.iterdir()):
            right = _HASH.fullmatch(entry.name) and entry.name[:2] == folder.name
            yield entry.name if right else f"{folder.name}/{entry.name}"


def leftovers(root: Path, *, older_than: float) -> Iterator[str]:
    """Return the hashes of contents last wanted more than `older_than` seconds ago."""
    limit = time.time() - older_than
    for name in names(root):
        if _HASH.fullmatch(name):
            path = path_of(root, name)
            if path.stat().st_mtime < limit:
                yield name


def drop_unfinished(root: Path, *, older_than: float) -> int:
    """Remove what a killed process left half written; return how many there were."""
    limit = time.time() - older_than
    folder = root / _UNFINISHED
    dropped = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            dropped += 1
    return dropped
