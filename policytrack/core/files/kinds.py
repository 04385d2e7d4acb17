"""Name the kinds of files that are taken, and tell a content by its first bytes."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Found(StrEnum):
    """Say what a content is; those in `KINDS` are taken, the others can at least be named."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    PPTX = "pptx"
    DOC = "doc"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    ZIP = "zip"
    ARCHIVE = "archive"
    PROGRAM = "program"
    WEB_PAGE = "web_page"
    DRAWING = "drawing"
    OLD_OFFICE = "old_office"
    OTHER_OFFICE = "other_office"
    BOOK = "book"
    RICH_TEXT = "rich_text"
    OTHER_PICTURE = "other_picture"
    FILM = "film"
    TEXT = "text"
    MARKDOWN = "markdown"
    UNKNOWN = "unknown"


class Family(StrEnum):
    """Group the kinds that are taken by how they are examined."""

    PDF = "pdf"
    OFFICE = "office"
    PICTURE = "picture"
    TEXT = "text"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Kind:
    """Hold a kind that is taken; the first extension is the right one.

    `library`: taken for the library only, where its text is read; proof is handed in as something
    that everybody can open.
    """

    found: Found
    family: Family
    media_type: str
    extensions: tuple[str, ...]
    library: bool = False

    @property
    def inline(self) -> bool:
        """Tell whether browsers may show it themselves; they only save all others."""
        return self.family in {Family.PDF, Family.PICTURE}


_ALL = (
    Kind(Found.PDF, Family.PDF, "application/pdf", ("pdf",)),
    Kind(
        Found.DOCX,
        Family.OFFICE,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
    ),
    Kind(
        Found.XLSX,
        Family.OFFICE,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ("xlsx",),
    ),
    Kind(Found.ODT, Family.OFFICE, "application/vnd.oasis.opendocument.text", ("odt",)),
    Kind(Found.JPEG, Family.PICTURE, "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    Kind(Found.PNG, Family.PICTURE, "image/png", ("png",)),
    Kind(Found.WEBP, Family.PICTURE, "image/webp", ("webp",)),
    Kind(
        Found.PPTX,
        Family.OFFICE,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ("pptx",),
        library=True,
    ),
    Kind(Found.BOOK, Family.OFFICE, "application/epub+zip", ("epub",), library=True),
    Kind(Found.DOC, Family.OLD, "application/msword", ("doc",), library=True),
    Kind(Found.RICH_TEXT, Family.OLD, "application/rtf", ("rtf",), library=True),
    Kind(Found.WEB_PAGE, Family.TEXT, "text/html", ("html", "htm", "xhtml"), library=True),
    Kind(Found.MARKDOWN, Family.TEXT, "text/markdown", ("md", "markdown"), library=True),
    Kind(Found.TEXT, Family.TEXT, "text/plain", ("txt",), library=True),
)
KINDS: Mapping[Found, Kind] = {kind.found: kind for kind in _ALL}
BY_EXTENSION: Mapping[str, Kind] = {
    extension: kind for kind in _ALL for extension in kind.extensions
}
BY_MEDIA_TYPE: Mapping[str, Kind] = {kind.media_type: kind for kind in _ALL}

# (offset, bytes, what it is), the first that fits; a closed list, since only these are taken.
_SIGNATURES: tuple[tuple[int, bytes, Found], ...] = (
    (0, b"%PDF-", Found.PDF),
    (0, b"PK\x03\x04", Found.ZIP),
    (0, b"\xff\xd8\xff", Found.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", Found.PNG),
    (8, b"WEBP", Found.WEBP),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Found.OLD_OFFICE),
    (0, b"{\\rtf", Found.RICH_TEXT),
    (0, b"MZ", Found.PROGRAM),
    (0, b"\x7fELF", Found.PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", Found.PROGRAM),
    (0, b"\xfe\xed\xfa", Found.PROGRAM),
    (0, b"\xca\xfe\xba\xbe", Found.PROGRAM),
    (0, b"dex\n", Found.PROGRAM),
    (0, b"#!", Found.PROGRAM),
    (0, b"PK\x05\x06", Found.ARCHIVE),
    (0, b"Rar!\x1a\x07", Found.ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", Found.ARCHIVE),
    (0, b"\x1f\x8b", Found.ARCHIVE),
    (0, b"BZh", Found.ARCHIVE),
    (0, b"\xfd7zXZ\x00", Found.ARCHIVE),
    (257, b"ustar", Found.ARCHIVE),
    (0, b"GIF8", Found.OTHER_PICTURE),
    (0, b"II*\x00", Found.OTHER_PICTURE),
    (0, b"MM\x00*", Found.OTHER_PICTURE),
    (0, b"II+\x00", Found.OTHER_PICTURE),
    (0, b"MM\x00+", Found.OTHER_PICTURE),
    (4, b"ftyphei", Found.OTHER_PICTURE),
    (4, b"ftyphev", Found.OTHER_PICTURE),
    (4, b"ftypmif1", Found.OTHER_PICTURE),
    (4, b"ftypavif", Found.OTHER_PICTURE),
    (0, b"\x00\x00\x00\x0cjP  ", Found.OTHER_PICTURE),
    (0, b"\xff\x0a", Found.OTHER_PICTURE),
    (0, b"8BPS", Found.OTHER_PICTURE),
    (4, b"ftyp", Found.FILM),
    (0, b"RIFF", Found.FILM),
    (0, b"\x1aE\xdf\xa3", Found.FILM),
    (0, b"OggS", Found.FILM),
    (0, b"ID3", Found.FILM),
)
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<!--")
# How much of a content tells what it is.
HEAD = 4096


def sniff(data: bytes) -> Found:
    """Return what a content is by its first bytes; `ZIP` still has to be opened to be told."""
    for offset, signature, found in _SIGNATURES:
        if data.startswith(signature, offset):
            return found
    return _sniff_text(data[:HEAD])


def _sniff_text(head: bytes) -> Found:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(_PAGE_STARTS):
        return Found.WEB_PAGE
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return Found.DRAWING
    if start.startswith(b"<?xml") and b"<html" in start:
        return Found.WEB_PAGE
    if start.startswith(b"bm") and b"\x00" in start:
        return Found.OTHER_PICTURE
    if b"\x00" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Found.UNKNOWN
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return Found.UNKNOWN
    return Found.TEXT


def extension_of(name: str) -> str:
    """Return the extension of a file's name in lower case, without its dot; empty without one."""
    _, dot, extension = name.rpartition(".")
    return extension.strip().casefold() if dot else ""
