"""Read the binary Word documents of 1997 to 2003 (DOC), and those of Word 6 and 95.

As in [MS-DOC]: the stream `WordDocument` begins with a block of addresses (FIB); the text lies in
pieces, named in order by a table (CLX). Marks below 32 stand for paragraphs, cells and fields.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator

import olefile

from policytrack.library.reading.blocks import BETWEEN_CELLS
from policytrack.library.reading.draft import Block, Draft, Unreadable, counted
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.parts import draft
from policytrack.library.reading.results import Outcome

_WORD_97 = 0xC1
_ENCRYPTED, _OTHER_TABLE, _COMPLEX = 0x0100, 0x0200, 0x0004
# Where the lengths of the document's parts stand, and which of them are read, in their order:
# the text, footnotes, (heads), (old macros), (comments), endnotes, text boxes.
_LENGTHS = 0x4C
_PARTS = (True, True, False, False, False, True, True)
_CLX = 0x1A2
_OLD_TEXT, _OLD_LENGTH, _OLD_CLX = 0x18, 0x34, 0x160
_COMPRESSED = 0x40000000
# Word 6 and 95 write in the encoding of the author's Windows, told by his language.
_OLD_ENCODINGS = {0x01: "cp1256", 0x1E: "cp874", 0x19: "cp1251", 0x15: "cp1250", 0x0D: "cp1255"}
_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")
_INNER_FIELD = re.compile("\x13([^\x13\x14\x15]*)(?:\x14([^\x13\x15]*))?\x15")
_SIGNS = str.maketrans({"\x1e": "-", "\x1f": "\u00ad", "\x0b": "\n", "\xa0": " "})
_DROPPED = re.compile("[\x01-\x06\x08\x0e-\x12\x15-\x1d]")
_ROW_ENDS = re.compile("\x07\x07+")


def read(file: int, limits: Limits) -> Draft:
    """Return the text of an old Word document; raise `Unreadable` for what is none."""
    with os.fdopen(file, "rb", closefd=False) as whole:
        whole.seek(0)
        try:
            with olefile.OleFileIO(whole) as container:
                text = _text(container, limits)
                said = _said(container)
        except (OSError, struct.error, IndexError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise Unreadable(Outcome.BROKEN, "container") from None
    return draft(counted(_blocks(text), limits), **said)


def _text(container: olefile.OleFileIO, limits: Limits) -> str:
    if container.exists("EncryptedPackage"):
        raise Unreadable(Outcome.ENCRYPTED, "password")
    if not container.exists("WordDocument"):
        raise Unreadable(Outcome.REFUSED, "old_office")
    main = _stream(container, "WordDocument", limits)
    version, flags = struct.unpack_from("<H", main, 2)[0], struct.unpack_from("<H", main, 10)[0]
    if flags & _ENCRYPTED:
        raise Unreadable(Outcome.ENCRYPTED, "password")
    if version < _WORD_97:
        return _old_text(main, flags)
    table = _stream(container, "1Table" if flags & _OTHER_TABLE else "0Table", limits)
    position, length = struct.unpack_from("<II", main, _CLX)
    text = "".join(_pieces(main, table[position : position + length], "cp1252"))
    return _wanted(text, struct.unpack_from("<7i", main, _LENGTHS))


def _stream(container: olefile.OleFileIO, name: str, limits: Limits) -> bytes:
    if not container.exists(name):
        raise Unreadable(Outcome.BROKEN, "part_missing")
    if container.get_size(name) > limits.file_bytes:
        raise Unreadable(Outcome.TOO_HARD, "size")
    data: bytes = container.openstream(name).read()
    return data


def _old_text(main: bytes, flags: int) -> str:
    language = struct.unpack_from("<H", main, 6)[0] & 0xFF
    encoding = _OLD_ENCODINGS.get(language, "cp1252")
    (length,) = struct.unpack_from("<I", main, _OLD_LENGTH)
    if flags & _COMPLEX:
        position, size = struct.unpack_from("<II", main, _OLD_CLX)
        pieces = _pieces(main, main[position : position + size], encoding, old=True)
        return "".join(pieces)[:length]
    (start,) = struct.unpack_from("<I", main, _OLD_TEXT)
    return main[start : start + length].decode(encoding, "replace")


def _pieces(main: bytes, clx: bytes, encoding: str, *, old: bool = False) -> Iterator[str]:
    """Return the pieces of text in their order; a table that leads nowhere gives none."""
    at = 0
    while at < len(clx) and clx[at] == 1:  # formats
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise Unreadable(Outcome.BROKEN, "pieces")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    count = (min(size, len(clx) - at - 5) - 4) // 12
    if count < 1:
        raise Unreadable(Outcome.BROKEN, "pieces")
    bounds = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    places = at + 5 + 4 * (count + 1)
    for index in range(count):
        length = bounds[index + 1] - bounds[index]
        (place,) = struct.unpack_from("<I", clx, places + 8 * index + 2)
        if length <= 0:
            continue
        if old:
            yield main[place : place + length].decode(encoding, "replace")
        elif place & _COMPRESSED:
            start = (place & ~_COMPRESSED) // 2
            yield main[start : start + length].decode(encoding, "replace")
        else:
            yield main[place : place + 2 * length].decode("utf-16-le", "replace")


def _wanted(text: str, lengths: tuple[int, ...]) -> str:
    parts = []
    at = 0
    for length, wanted in zip(lengths, _PARTS, strict=True):
        if wanted and length > 0:
            parts.append(text[at : at + length])
        at += max(length, 0)
    return "\r".join(parts)


def _blocks(text: str) -> Iterator[Block]:
    text = _without_fields(text)
    text = _DROPPED.sub("", text.translate(_SIGNS))
    # A cell ends with a mark, a row with one more.
    text = _ROW_ENDS.sub("\r", text).replace("\x07", BETWEEN_CELLS)
    for number, page in enumerate(text.split("\x0c")):
        first = number > 0
        for paragraph in page.split("\r"):
            if paragraph.strip():
                yield Block(paragraph.strip(), breaks=first)
                first = False


def _without_fields(text: str) -> str:
    """Return a text with what its fields show and without what they are told to do."""
    for _depth in range(20):
        text, count = _INNER_FIELD.subn(lambda found: found[2] or "", text)
        if not count:
            break
    return _FIELD.sub("", text)


def _said(container: olefile.OleFileIO) -> dict[str, object]:
    try:
        said = container.get_metadata()
    except Exception:  # noqa: BLE001 - properties may be damaged in any way; the text counts
        return {}
    encoding = "utf-8" if said.codepage in {65001, None} else f"cp{said.codepage}"
    return {
        "title": _decoded(said.title, encoding),
        "authors": [_decoded(said.author, encoding)],
        "created": said.create_time.date().isoformat() if said.create_time else "",
    }


def _decoded(value: object, encoding: str) -> str:
    if not isinstance(value, bytes):
        return str(value or "")
    try:
        return value.decode(encoding, "replace")
    except (LookupError, OSError):
        return value.decode("cp1252", "replace")
