"""Make small files of every kind, honest and hostile."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

import docx
import openpyxl
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

CORE = (
    b"<?xml version='1.0' encoding='UTF-8'?><cp:coreProperties"
    b" xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'"
    b" xmlns:dc='http://purl.org/dc/elements/1.1/'/>"
)
TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def picture(
    form: str = "JPEG", *, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object
) -> bytes:
    """Return a picture whose left half is red, with whatever is saved beside it."""
    drawn = Image.new(mode, size, "white")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    drawn.save(out, format=form, **options)
    return out.getvalue()


def traces(orientation: int = 1) -> Image.Exif:
    """Return what a telephone writes beside a picture: maker, time, place."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "TelephoneMaker"
    exif[0x0132] = "2026:03:04 05:06:07"
    exif.get_ifd(0x8825).update({1: "N", 2: (27.0, 42.0, 11.0), 3: "E", 4: (85.0, 19.0, 2.0)})
    return exif


def png(width: int, height: int, pixels: bytes = b"") -> bytes:
    """Return a PNG that claims any size, whatever pixels it has."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(pixels))
        + chunk(b"IEND", b"")
    )


def pdf(
    *,
    pages: int = 1,
    script: str = "",
    attachment: bytes = b"",
    password: str = "",
    root: DictionaryObject | None = None,
    photograph: bytes = b"",
) -> bytes:
    """Return a PDF of blank pages with whatever is asked for."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if script:
        action = {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject(script),
        }
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if attachment:
        writer.add_attachment("hidden.exe", attachment)
    for key, value in (root or {}).items():
        writer.root_object[key] = value
    if photograph:
        stream = StreamObject()
        stream.set_data(photograph)
        stream.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Image"),
                NameObject("/Filter"): NameObject("/DCTDecode"),
                NameObject("/Width"): NumberObject(40),
                NameObject("/Height"): NumberObject(20),
            }
        )
        writer.root_object[NameObject("/Photograph")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def launch() -> DictionaryObject:
    """Return a catalogue entry that starts a program, behind an action that does not."""
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/URI"),
            NameObject("/URI"): TextStringObject("https://example.org"),
            NameObject("/Next"): ArrayObject(
                [DictionaryObject({NameObject("/S"): NameObject("/Launch")})]
            ),
        }
    )
    return DictionaryObject({NameObject("/OpenAction"): action})


def document(text: str = "Decision 12", *, author: str = "", image: bytes = b"") -> bytes:
    """Return a Word document."""
    made = docx.Document()
    made.add_paragraph(text)
    made.core_properties.author = author
    made.core_properties.last_modified_by = author
    made.core_properties.title = "Title of the decision"
    if image:
        made.add_picture(io.BytesIO(image))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def workbook() -> bytes:
    """Return an Excel workbook."""
    made = openpyxl.Workbook()
    made.active["A1"] = 1180
    made.properties.creator = "Sita Example"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text_document(*, encrypted: bool = False, author: str = "Sita Example") -> bytes:
    """Return an OpenDocument text, as small as one can be."""
    secret = "<manifest:encryption-data/>" if encrypted else ""
    return archive(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            (
                "META-INF/manifest.xml",
                '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest'
                f':1.0"><manifest:file-entry>{secret}</manifest:file-entry></manifest:manifest>',
            ),
            ("content.xml", "<a>كلمة</a>"),
            (
                "meta.xml",
                '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office'
                ':1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
                f"<dc:title>Title</dc:title><dc:creator>{author}</dc:creator></office:meta>"
                "</office:document-meta>",
            ),
        ]
    )


def archive(members: Iterable[tuple[str, bytes | str]]) -> bytes:
    """Return a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return out.getvalue()


def package(*members: tuple[str, bytes | str]) -> bytes:
    """Return a Word document made of parts, good enough to be one."""
    return archive([("[Content_Types].xml", TYPES), ("word/document.xml", "<a/>"), *members])


def parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
