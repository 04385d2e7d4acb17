"""Look at one file of a folder: its hash, whether it may be kept, what can be read from it.

Nothing here needs the database, so that several files are looked at side by side.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Semaphore

from policytrack.core import errors, files
from policytrack.core.files import Arriving
from policytrack.core.files.directory import StorageFull
from policytrack.core.files.kinds import extension_of
from policytrack.library import reading
from policytrack.library.reading import Outcome, Reading
from policytrack.library.service.importing import Arrival

# The library keeps what is too large to be sent through a browser.
MEGABYTES = 512
NO_ROOM = "there is no room left to keep it"


class Ended(StrEnum):
    """Say what became of a file."""

    TAKEN = "taken"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WITHOUT_TEXT = "without_text"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Looked:
    """Hold what a file was found to be: an arrival, or why it is not taken."""

    arrival: Arrival | None = None
    sha256: str = ""
    ended: Ended | None = None
    reason: str = ""
    reading: Reading | None = None


def look(
    root: Path,
    path: str,
    known: Collection[str],
    refused: Collection[str] = (),
    *,
    seats: Semaphore,
    keep: bool = False,
) -> Looked:
    """Look at the file at a path below a folder.

    Of a content in `known`, or in `refused`, by its hash, nothing but the hash is found out. Who
    reads takes one of the `seats`; who waits for the disk leaves it to another. `keep`: what may be
    kept is laid down where contents lie, for the transaction that will name it.
    """
    try:
        descriptor = _open(root, path)
    except OSError as error:
        return Looked(ended=Ended.REFUSED, reason=f"it cannot be opened: {error.strerror}")
    with os.fdopen(descriptor, "rb") as file:
        try:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 in known or sha256 in refused:
                return Looked(Arrival(sha256), sha256)
            return _look_inside(descriptor, path, sha256, refused, seats, keep)
        except StorageFull:
            return Looked(sha256=sha256, ended=Ended.REFUSED, reason=NO_ROOM)
        except OSError as error:
            return Looked(ended=Ended.REFUSED, reason=f"it cannot be read: {error.strerror}")


def _open(root: Path, path: str) -> int:
    # Looked at once more: what was a file when the folder was walked may be a link by now.
    target = Path(root, path).resolve(strict=True)
    if not target.is_relative_to(root):
        raise PermissionError(1, "it leads out of the folder")
    descriptor = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise PermissionError(1, "it is no regular file")
    return descriptor


def _look_inside(
    descriptor: int,
    path: str,
    sha256: str,
    refused: Collection[str],
    seats: Semaphore,
    keep: bool,
) -> Looked:
    size = os.fstat(descriptor).st_size
    if size == 0:
        return Looked(sha256=sha256, ended=Ended.BROKEN, reason="it is empty")
    if size > MEGABYTES * 1024 * 1024:
        reason = f"it is larger than {MEGABYTES} megabytes"
        return Looked(sha256=sha256, ended=Ended.REFUSED, reason=reason)
    with files.arriving(descriptor, name=Path(path).name) as file:
        if file.sha256 != sha256:
            return Looked(sha256=sha256, ended=Ended.REFUSED, reason="it changed meanwhile")
        with seats:
            found = reading.read(file.descriptor, extension_of(path), examination=file.examination)
        return _examined(file, found, refused, keep)


def _examined(file: Arriving, found: Reading, refused: Collection[str], keep: bool) -> Looked:
    sha256 = file.sha256
    if found.outcome in _NOT_TAKEN:
        return Looked(
            sha256=sha256, ended=_NOT_TAKEN[found.outcome], reason=found.reason, reading=found
        )
    try:
        accepted = file.accept(keep=keep, refused=refused)
    except errors.InvalidInput as refusal:
        return Looked(
            sha256=sha256, ended=Ended.REFUSED, reason=str(refusal.message), reading=found
        )
    return Looked(Arrival(sha256, accepted, found), sha256, reading=found)


_NOT_TAKEN = {
    Outcome.ENCRYPTED: Ended.ENCRYPTED,
    Outcome.BROKEN: Ended.BROKEN,
    Outcome.TOO_HARD: Ended.REFUSED,
    Outcome.REFUSED: Ended.REFUSED,
}
