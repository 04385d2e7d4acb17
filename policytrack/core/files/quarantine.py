"""Run the examination of a file in a process of its own, with little time and memory.

A file made to hang or to swell takes that process with it and nothing else; one made to break in
finds no secret in its environment and may not write a file.
"""

from __future__ import annotations

import json
import logging
import tempfile
from threading import BoundedSemaphore

from policytrack.core.files.kinds import BY_EXTENSION, Found
from policytrack.core.files.refusals import Reason, Refused
from policytrack.core.isolation import How, Limits, Zygote

log = logging.getLogger(__name__)

_EXAMINATION = "policytrack.core.files.examination"
_WORK = f"{_EXAMINATION}:work"
_MEGABYTE = 1024 * 1024
# What is kept is about as large as what came; an upload's size is limited by a setting.
_LIMITS = Limits(
    cpu_seconds=20,
    wall_seconds=60.0,
    memory_bytes=1536 * _MEGABYTE,
    output_bytes=1536 * _MEGABYTE,
    # pypdf and zipfile load parts of themselves when a file asks for them.
    more_files=4,
)
_ZYGOTE = Zygote(_EXAMINATION)
# Each may take a processor and a good deal of memory; the others wait for their turn.
_SEATS = BoundedSemaphore(2)


def examine(data: bytes, extension: str, *, library: bool = False) -> tuple[Found, bytes]:
    """Return what a file is and the bytes to keep; raise `Refused` when it is not taken."""
    # Only a known extension is handed on: a name may hold anything, of any length.
    claimed = extension if extension in BY_EXTENSION else ""
    output = bytearray()
    with _SEATS, tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        ended = _ZYGOTE.run(
            _WORK,
            arguments={"extension": claimed, "library": library},
            files=[file.fileno()],
            limits=_LIMITS,
            receive=output.extend,
        )
    if ended.how is How.FAILED:
        raise RuntimeError(f"the examination failed: {ended.detail}")
    if ended.how is not How.DONE:  # out of time or room, or the library broke down
        log.warning("a file of %d bytes ended its examination: %s", len(data), ended)
        raise Refused(Reason.TOO_HARD)
    return _read(bytes(output))


def _read(output: bytes) -> tuple[Found, bytes]:
    line, _, kept = output.partition(b"\n")
    answer = json.loads(line)
    if "reason" in answer:
        raise Refused(Reason(answer["reason"]), **answer["values"])
    return Found(answer["found"]), kept
