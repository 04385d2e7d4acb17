"""Read the text layer of PDFs with PDFium, page by page, without holding the file in memory."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator

import pypdfium2.raw as pdfium

from policytrack.library.reading import backwards, righttoleft
from policytrack.library.reading.draft import Draft, RawPage, Unreadable
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.pdffile import opened
from policytrack.library.reading.results import Origin, Outcome, Unit
from policytrack.library.reading.text import garbled

# As much of a file as one document may have taken.
_AFRESH_BYTES = 96 * 1024 * 1024
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")
# A page that the tree promises and the file does not have.
_LOST = RawPage("", Origin.NONE)
# A mistaken tree can claim a page over and over; no real one has more text than a large poster.
_MOST_ON_A_PAGE = 1_000_000


def read(file: int, limits: Limits) -> Draft:
    """Return the pages of a PDF; raise `Unreadable` for what PDFium cannot open."""
    with opened(file) as source:
        draft = _said_of(source.document)
        count = pdfium.FPDF_GetPageCount(source.document)
    if count > limits.pages:
        raise Unreadable(Outcome.TOO_HARD, "pages")
    characters = 0
    for page in _pages(file, count):
        characters += len(page.text)
        if characters > limits.characters:
            raise Unreadable(Outcome.TOO_HARD, "characters")
        draft.pages.append(page)
    if all(page is _LOST for page in draft.pages):
        raise Unreadable(Outcome.BROKEN, "pages")
    return draft


def _pages(file: int, count: int) -> Iterator[RawPage]:
    """Return the pages; PDFium keeps what it has read, so now and then it begins afresh."""
    index = 0
    while index < count:
        with opened(file) as source:
            before = source.taken
            while index < count and source.taken - before < _AFRESH_BYTES:
                yield _page(source.document, index)
                index += 1


def _said_of(document: pdfium.FPDF_DOCUMENT) -> Draft:
    return Draft(
        Unit.PAGE,
        [],
        title=_said(document, b"Title"),
        authors=[_said(document, b"Author")],
        created=_day(_said(document, b"CreationDate")),
        language=_language(document),
    )


def _page(document: pdfium.FPDF_DOCUMENT, index: int) -> RawPage:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        return _LOST
    layer = pdfium.FPDFText_LoadPage(page)
    try:
        text = _layer(layer) if layer else ""
        if righttoleft.is_mostly(text):
            text = righttoleft.text_of(_letters(layer))
        elif backwards.are_backwards(_ends(layer, text)):
            text = backwards.text_of(_letters(layer))
        if text.strip() and not garbled.is_garbled(text):
            return RawPage(text)
        # An empty page lacks nothing; one that draws something may hold the picture of a text.
        drawn = pdfium.FPDFPage_CountObjects(page) > 0
        return RawPage("", Origin.NONE if drawn else Origin.LAYER)
    finally:
        if layer:
            pdfium.FPDFText_ClosePage(layer)
        pdfium.FPDF_ClosePage(page)


def _layer(layer: pdfium.FPDF_TEXTPAGE) -> str:
    count = pdfium.FPDFText_CountChars(layer)
    if count <= 0:
        return ""
    if count > _MOST_ON_A_PAGE:
        raise Unreadable(Outcome.TOO_HARD, "characters")
    # More than one unit for a character, as PDFium adds line ends that it does not count.
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    written = pdfium.FPDFText_GetText(layer, 0, count, buffer)
    return bytes(buffer)[: max(written - 1, 0) * 2].decode("utf-16-le", "replace")


def _ends(layer: pdfium.FPDF_TEXTPAGE, text: str) -> list[tuple[float, float]]:
    """Return where some of a page's longer lines begin and end, from left to right."""
    ends: list[tuple[float, float]] = []
    start = 0
    for line in text.split("\r\n"):
        if len(line) >= backwards.LONG:
            first, height = _place(layer, start)
            last, end_height = _place(layer, start + len(line.rstrip()) - 1)
            if abs(last - first) > abs(end_height - height):  # else it runs up or down the page
                ends.append((first, last))
            if len(ends) == backwards.LINES or backwards.cannot_be(ends):
                break
        start += len(line) + 2
    return ends


def _place(layer: pdfium.FPDF_TEXTPAGE, place: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(layer, place)
    pdfium.FPDFText_GetCharOrigin(layer, index, x, y)
    return x.value, y.value


def _letters(layer: pdfium.FPDF_TEXTPAGE) -> Iterator[righttoleft.Letter]:
    """Return the letters of a page with their places, without what PDFium put between them."""
    x, y, box, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    for index in range(pdfium.FPDFText_CountChars(layer)):
        sign = chr(pdfium.FPDFText_GetUnicode(layer, index) % 0x110000)
        if sign < " " or pdfium.FPDFText_IsGenerated(layer, index) == 1:
            continue
        pdfium.FPDFText_GetCharOrigin(layer, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(layer, index, box)
        pdfium.FPDFText_GetMatrix(layer, index, matrix)
        size = pdfium.FPDFText_GetFontSize(layer, index) * math.hypot(matrix.c, matrix.d)
        yield _upright(sign, (x.value, y.value), box, matrix, size)


def _upright(
    sign: str,
    at: tuple[float, float],
    box: pdfium.FS_RECTF,
    matrix: pdfium.FS_MATRIX,
    size: float,
) -> righttoleft.Letter:
    """Return a letter as if its line ran across the page: tables often stand on their side."""
    x, y = at
    quarter = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
    if quarter == 1:
        return righttoleft.Letter(sign, y, -x, box.bottom, box.top, size)
    if quarter == 2:
        return righttoleft.Letter(sign, -x, -y, -box.right, -box.left, size)
    if quarter == 3:
        return righttoleft.Letter(sign, -y, x, -box.top, -box.bottom, size)
    return righttoleft.Letter(sign, x, y, box.left, box.right, size)


def _said(document: pdfium.FPDF_DOCUMENT, key: bytes) -> str:
    size = pdfium.FPDF_GetMetaText(document, key, None, 0)
    if not 2 < size <= 8192:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetMetaText(document, key, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _language(document: pdfium.FPDF_DOCUMENT) -> str:
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    if not 2 < size <= 64:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFCatalog_GetLanguage(document, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def _day(value: str) -> str:
    found = _DATE.match(value.strip())
    return "-".join(found.groups()) if found else ""
