"""Say what isolated work may use, and hold a process to it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

MEGABYTE = 1024 * 1024
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound one piece of work; what breaks a bound is ended, and nothing else with it.

    `more_files` is how many files it may open beside those handed to it: none, unless it starts a
    program that has files of its own.
    """

    cpu_seconds: int = 20
    wall_seconds: float = 60.0
    memory_bytes: int = 1024 * MEGABYTE
    output_bytes: int = 64 * MEGABYTE
    more_files: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """Hold what a piece of work is given: its arguments, open files, and where its answer goes."""

    arguments: Mapping[str, Any]
    files: tuple[int, ...]
    write: Callable[[bytes | memoryview], object]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bound a part of a piece of work more closely than the whole."""

    cpu_seconds: int
    memory_bytes: int


def narrow(stretch: Stretch) -> None:
    """Hold this process to closer limits from now on, until they are set anew."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soften(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + stretch.cpu_seconds)
    _soften(resource.RLIMIT_AS, stretch.memory_bytes)


def _soften(what: int, wanted: int) -> None:
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(
        what, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )


# Looked up once: after the limits are set nothing more can be loaded.
_libc = ctypes.CDLL(None)
_prctl = getattr(_libc, "prctl", None) if sys.platform == "linux" else None
_mallopt = getattr(_libc, "mallopt", None)
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3


def die_with(parent: int) -> None:
    """Have the system end this process when its parent ends, where the system can."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # it had ended before
        os._exit(1)


def take_memory_in_large_pieces() -> None:
    """Have the memory of this process and its children grow by megabytes, where that can be said.

    A child lives for some milliseconds: giving memory back and asking for it again is a good part
    of its work.
    """
    if _mallopt is not None:
        _mallopt(_M_TOP_PAD, 4 * MEGABYTE)
        _mallopt(_M_TRIM_THRESHOLD, 64 * MEGABYTE)
        _mallopt(_M_MMAP_THRESHOLD, 4 * MEGABYTE)


def hold(limits: Limits, open_files: int) -> None:
    """Set the limits on this process; no file may be written whatever they say."""
    for what, soft, hard in (
        # The first ends it with a signal of its own, by which the caller knows why.
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (
            resource.RLIMIT_NOFILE,
            open_files + limits.more_files,
            open_files + limits.more_files,
        ),
    ):
        with suppress(ValueError, OSError):  # a lower limit from outside stays
            resource.setrlimit(what, (soft, hard))
