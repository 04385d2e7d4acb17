"""Be the warm parent: import the readers once, then fork a child for each piece of work.

One thread, one loop. Requests come over a socket together with open files. What the loop tells of
a child goes over that request's own socket; when the caller lets go of it, the child is killed.
"""

from __future__ import annotations

import errno
import fcntl
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

from policytrack.core.isolation.limits import (
    Job,
    Limits,
    die_with,
    hold,
    take_memory_in_large_pieces,
)

# One that has nothing to do gives its memory back; the next request starts another.
IDLE_SECONDS = 120.0
LENGTH_BYTES = 4
MAX_FILES = 8
OUT_OF_ROOM = 3
# What a module has run once, before there are children: what is found out there, all of them know.
WARM_UP = "warm_up"
FAILED = 4
_FIRST_FILE = 3
# Above anything that is open here, so that moving files about overwrites none.
_HIGH = 512
_MOST_TOLD = 4_000


@dataclass(slots=True)
class _Parent:
    """Hold the loop's state: the control socket and the children by process number."""

    control: socket.socket
    selector: selectors.BaseSelector
    woken: int
    children: dict[int, socket.socket] = field(default_factory=dict)


def main(control: int, modules: list[str]) -> NoReturn:
    """Serve until the control socket closes or nothing was wanted for a while."""
    take_memory_in_large_pieces()
    for name in modules:
        warm_up = getattr(importlib.import_module(name), WARM_UP, None)
        if warm_up is not None:
            warm_up()
    # Children share these pages until they write to them; collecting would write to all.
    gc.collect()
    gc.freeze()
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _noted)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl+C is the caller's business
    parent = _Parent(socket.socket(fileno=control), selectors.DefaultSelector(), woken)
    parent.selector.register(parent.control, selectors.EVENT_READ)
    parent.selector.register(woken, selectors.EVENT_READ)
    while _turn(parent):
        pass
    for child in parent.children:
        _kill(child)
    os._exit(0)


def _noted(*_signal: object) -> None:
    """Take a signal; the loop is woken by the pipe."""


def _turn(parent: _Parent) -> bool:
    """Wait for something and see to it; return False when it is time to end."""
    ready = parent.selector.select(None if parent.children else IDLE_SECONDS)
    if not ready and not parent.children:
        return False
    for key, _events in ready:
        if key.fileobj is parent.control:
            if not _take(parent):
                return False
        elif key.fileobj == parent.woken:
            with suppress(BlockingIOError):
                os.read(parent.woken, 4096)
            _reap(parent)
        elif key.data in parent.children and _let_go(parent.children[key.data]):
            _kill(key.data)
            parent.selector.unregister(key.fileobj)
    return True


def _let_go(status: socket.socket) -> bool:
    try:
        return not status.recv(16)
    except OSError:
        return True


def _kill(child: int) -> None:
    # Its group, in case it has started others.
    for end in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            end(child, signal.SIGKILL)


def _reap(parent: _Parent) -> None:
    for child in list(parent.children):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid == 0:
            continue
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        told = parent.children.pop(child)
        with suppress(KeyError):
            parent.selector.unregister(told)
        with suppress(OSError):
            told.send(f"ended {os.waitstatus_to_exitcode(status)}\n".encode())
        told.close()


def _take(parent: _Parent) -> bool:
    """Take a request and fork its child; return False when the caller is gone."""
    try:
        head, files, _flags, _address = socket.recv_fds(parent.control, LENGTH_BYTES, MAX_FILES + 2)
    except ConnectionError:
        return False
    if len(head) < LENGTH_BYTES:
        return False
    request = json.loads(_exactly(parent.control, int.from_bytes(head, "big")))
    # Nobody else may collect: the loop still owns every file it was sent.
    me = os.getpid()
    child = os.fork()
    if child == 0:
        _be_child(request, files, me)
    with suppress(PermissionError, ProcessLookupError):
        os.setpgid(child, child)
    status = socket.socket(fileno=files[1])
    for number in (files[0], *files[2:]):
        os.close(number)
    with suppress(OSError):
        status.send(f"started {child}\n".encode())
    parent.children[child] = status
    parent.selector.register(status, selectors.EVENT_READ, child)
    return True


def _exactly(control: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = control.recv(length - len(parts))
        if not part:
            os._exit(0)
        parts += part
    return bytes(parts)


def _be_child(request: dict[str, Any], files: list[int], parent: int) -> NoReturn:
    """Do the work of one request and leave without any of the parent's endings."""
    code = FAILED
    try:
        die_with(parent)
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        count = _arrange(files)
        module, _, name = str(request["work"]).partition(":")
        work = getattr(sys.modules[module], name)
        hold(Limits(**request["limits"]), count)
        with os.fdopen(_FIRST_FILE, "wb", buffering=65536) as out:
            inputs = tuple(range(_FIRST_FILE + 2, count))
            _in_fresh_memory(lambda: work(Job(request["arguments"], inputs, out.write)))
        code = 0
    except (MemoryError, RecursionError):
        code = OUT_OF_ROOM
    except BaseException as error:  # noqa: BLE001 - told to the caller, whatever it is
        code = _tell(error)
    finally:
        os._exit(code)


def _in_fresh_memory(act: Callable[[], object]) -> None:
    """Call something in a thread, which has memory of its own to take from.

    In the parent's, every piece that is taken would first have to be copied, page by page.
    """
    raised: list[BaseException] = []
    done = allocate_lock()
    done.acquire()

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            raised.append(error)
        finally:
            done.release()

    start_new_thread(run, ())
    done.acquire()
    if raised:
        raise raised[0]


def _tell(error: BaseException) -> int:
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return OUT_OF_ROOM
    told = json.dumps("".join(traceback.format_exception(error))[-_MOST_TOLD:])
    with suppress(OSError):
        os.write(_FIRST_FILE + 1, f"failed {told}\n".encode())
    return FAILED


def _arrange(files: list[int]) -> int:
    """Leave open the files of this request only, from the lowest number on; return how many."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(_FIRST_FILE):
        os.dup2(nothing, standard)
    kept = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _HIGH) for number in files]
    os.closerange(_FIRST_FILE, _HIGH)
    for place, number in enumerate(kept, _FIRST_FILE):
        os.dup2(number, place, inheritable=False)
    os.closerange(_HIGH, _HIGH + 2 * len(kept) + 16)
    return _FIRST_FILE + len(kept)
