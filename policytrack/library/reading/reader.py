"""Read a file and say what came of it, whatever the file is."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

from policytrack.core import isolation
from policytrack.core.files import quarantine
from policytrack.core.files.quarantine import Examination
from policytrack.core.isolation import Ended, How, Zygote
from policytrack.library.reading import wire
from policytrack.library.reading.limits import LIMITS, Limits
from policytrack.library.reading.results import Kind, Outcome, Reading

log = logging.getLogger(__name__)

WORKER = "policytrack.library.reading.worker"
_RENDERING = "policytrack.library.reading.rendering"
# One for each process that reads; it ends by itself when nothing was read for a while.
ZYGOTE = Zygote(WORKER, _RENDERING)
# A reading that was lost because its parent was ended is tried once more.
_TRIES = 2
_EXTENSION = 16


def read(
    file: Path | int,
    extension: str = "",
    *,
    limits: Limits = LIMITS,
    examination: Examination | None = None,
) -> Reading:
    """Return what a file holds; it is read in a process of its own and costs only itself.

    `file` is a path or an open descriptor, whose position moves. `extension` is what the name
    claims, without its dot. An `examination` of the same file is carried out on the way, unless
    what was read is nothing to take. Call it outside any transaction: a page takes some
    milliseconds.
    Raises `OSError` when the file cannot be opened, `RuntimeError` when reading itself is broken.
    """
    if isinstance(file, int):
        return _read(file, extension, limits, examination)
    # Not blocking: a pipe in place of a file would wait for ever.
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        return _read(descriptor, extension, limits, examination)
    finally:
        os.close(descriptor)


def _read(
    descriptor: int, extension: str, limits: Limits, examination: Examination | None
) -> Reading:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return Reading(Outcome.REFUSED, Kind.UNKNOWN, "no_file")
    arguments: dict[str, object] = {
        "extension": extension.lower()[:_EXTENSION],
        "limits": limits.as_dict(),
    }
    if examination is not None:
        arguments["examination"] = _asked(examination)
    for _try in range(_TRIES):
        receiver = wire.Receiver(
            limits.output_bytes, examination.receive if examination is not None else None
        )
        try:
            ended = ZYGOTE.run(
                f"{WORKER}:work",
                arguments=arguments,
                files=[descriptor],
                limits=_bounds(limits, examination),
                receive=receiver.take,
            )
            if examination is not None and receiver.ended:
                examination.end(ended)
                return receiver.reading()
            if ended.how is How.DONE:
                return receiver.reading()
        except ValueError:
            return Reading(Outcome.BROKEN, Kind.UNKNOWN, "answer")
        except wire.TooMuch:
            ended = Ended(How.TOO_MUCH)
        if ended.how is not How.LOST:
            break
    return _failed(ended)


def _asked(examination: Examination) -> dict[str, object]:
    return {
        "arguments": examination.arguments,
        "cpu_seconds": quarantine.LIMITS.cpu_seconds,
        "memory_bytes": quarantine.LIMITS.memory_bytes,
    }


def _bounds(limits: Limits, examination: Examination | None) -> isolation.Limits:
    more = quarantine.LIMITS
    if examination is None:
        more = isolation.Limits(0, 0.0, 0, 0)
    return isolation.Limits(
        cpu_seconds=limits.cpu_seconds + more.cpu_seconds,
        wall_seconds=limits.wall_seconds + more.wall_seconds,
        memory_bytes=max(limits.memory_bytes, more.memory_bytes),
        output_bytes=limits.output_bytes + more.output_bytes,
        more_files=more.more_files,
    )


def _failed(ended: Ended) -> Reading:
    if ended.how is How.FAILED:
        raise RuntimeError(f"the reading failed: {ended.detail}")
    log.warning("the reading of a file ended: %s %s", ended.how, ended.detail)
    if ended.how is How.KILLED:
        return Reading(Outcome.BROKEN, Kind.UNKNOWN, f"killed:{ended.detail}")
    return Reading(Outcome.TOO_HARD, Kind.UNKNOWN, ended.how.value)
