"""Ask a warm parent for work, and watch over it: its time, its output, its end.

Each process that asks has one parent of its own, with any number of children at once: their
number is the asker's to limit, the readers' memory is shared by all, and when the process ends,
however it ends, the socket closes and all of it is gone.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from policytrack.core.isolation.limits import Limits
from policytrack.core.isolation.zygote import LENGTH_BYTES, MAX_FILES, OUT_OF_ROOM

# For the parent to import its readers on a busy machine.
START_SECONDS = 120.0
_TRIES = 3
_CHUNK = 256 * 1024
_MOST_STATUS = 64 * 1024
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_ROOT = Path(__file__).parents[2]
# What a library would load only because it is there: each child copies what its parent holds.
_WITHOUT = ("numpy",)
# Packages are empty there: what they import would start the whole application, and no reader needs
# it. Isolated: neither the environment nor the folder says where modules come from.
_START = """
import importlib.machinery, json, pathlib, sys
said = json.loads(sys.argv[1])
roots = {path.name: path for path in map(pathlib.Path, said["packages"])}
class Empty:
    @staticmethod
    def find_spec(name, path=None, target=None):
        top, *rest = name.split(".")
        if top not in roots or not (folder := roots[top].joinpath(*rest)).is_dir():
            return None
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        return spec
sys.meta_path.insert(0, Empty)
for name in said["without"]:
    sys.modules[name] = None
from policytrack.core.isolation.zygote import main
main(said["control"], said["modules"])
"""


class How(StrEnum):
    """Say how a piece of work ended."""

    DONE = "done"
    TOO_LONG = "too_long"
    TOO_MUCH = "too_much"
    OUT_OF_ROOM = "out_of_room"
    KILLED = "killed"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Ended:
    """Hold how a piece of work ended; `detail` is a signal's name or a traceback, for the log."""

    how: How
    detail: str = ""


@dataclass(slots=True)
class _Watch:
    """Hold what is known of a piece of work while it runs."""

    output: int
    status: socket.socket
    limits: Limits
    receive: Callable[[bytes], object]
    deadline: float = field(default_factory=lambda: time.monotonic() + START_SECONDS)
    received: int = 0
    told: bytes = b""

    def words(self) -> dict[str, str]:
        """Return what the parent said of the child so far: started, failed, ended."""
        lines = self.told.decode("utf-8", "replace").splitlines()
        return dict(line.partition(" ")[::2] for line in lines)


class Zygote:
    """Keep a warm parent for a set of modules; it is started when first wanted.

    `packages` are folders of packages beside this one from which modules may come.
    """

    def __init__(self, *modules: str, packages: Sequence[Path] = ()) -> None:
        self._modules = modules
        self._packages = [str(path) for path in (_ROOT, *packages)]
        self._lock = Lock()
        self._control: socket.socket | None = None
        _ALL.add(self)

    def run(
        self,
        work: str,
        *,
        arguments: Mapping[str, Any],
        files: Sequence[int] = (),
        limits: Limits,
        receive: Callable[[bytes], object],
    ) -> Ended:
        """Have `module:function` called with a `Job` in a process of its own, and wait for it.

        `files` are open descriptors, which stay the caller's. `receive` is handed each piece of
        the output as it comes; when the work did not end well, what came is not to be relied on.
        Raises `RuntimeError` when no parent can be started.
        """
        if len(files) > MAX_FILES:
            raise ValueError("too many files for one piece of work")
        request = {"work": work, "arguments": arguments, "limits": asdict(limits)}
        body = json.dumps(request).encode()
        for _try in range(_TRIES):
            ended = self._run_once(body, files, limits, receive)
            if ended is not None:
                return ended
        raise RuntimeError(f"no process for {work} could be started")

    def close(self) -> None:
        """End the parent and with it all its children."""
        with self._lock:
            self._drop()

    def _run_once(
        self,
        body: bytes,
        files: Sequence[int],
        limits: Limits,
        receive: Callable[[bytes], object],
    ) -> Ended | None:
        """Return how it ended, or None when it never began: the parent was on its way out."""
        output, theirs_out = os.pipe()
        status, theirs = socket.socketpair()
        try:
            try:
                sent = self._send(body, [theirs_out, theirs.fileno(), *files])
            finally:
                os.close(theirs_out)
                theirs.close()
            return _watched(_Watch(output, status, limits, receive)) if sent else None
        finally:
            os.close(output)
            status.close()  # by which the parent knows that the child is not wanted any more

    def _send(self, body: bytes, files: list[int]) -> bool:
        with self._lock:
            control = self._control or self._start()
            try:
                socket.send_fds(control, [len(body).to_bytes(LENGTH_BYTES, "big")], files)
                control.sendall(body)
            except (BrokenPipeError, ConnectionError):
                self._drop()
                return False
            return True

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        said = {
            "control": theirs.fileno(),
            "packages": self._packages,
            "modules": self._modules,
            "without": _WITHOUT,
        }
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own program
                [sys.executable, "-I", "-W", "ignore", "-c", _START, json.dumps(said)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                cwd="/",
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        # Taken leave of when it ends, so that it does not stay in the table of processes.
        Thread(target=process.wait, daemon=True, name="isolation").start()
        self._control = ours
        return ours

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None

    def _forget(self) -> None:
        """Let go, in a process forked from the one that asked, of what is not its own."""
        self._lock = Lock()
        self._drop()


_ALL: weakref.WeakSet[Zygote] = weakref.WeakSet()


def _for_all(act: Callable[[Zygote], None]) -> None:
    for zygote in list(_ALL):
        act(zygote)


atexit.register(_for_all, Zygote.close)
os.register_at_fork(after_in_child=lambda: _for_all(Zygote._forget))


def _watched(watch: _Watch) -> Ended | None:
    poll = select.poll()
    open_ends = {watch.output, watch.status.fileno()}
    for end in open_ends:
        poll.register(end, select.POLLIN)
    while open_ends:
        left = watch.deadline - time.monotonic()
        ready = poll.poll(left * 1000) if left > 0 else []
        if not ready:
            return Ended(How.TOO_LONG, "by the clock")
        for end, _events in ready:
            piece = os.read(end, _CHUNK)
            if not piece:
                poll.unregister(end)
                open_ends.discard(end)
            elif end == watch.output:
                watch.received += len(piece)
                if watch.received > watch.limits.output_bytes:
                    return Ended(How.TOO_MUCH)
                watch.receive(piece)
            else:
                _note(watch, piece)
    return _end(watch)


def _note(watch: _Watch, piece: bytes) -> None:
    if not watch.told:  # its time begins now
        watch.deadline = time.monotonic() + watch.limits.wall_seconds
    watch.told = (watch.told + piece)[:_MOST_STATUS]


def _end(watch: _Watch) -> Ended | None:
    words = watch.words()
    if "started" not in words and not watch.received:
        return None
    if "ended" not in words:
        return Ended(How.LOST, "the parent ended")
    try:
        code = int(words["ended"])
    except ValueError:  # the child wrote to where only its parent should
        return Ended(How.KILLED, "unreadable")
    if code == 0:
        return Ended(How.DONE)
    if code == -signal.SIGXCPU:
        return Ended(How.TOO_LONG, "of the processor")
    if code < 0:
        return Ended(How.KILLED, _signal_name(-code))
    if code == OUT_OF_ROOM:
        return Ended(How.OUT_OF_ROOM)
    detail = f"exit code {code}"
    with suppress(ValueError, KeyError):
        detail = str(json.loads(words["failed"]))
    return Ended(How.FAILED, detail)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
