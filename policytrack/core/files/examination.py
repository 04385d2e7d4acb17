"""Examine one file: what it is, whether it may be taken, and what remains of it.

It needs nothing but the bytes, so that `quarantine` can run it in a process of its own.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from dataclasses import dataclass

from policytrack.core.files import images, office, pdf
from policytrack.core.files.kinds import BY_EXTENSION, KINDS, Family, Found, Kind, sniff
from policytrack.core.files.refusals import Reason, Refused

CPU_SECONDS = 20
MEMORY = 1536 * 1024 * 1024
# An old Office file, or a new one behind a password: both are in Microsoft's older container.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Examined:
    """Hold what a file was found to be and the bytes to keep."""

    found: Found
    data: bytes


def examine(data: bytes, extension: str) -> Examined:
    """Return what a content is and what to keep of it; raise `Refused` when it is not taken.

    `extension` is what the name claims. A wrong one among pictures is a telephone's habit and
    only corrected; one that claims another kind altogether is refused.
    """
    if not data:
        raise Refused(Reason.EMPTY)
    found = sniff(data)
    if found is Found.OLD_OFFICE and _ENCRYPTED_PACKAGE in data:
        raise Refused(Reason.ENCRYPTED)
    if found is Found.ZIP:
        found, data = office.scrub(data)
    kind = KINDS.get(found)
    _compare(kind, found, BY_EXTENSION.get(extension))
    if found is Found.PDF:
        data = pdf.scrub(data)
    elif kind is not None and kind.family is Family.PICTURE:
        data = images.scrub(data, found)
    return Examined(found, data)


def _compare(kind: Kind | None, found: Found, claimed: Kind | None) -> None:
    both_pictures = (
        kind is not None and claimed is not None and kind.family is claimed.family is Family.PICTURE
    )
    if claimed is not None and claimed is not kind and not both_pictures:
        if found is Found.UNKNOWN:
            raise Refused(Reason.DAMAGED)
        raise Refused(Reason.DISGUISED, claimed=claimed.found, found=found)
    if kind is None:
        raise Refused(Reason.NOT_TAKEN, found=found)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a lower limit from outside stays
            resource.setrlimit(what, (most, most))


def main() -> None:
    """Examine standard input; answer one line of JSON and then the bytes to keep."""
    _limit()
    data = sys.stdin.buffer.read()
    kept = b""
    answer: dict[str, object]
    try:
        examined = examine(data, sys.argv[1])
        answer, kept = {"found": examined.found}, examined.data
    except Refused as refusal:
        answer = {"reason": refusal.reason, "values": refusal.values}
    except (MemoryError, RecursionError):
        answer = {"reason": Reason.TOO_HARD, "values": {}}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n" + kept)
