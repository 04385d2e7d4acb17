"""Run the examination of a file in a process of its own, with little time and memory.

A file made to hang or to swell takes that process with it and nothing else; one made to break in
finds no secret in its environment and may not write a file.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from policytrack.core.files.kinds import BY_EXTENSION, Found
from policytrack.core.files.refusals import Reason, Refused

log = logging.getLogger(__name__)

WALL_SECONDS = 60.0
# Each may take a processor and a good deal of memory; the others wait for their turn.
_SEATS = BoundedSemaphore(2)
# The packages above the examination start the whole application when imported; it needs none of
# that, so they are stood in for by empty ones. A tenth of a second instead of a whole one.
_START = """
import sys, types
for name, path in zip(sys.argv[2::2], sys.argv[3::2]):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [path]
from policytrack.core.files.examination import main
main()
"""
_HERE = Path(__file__).parent
_STAND_INS = (
    ("policytrack", _HERE.parent.parent),
    ("policytrack.core", _HERE.parent),
    ("policytrack.core.files", _HERE),
)
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


def examine(data: bytes, extension: str) -> tuple[Found, bytes]:
    """Return what a file is and the bytes to keep; raise `Refused` when it is not taken."""
    with _SEATS:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and our own program
                _command(extension),
                input=data,
                capture_output=True,
                timeout=WALL_SECONDS,
                check=False,
                cwd="/",
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        except subprocess.TimeoutExpired:
            log.warning("a file of %d bytes was given up after %d s", len(data), WALL_SECONDS)
            raise Refused(Reason.TOO_HARD) from None
    if done.returncode < 0:  # ended by a signal: out of time, or the library broke down
        log.warning("a file of %d bytes ended its examination: %d", len(data), done.returncode)
        raise Refused(Reason.TOO_HARD)
    if done.returncode > 0:
        raise RuntimeError(
            f"the examination failed: {done.stderr[-2000:].decode(errors='replace')}"
        )
    return _read(done.stdout)


def _command(extension: str) -> list[str]:
    # Only a known extension goes on a command line: a name may hold anything, of any length.
    claimed = extension if extension in BY_EXTENSION else ""
    stand_ins = [part for name, path in _STAND_INS for part in (name, str(path))]
    # Isolated: neither the environment nor the folder says where modules come from.
    return [sys.executable, "-I", "-W", "ignore", "-c", _START, claimed, *stand_ins]


def _read(output: bytes) -> tuple[Found, bytes]:
    line, _, kept = output.partition(b"\n")
    answer = json.loads(line)
    if "reason" in answer:
        raise Refused(Reason(answer["reason"]), **answer["values"])
    return Found(answer["found"]), kept
