"""Examine one file: what it is, whether it may be taken, and what remains of it.

It needs nothing but the bytes, so that it can run in a process of its own (see `quarantine`), and
of large files only the parts that it looks at.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from PIL import Image

from policytrack.core.files import content, images, office, pdf
from policytrack.core.files.kinds import BY_EXTENSION, HEAD, KINDS, Family, Found, Kind, sniff
from policytrack.core.files.refusals import Reason, Refused
from policytrack.core.isolation.limits import Job

# Now: the process that examines can open nothing more.
Image.init()
# An old Office file, or a new one behind a password: both are in Microsoft's older container.
_PAPERS = frozenset({Family.PDF, Family.OFFICE, Family.OLD})
_WORD = "WordDocument".encode("utf-16-le")
_OLD_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le") + b"\x00\x00")
# Larger ones are read by the parts that are looked at.
_HELD_BYTES = 32 * 1024 * 1024
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Examined:
    """Hold what a file was found to be and what is to be kept of it.

    `data` is kept in its place; where there is none, the file itself is, with zeros where
    `blanked` says (each start and length).
    """

    found: Found
    data: bytes | memoryview | None = None
    blanked: list[tuple[int, int]] = field(default_factory=list)


def examine(data: bytes | BinaryIO, extension: str, *, library: bool = False) -> Examined:
    """Return what a content is and what to keep of it; raise `Refused` when it is not taken.

    `extension` is what the name claims. A wrong one among pictures is a telephone's habit and
    only corrected; one that claims another kind altogether is refused. `library`: the kinds that
    are taken for the library only are taken too.
    """
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    head = content.head(file, HEAD)
    if not head:
        raise Refused(Reason.EMPTY)
    found, packed = sniff(head), None
    if found is Found.OLD_OFFICE and content.has(file, _ENCRYPTED_PACKAGE):
        raise Refused(Reason.ENCRYPTED)
    if found is Found.ZIP:
        found, packed = office.scrub(file)
    kind, claimed = KINDS.get(found), BY_EXTENSION.get(extension)
    if library:
        found = _told_by_name(file, head, found, claimed)
        kind = KINDS.get(found)
        if kind is not None and claimed is not None and {kind.family, claimed.family} <= _PAPERS:
            claimed = kind  # a document under the name of another kind: only the name is wrong
    else:
        kind, claimed = _as_proof(kind), _as_proof(claimed)
    _compare(kind, found, claimed)
    if found is Found.PDF:
        return Examined(found, blanked=pdf.scrub(file))
    if kind is not None and kind.family is Family.PICTURE:
        return Examined(found, images.scrub(content.whole(file), found))
    if kind is not None and kind.family is Family.OLD:
        _refuse_active(file)
    return Examined(found, packed)


def _as_proof(kind: Kind | None) -> Kind | None:
    return kind if kind is not None and not kind.library else None


def _told_by_name(file: BinaryIO, head: bytes, found: Found, claimed: Kind | None) -> Found:
    """Return what a content is that its first bytes do not tell: a text, or an older Office file.

    Plain text says nothing of itself, and that of older encodings not even that it is text.
    """
    if found is Found.OLD_OFFICE:
        return Found.DOC if content.has(file, _WORD) else found
    if claimed is None or claimed.family is not Family.TEXT:
        return found
    if found in {Found.TEXT, Found.WEB_PAGE} or (found is Found.UNKNOWN and _may_be_text(head)):
        return claimed.found
    return found


def _may_be_text(head: bytes) -> bool:
    if b"\x00" not in head:
        return True
    # Latin text in UTF-16 without a mark: every other byte is zero.
    return max(head[0::2].count(0), head[1::2].count(0)) > len(head) // 5


def _refuse_active(file: BinaryIO) -> None:
    """Refuse macros and enclosed files in a kind that cannot be packed anew."""
    if content.has(file, *_OLD_MACROS):
        raise Refused(Reason.MACROS)
    if content.has(file, b"\\objdata"):
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
    """Examine the file handed over and answer."""
    answer(job.files[0], job.arguments, job.write)


def answer(
    descriptor: int, arguments: Mapping[str, Any], write: Callable[[bytes | memoryview], object]
) -> None:
    """Write one line of JSON and then, where the file itself is not kept, the bytes that are."""
    said: dict[str, object]
    kept: bytes | memoryview | None = None
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        small = content.size_of(file) <= _HELD_BYTES
        data = io.BytesIO(content.whole(file)) if small else file
        try:
            examined = examine(data, arguments["extension"], library=arguments["library"])
            kept = examined.data
            said = {
                "found": examined.found,
                "size": None if kept is None else len(kept),
                "blanked": examined.blanked,
            }
        except Refused as refusal:
            said = {"reason": refusal.reason, "values": refusal.values}
    write(json.dumps(said).encode("ascii") + b"\n")
    if kept is not None:
        write(kept)
