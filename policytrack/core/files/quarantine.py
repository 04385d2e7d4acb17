"""Run the examination of a file in a process of its own, with little time and memory.

A file made to hang or to swell takes that process with it and nothing else; one made to break in
finds no secret in its environment and may not write a file.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from policytrack.core.files.kinds import BY_EXTENSION, Found
from policytrack.core.files.refusals import Reason, Refused
from policytrack.core.isolation import Ended, How, Limits, Zygote

log = logging.getLogger(__name__)

_EXAMINATION = "policytrack.core.files.examination"
_WORK = f"{_EXAMINATION}:work"
_MEGABYTE = 1024 * 1024
# What is kept is about as large as what came; an upload's size is limited by a setting.
LIMITS = Limits(
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
# The line that says what was found: longer only for a file of tens of thousands of photographs.
_LONGEST_LINE = 1024 * 1024


class Examination:
    """Hold one examination: what is asked, and what came of it.

    Whoever has a process for the same file already runs `examination.answer` there, with
    `arguments`, hands what it writes to `receive` and how it ended to `end`; `examine` does it all.
    What is to be kept instead of the file goes to `keep`, piece by piece.
    """

    def __init__(
        self, size: int, extension: str, keep: Callable[[bytes], object], *, library: bool
    ) -> None:
        self._size = size
        # Only a known extension is handed on: a name may hold anything, of any length.
        claimed = extension if extension in BY_EXTENSION else ""
        self.arguments = {"extension": claimed, "library": library}
        self._keep = keep
        self._line = b""
        self._answer: dict[str, Any] | None = None
        self._kept = 0
        self._ended: Ended | None = None

    def receive(self, piece: bytes) -> None:
        """Take the next piece of the answer."""
        if self._answer is None:
            line, end, piece = (self._line + piece).partition(b"\n")
            self._line = line[: _LONGEST_LINE + 1]
            if end:
                self._answer = _read(line)
        if piece:
            self._kept += len(piece)
            self._keep(piece)

    def end(self, ended: Ended) -> None:
        """Take how the process ended."""
        self._ended = ended

    def found(self) -> Found:
        """Return what the file is; raise `Refused` when it is not taken."""
        ended = self._ended
        if ended is not None and ended.how is How.FAILED:
            raise RuntimeError(f"the examination failed: {ended.detail}")
        if ended is None or ended.how is not How.DONE or self._answer is None:
            # Out of time or room, or the library broke down.
            log.warning("a file of %d bytes ended its examination: %s", self._size, ended)
            raise Refused(Reason.TOO_HARD)
        if "reason" in self._answer:
            raise Refused(Reason(self._answer["reason"]), **self._answer["values"])
        if self._answer["size"] not in {None, self._kept}:
            raise Refused(Reason.TOO_HARD)
        return Found(self._answer["found"])

    @property
    def replaced(self) -> bool:
        """Tell whether what went to `keep` is to be kept instead of the file."""
        return self._answer is not None and self._answer["size"] is not None

    @property
    def blanked(self) -> list[tuple[int, int]]:
        """Return which parts of the file are to become zeros: each start and length."""
        parts = [(int(start), int(length)) for start, length in (self._answer or {})["blanked"]]
        if any(start < 0 or length < 0 or start + length > self._size for start, length in parts):
            raise Refused(Reason.TOO_HARD)
        return parts


_TOO_HARD: dict[str, Any] = {"reason": Reason.TOO_HARD.value, "values": {}}


def _read(line: bytes) -> dict[str, Any]:
    # Written by a process that hostile bytes may have taken over.
    try:
        answer = json.loads(line) if len(line) <= _LONGEST_LINE else None
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else _TOO_HARD


def examine(data: bytes, extension: str, *, library: bool = False) -> tuple[Found, bytes]:
    """Return what a file is and the bytes to keep; raise `Refused` when it is not taken."""
    output = bytearray()
    examination = Examination(len(data), extension, output.extend, library=library)
    with _SEATS, tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        ended = _ZYGOTE.run(
            _WORK,
            arguments=examination.arguments,
            files=[file.fileno()],
            limits=LIMITS,
            receive=examination.receive,
        )
    examination.end(ended)
    found = examination.found()
    if examination.replaced:
        return found, bytes(output)
    if blanked := examination.blanked:
        changed = bytearray(data)
        for start, length in blanked:
            changed[start : start + length] = bytes(length)
        return found, bytes(changed)
    return found, data
