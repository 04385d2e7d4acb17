"""Make small documents of every kind, honest and hostile."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

from pypdf import PdfWriter

_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def pdf(pages: Sequence[str], *, said: Mapping[str, str] | None = None) -> bytes:
    """Return a PDF whose pages hold these lines (Latin letters only)."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        _FONT,
    ]
    for index, text in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * index} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>".encode()
        )
        lines = "".join(f"({_escaped(line)}) Tj T*\n" for line in text.split("\n"))
        objects.append(_stream(f"BT /F 11 Tf 14 TL 50 790 Td\n{lines}ET".encode("cp1252")))
    info = ""
    if said:
        entries = "".join(f"/{key}({_escaped(value)})" for key, value in said.items())
        objects.append(f"<<{entries}>>".encode())
        info = f"/Info {len(objects)} 0 R"
    return raw_pdf(objects, info)


def raw_pdf(objects: Sequence[bytes], info: str = "") -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is its root."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{info}>>\n".encode())
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def _stream(data: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(data), data)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def picture_pdf() -> bytes:
    """Return a PDF with one page that holds nothing but a grey picture."""
    image = (
        b"<</Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Length 4>>stream\n\x00\x80\x80\xff\nendstream"
    )
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R"
            b"/Resources<</XObject<</I 4 0 R>>>>>>",
            image,
            _stream(b"q 200 0 0 200 0 0 cm /I Do Q"),
        ]
    )


def locked_pdf() -> bytes:
    """Return a PDF that opens with a password only."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.'
    '{kind}.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{all}</Relationships>"
)
_RELATION = (
    '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}"/>'
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{title}</dc:title>'
    "<dc:creator>{author}</dc:creator><dcterms:created>{created}</dcterms:created>"
    "</cp:coreProperties>"
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def relations(*each: tuple[str, str, str]) -> str:
    """Return a catalogue of relations: id, kind, target."""
    return _RELATIONS.format(
        all="".join(_RELATION.format(id=key, kind=kind, target=to) for key, kind, to in each)
    )


def docx(body: str, *, head: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a Word document with this body of WordprocessingML."""
    return archive(
        {
            "[Content_Types].xml": _TYPES.format(
                part="word/document.xml", kind="wordprocessingml.document"
            ),
            "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
            "word/document.xml": (
                f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>'
            ),
            **(more or {}),
        }
    )


def paragraph(text: str, *, style: str = "") -> str:
    """Return a paragraph of WordprocessingML."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def odt(body: str, *, styles: str = "", encrypted: bool = False) -> bytes:
    """Return an OpenDocument text with this body."""
    entry = '<manifest:encryption-data xmlns:manifest="m"/>' if encrypted else ""
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="m">{entry}</m:manifest>',
            "content.xml": (
                '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"'
                ' xmlns:style="s" xmlns:fo="f">'
                f"<office:automatic-styles>{styles}</office:automatic-styles>"
                f"<office:body><office:text>{body}</office:text></office:body>"
                "</office:document-content>"
            ),
        }
    )


def pptx(slides: Sequence[str], order: Sequence[int]) -> bytes:
    """Return a presentation; each slide holds one paragraph, `order` is how they are shown."""
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="s{n}"/>' for n in order)
    parts = {
        f"ppt/slides/slide{n}.xml": (
            f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'
        )
        for n, text in enumerate(slides)
    }
    return archive(
        {
            "[Content_Types].xml": _TYPES.format(
                part="ppt/presentation.xml", kind="presentationml.presentation"
            ),
            "_rels/.rels": relations(("r1", "officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": (
                f'<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>{ids}</p:sldIdLst>'
                "</p:presentation>"
            ),
            "ppt/_rels/presentation.xml.rels": relations(
                *((f"s{n}", "slide", f"slides/slide{n}.xml") for n in range(len(slides)))
            ),
            **parts,
        }
    )


def epub(chapters: Sequence[str], *, path: str = "OEBPS/book.opf") -> bytes:
    """Return an electronic book with these chapters of XHTML."""
    folder = path.rpartition("/")[0]
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": (
                f'<container><rootfiles><rootfile full-path="{path}"/></rootfiles></container>'
            ),
            path: (
                '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
                "<dc:title>A guide for workers</dc:title><dc:creator>Union</dc:creator>"
                "<dc:date>2019-03-02</dc:date></metadata>"
                f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
            ),
            **{
                f"{folder}/c{n}.xhtml": f"<html><head><title>x</title></head>{text}</html>"
                for n, text in enumerate(chapters)
            },
        }
    )


# [MS-CFB]: sectors of 512 bytes, one of allocation, one folder, the rest the streams.
_END, _TABLE, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_CUT_OFF = 4096


def doc(text: str, *, flags: int = 0, encoding: str = "utf-16-le") -> bytes:
    """Return a Word document of 1997 with this text in one piece."""
    main = bytearray(_CUT_OFF)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", main, 10, flags)
    struct.pack_into("<i", main, 0x4C, len(text))
    place = 1024 if encoding == "utf-16-le" else 1024 * 2 | 0x40000000
    clx = b"\x02" + struct.pack("<IIIHIH", 16, 0, len(text), 0, place, 0)
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    data = text.encode(encoding)
    main = main[:1024] + bytearray(data) + main[1024 + len(data) :]
    table = clx + bytes(_CUT_OFF - len(clx))
    return container({"WordDocument": bytes(main), "0Table": table})


def container(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams, each of at least 4,096 bytes."""
    sectors: list[int] = [_TABLE, _END]
    entries = [_entry("Root Entry", 5, child=1)]
    body = b""
    for number, (name, data) in enumerate(streams.items(), 1):
        data = data + bytes(-len(data) % 512)
        first, count = len(sectors), len(data) // 512
        sectors += [*range(first + 1, first + count), _END]
        beside = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, first=first, size=len(data), beside=beside))
        body += data
    entries += [_entry("", 0)] * (4 - len(entries))
    table = b"".join(struct.pack("<I", each) for each in sectors)
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    )
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, _CUT_OFF, _END, 0, _END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    assert len(head) == 512
    assert len(table) <= 512
    return head + table.ljust(512, b"\xff") + b"".join(entries) + body


def _entry(
    name: str,
    kind: int,
    *,
    first: int = _END,
    size: int = 0,
    child: int = _FREE,
    beside: int = _FREE,
) -> bytes:
    title = name.encode("utf-16-le")
    length = len(title) + 2 if name else 0
    return (
        title.ljust(64, b"\0")
        + struct.pack("<HBBIII", length, kind, 1, _FREE, beside, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )
