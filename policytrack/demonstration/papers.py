"""Make small PDF files: what invented notes carry as evidence, and the library holds."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont

_LEADING = 18
# Characters of a line that the page has room for.
_WIDTH = 84
# An A4 page at 150 dots an inch.
_SHEET = (1240, 1754)


def pdf(lines: Sequence[str]) -> bytes:
    """Return a PDF of one A4 page with these lines of plain ASCII text, the same each time."""
    return _drawn([lines])


def pages(texts: Sequence[str]) -> bytes:
    """Return a PDF with a page for each of these texts of plain ASCII, broken into lines."""
    return _drawn(
        [
            [line for paragraph in text.split("\n") for line in (wrap(paragraph, _WIDTH) or [""])]
            for text in texts
        ]
    )


def scanned(texts: Sequence[str]) -> bytes:
    """Return a PDF in which each of these texts of plain ASCII is a picture, as from a scanner."""
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(texts)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>".encode("ascii"),
    ]
    for number, text in enumerate(texts):
        first = 3 + 3 * number
        data = zlib.compress(_picture(text).tobytes(), 9)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /XObject << /I %d 0 R >> >> >>" % (first + 1, first + 2),
            b"<< /Length 31 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q   \nendstream",
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
            b" /BitsPerComponent 1 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (*_SHEET, len(data), data),
        ]
    return _assembled(objects)


def _picture(text: str) -> Image.Image:
    sheet = Image.new("1", _SHEET, 1)
    lines = [line for part in text.split("\n") for line in (wrap(part, 72) or [""])]
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(28)
    for number, line in enumerate(lines):
        draw.text((140, 160 + 44 * number), line, fill=0, font=font)
    return sheet


def _drawn(sheets: Sequence[Sequence[str]]) -> bytes:
    # Catalogue, list of pages and font come first; then two objects for each page.
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(sheets)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode("ascii"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(sheets):
        drawn = " T* ".join(f"({_escaped(line)}) Tj" for line in lines)
        stream = f"BT /F1 11 Tf {_LEADING} TL 64 770 Td {drawn} ET".encode("ascii")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    return _assembled(objects)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: Sequence[bytes]) -> bytes:
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    made += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(made)
