"""Keep the index in generations: built beside, swapped in whole, removed when replaced.

`index/current` is a link to the generation in use; it moves in one step. A generation says in
`generation.json` which life of the database and which way of taking texts apart it was made for;
how far it has followed the change log stands in the index itself, committed with what it speaks
of, so that a killed writer repeats work and never skips any.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from policytrack.core import locks
from policytrack.search.index.schema import CURSOR_KEY, FINGERPRINT, SCHEMA, cursor_row
from policytrack.search.index.writing import Writer

_ROOT = "index"
_CURRENT = "current"
_STATE = "generation.json"
# A reader that stumbles over the index leaves this; the follower then reads it through.
_DOUBTED = "doubted"
_NAME = "whoosh"
_ATTEMPTS = 3


class Unusable(Exception):
    """Say why there is no index to search: none yet, foreign, outdated or damaged."""


class Busy(Exception):
    """Say that another process of this machine is writing the index."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Hold one generation: its folder and the life of the database it was made for.

    `begun` is the number of the last change when it was begun. Words that were taken out since
    then may be left in its files, though no search finds them.
    """

    folder: Path
    epoch: str
    begun: int = 0

    def index(self) -> FileIndex:
        """Open it; raises whatever a damaged file makes Whoosh raise."""
        storage = _storage(self.folder)
        for _again in range(_ATTEMPTS):
            # A commit may put another table in the place of the one that was just found.
            with suppress(FileNotFoundError):
                return FileIndex(storage, schema=SCHEMA, indexname=_NAME)
        return FileIndex(storage, schema=SCHEMA, indexname=_NAME)


class _Storage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """Bring a commit's files to the disk before the table that names them.

    Whoosh leaves that to the system, and a loss of power may then leave a table of files that were
    never written. What an earlier table names was brought there before that.
    """

    def __init__(self, folder: Path) -> None:
        # Not mapped into memory: a mapped file that somebody truncates ends the process.
        super().__init__(str(folder), supports_mmap=False)
        self._made: set[str] = set()

    def create_file(self, name: str, *options: Any, **named: Any) -> Any:
        """Create a file."""
        self._made.add(name)
        return super().create_file(name, *options, **named)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file; a table of contents only after what it names is on the disk."""
        if newname.endswith(".toc"):
            for name in self._made.intersection(self.list()):
                _bring_to_disk(Path(self.folder) / name)
            self._made.clear()
        super().rename_file(oldname, newname, safe)


def _bring_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _storage(folder: Path) -> FileStorage:
    return _Storage(folder)


def root(app: Flask) -> Path:
    """Return the folder of this machine's index."""
    return Path(app.instance_path) / _ROOT


@contextmanager
def sole_writer(app: Flask) -> Iterator[None]:
    """Be the only writer of this machine's index; raise `Busy` where there is one already."""
    with locks.sole(Path(app.instance_path) / "locks" / "index") as alone:
        if not alone:
            raise Busy("another process of this machine is writing the search index")
        yield


def current(app: Flask) -> Generation:
    """Return the generation in use; raise `Unusable` where it cannot be trusted."""
    # Asked before every search: paths as texts cost a fifth of what they do as objects.
    folder = f"{app.instance_path}/{_ROOT}"
    try:
        name = os.readlink(f"{folder}/{_CURRENT}")  # noqa: PTH115 - see above
        state = os.stat(f"{folder}/{name}/{_STATE}")  # noqa: PTH116 - see above
    except OSError:
        raise Unusable("there is no index yet") from None
    return _read(f"{folder}/{name}", (state.st_mtime_ns, state.st_ino), FINGERPRINT)


@lru_cache(maxsize=8)
def _read(name: str, _written: tuple[int, int], fingerprint: str) -> Generation:
    """Return a generation; its state is written once, and read once for each time it was."""
    folder = Path(name)
    try:
        state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        made_for, epoch = str(state["fingerprint"]), str(state["epoch"])
        begun = int(state.get("begun", 0))
    except OSError:
        raise Unusable("there is no index yet") from None
    except (ValueError, KeyError, TypeError):
        raise Unusable("the index does not say what it was made for") from None
    if made_for != fingerprint:
        raise Unusable("the index was made by another version")
    return Generation(folder, epoch, begun)


def doubt(generation: Generation) -> None:
    """Ask the follower to read a generation through: something in it could not be read."""
    try:
        (generation.folder / _DOUBTED).touch()
    except FileNotFoundError:
        return  # it has been replaced meanwhile


def doubted(generation: Generation) -> bool:
    """Tell whether a reader stumbled over a generation."""
    return (generation.folder / _DOUBTED).exists()


def trust(generation: Generation) -> None:
    """Take a doubt back: the index was read through and is sound."""
    (generation.folder / _DOUBTED).unlink(missing_ok=True)


def read_through(generation: Generation) -> None:
    """Read all of an index and check it; raises whatever a damaged file makes Whoosh raise."""
    reader = generation.index().reader()
    try:
        cursor(reader)
        for leaf, _offset in reader.leaf_readers():
            leaf._terms.file.check()
    finally:
        reader.close()


def begin(app: Flask, epoch: str, begun: int = 0) -> Generation:
    """Make an empty generation beside the one in use."""
    folder = root(app) / f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True, mode=0o700)
    state = {"epoch": epoch, "fingerprint": FINGERPRINT, "begun": begun}
    (folder / _STATE).write_text(json.dumps(state), encoding="utf-8")
    FileIndex.create(_storage(folder), SCHEMA, _NAME)
    return Generation(folder, epoch, begun)


def install(app: Flask, generation: Generation) -> None:
    """Put a finished generation into use and remove all others.

    Readers that still have an old one open keep it until they look again: its files are gone from
    the folder, not from under them.
    """
    beside = root(app) / f".{secrets.token_hex(4)}"
    beside.symlink_to(generation.folder.name)
    beside.replace(root(app) / _CURRENT)
    sweep(app)


def sweep(app: Flask) -> None:
    """Remove what is not in use: replaced generations, and those whose writer was killed."""
    link = root(app) / _CURRENT
    used = link.readlink().name if link.is_symlink() else ""
    for entry in root(app).iterdir():
        if entry.name in {_CURRENT, used}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def discard(generation: Generation) -> None:
    """Remove a generation that was not finished."""
    shutil.rmtree(generation.folder, ignore_errors=True)


def cursor(reader: Any) -> int:
    """Return the number of the last change that an open index holds; raise `Unusable`."""
    if ("key", CURSOR_KEY) in reader:
        for number in reader.postings("key", CURSOR_KEY).all_ids():
            return int(reader.stored_fields(number)["digest"])
    raise Unusable("the index does not say how far it has come")


@contextmanager
def writing(generation: Generation, seq: int, *, memory_mb: int = 64) -> Iterator[Any]:
    """Yield a writer; commit what was written together with how far that brings the index.

    Whatever fails on the way leaves the index as it was and its lock free.
    """
    writer = Writer(generation.index(), memory_mb=memory_mb)
    try:
        yield writer
        writer.delete_by_term("key", CURSOR_KEY)
        writer.add_document(**cursor_row(seq))
        writer.commit()
    except BaseException:
        _abandon(writer)
        raise


def _abandon(writer: Any) -> None:
    # A commit that fails (a full disk) leaves Whoosh's lock held by this process for good.
    try:
        if not writer.is_closed:
            writer.cancel()
    except Exception:  # noqa: BLE001 - the first failure is the one to tell
        writer.is_closed = True
    finally:
        if writer.writelock is not None and writer.writelock.fd is not None:
            writer.writelock.release()
