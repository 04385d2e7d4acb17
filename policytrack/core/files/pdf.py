"""Check PDFs: readable by everyone, whole, and without anything that acts of its own accord.

A PDF keeps its bytes, since it may be a signed letter; only the place and device data of
photographs inside it are blanked where they stand, without moving anything.
"""

from __future__ import annotations

import logging
import re
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from policytrack.core.files import content
from policytrack.core.files.refusals import Reason, Refused

MAX_PAGES = 5_000
MAX_OBJECTS = 300_000
# Writers and web servers leave some bytes behind the end mark; none leave pages.
_TAIL = 4_096

_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
    }
)
_MEDIA = frozenset({"/RichMedia", "/3D", "/Screen", "/Movie", "/Sound"})
# What a page draws and how its text is tagged cannot act, and is most of any PDF.
_HARMLESS = frozenset({"/Resources", "/Contents", "/StructTreeRoot", "/Metadata", "/Thumb"})
_CONTAINERS = (IndirectObject, DictionaryObject, ArrayObject)

# An Exif, XMP or IPTC segment of a JPEG: marker, length, name.
_PHOTOGRAPH_DATA = re.compile(
    rb"\xff[\xe1\xed](..)(?=Exif\x00\x00|http://ns\.adobe\.com/x|Photoshop 3\.0\x00)", re.DOTALL
)
_LONGEST_NAME = 32

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def scrub(file: BinaryIO) -> list[tuple[int, int]]:
    """Return where a PDF has place and device data of photographs: each start and length.

    Raises `Refused` for one that is encrypted, damaged, or holds scripts or other files.
    """
    _, end, behind = content.tail(file, _TAIL).rpartition(b"%%EOF")
    if not end or b" obj" in behind:  # cut short, in the last revision perhaps
        raise Refused(Reason.DAMAGED)
    try:
        _check(PdfReader(file))
    except (DependencyError, FileNotDecryptedError):
        raise Refused(Reason.ENCRYPTED) from None
    except (Refused, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - pypdf raises whatever a broken file leads it to
        raise Refused(Reason.DAMAGED) from None
    return _photograph_data(file)


def _check(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise Refused(Reason.ENCRYPTED)
    pages = len(reader.pages)
    if pages == 0:
        raise Refused(Reason.DAMAGED)
    if pages > MAX_PAGES:
        raise Refused(Reason.TOO_HARD)
    _search_actions(reader.trailer.raw_get("/Root"))


def _search_actions(root: object) -> None:
    """Walk all that can act; raise `Refused` for a script, a medium or an enclosed file."""
    seen: set[tuple[int, int]] = set()
    visits = 0
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        visits += 1
        if visits > MAX_OBJECTS:
            raise Refused(Reason.TOO_HARD)
        if isinstance(thing, IndirectObject):
            key = (thing.idnum, thing.generation)
            if key not in seen:
                seen.add(key)
                waiting.append(thing.get_object())
        elif isinstance(thing, DictionaryObject):
            _refuse_active(thing)
            inside = (thing.raw_get(name) for name in thing if name not in _HARMLESS)
            waiting.extend(item for item in inside if isinstance(item, _CONTAINERS))
        elif isinstance(thing, ArrayObject):
            waiting.extend(item for item in list.__iter__(thing) if isinstance(item, _CONTAINERS))


def _refuse_active(thing: DictionaryObject) -> None:
    subtype = thing.get("/Subtype")
    if "/EF" in thing or "/Collection" in thing or subtype == "/FileAttachment":
        raise Refused(Reason.ATTACHMENTS)
    if thing.get("/Type") == "/EmbeddedFile":
        raise Refused(Reason.ATTACHMENTS)
    if "/JS" in thing or "/XFA" in thing or subtype in _MEDIA or thing.get("/S") in _ACTIONS:
        raise Refused(Reason.SCRIPTS)


def _photograph_data(file: BinaryIO) -> list[tuple[int, int]]:
    # A segment of zeros is as long as before and means nothing, so every offset stays right.
    size = content.size_of(file)
    found: list[tuple[int, int]] = []
    for place, segment in content.matches(file, _PHOTOGRAPH_DATA, _LONGEST_NAME):
        start = place + segment.end()
        end = min(start + max(int.from_bytes(segment[1], "big") - 2, 0), size)
        if found and start <= sum(found[-1]):  # one within another, or right behind it
            first, length = found.pop()
            start, end = first, max(first + length, end)
        found.append((start, end - start))
    if found and content.has(file, b"/ByteRange"):
        raise Refused(Reason.SIGNED_PHOTOGRAPH)
    return found
