"""Examine one file: what it is, whether it may be taken, and what remains of it.

It needs nothing but the bytes, so that `quarantine` can run it in a process of its own.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from PIL import Image

from policytrack.core.files import images, office, pdf
from policytrack.core.files.kinds import BY_EXTENSION, KINDS, Family, Found, Kind, sniff
from policytrack.core.files.refusals import Reason, Refused
from policytrack.core.isolation.limits import Job

# Now: the process that examines can open nothing more.
Image.init()
# An old Office file, or a new one behind a password: both are in Microsoft's older container.
_PAPERS = frozenset({Family.PDF, Family.OFFICE, Family.OLD})
_WORD = "WordDocument".encode("utf-16-le")
_OLD_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le") + b"\x00\x00")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Examined:
    """Hold what a file was found to be and the bytes to keep."""

    found: Found
    data: bytes


def examine(data: bytes, extension: str, *, library: bool = False) -> Examined:
    """Return what a content is and what to keep of it; raise `Refused` when it is not taken.

    `extension` is what the name claims. A wrong one among pictures is a telephone's habit and
    only corrected; one that claims another kind altogether is refused. `library`: the kinds that
    are taken for the library only are taken too.
    """
    if not data:
        raise Refused(Reason.EMPTY)
    found = sniff(data)
    if found is Found.OLD_OFFICE and _ENCRYPTED_PACKAGE in data:
        raise Refused(Reason.ENCRYPTED)
    if found is Found.ZIP:
        found, data = office.scrub(data)
    kind, claimed = KINDS.get(found), BY_EXTENSION.get(extension)
    if library:
        found = _told_by_name(data, found, claimed)
        kind = KINDS.get(found)
        if kind is not None and claimed is not None and {kind.family, claimed.family} <= _PAPERS:
            claimed = kind  # a document under the name of another kind: only the name is wrong
    else:
        kind, claimed = _as_proof(kind), _as_proof(claimed)
    _compare(kind, found, claimed)
    if found is Found.PDF:
        data = pdf.scrub(data)
    elif kind is not None and kind.family is Family.PICTURE:
        data = images.scrub(data, found)
    elif kind is not None and kind.family is Family.OLD:
        _refuse_active(data)
    return Examined(found, data)


def _as_proof(kind: Kind | None) -> Kind | None:
    return kind if kind is not None and not kind.library else None


def _told_by_name(data: bytes, found: Found, claimed: Kind | None) -> Found:
    """Return what a content is that its first bytes do not tell: a text, or an older Office file.

    Plain text says nothing of itself, and that of older encodings not even that it is text.
    """
    if found is Found.OLD_OFFICE:
        return Found.DOC if _WORD in data else found
    if claimed is None or claimed.family is not Family.TEXT:
        return found
    if found in {Found.TEXT, Found.WEB_PAGE} or (found is Found.UNKNOWN and _may_be_text(data)):
        return claimed.found
    return found


def _may_be_text(data: bytes) -> bool:
    head = data[:4096]
    if b"\x00" not in head:
        return True
    # Latin text in UTF-16 without a mark: every other byte is zero.
    return max(head[0::2].count(0), head[1::2].count(0)) > len(head) // 5


def _refuse_active(data: bytes) -> None:
    """Refuse macros and enclosed files in a kind that cannot be packed anew."""
    if any(name in data for name in _OLD_MACROS):
        raise Refused(Reason.MACROS)
    if b"\\objdata" in data:
        raise Refused(Reason.ATTACHMENTS)


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


def work(job: Job) -> None:
    """Examine the file handed over; answer one line of JSON and then the bytes to keep."""
    with os.fdopen(job.files[0], "rb", closefd=False) as file:
        file.seek(0)
        data = file.read()
    kept = b""
    answer: dict[str, object]
    try:
        arguments = job.arguments
        examined = examine(data, arguments["extension"], library=arguments["library"])
        answer, kept = {"found": examined.found}, examined.data
    except Refused as refusal:
        answer = {"reason": refusal.reason, "values": refusal.values}
    job.write(json.dumps(answer).encode("ascii") + b"\n" + kept)
