"""Open PDFs with PDFium, without holding more of the file in memory than is needed."""

from __future__ import annotations

import ctypes
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from policytrack.library.reading.draft import Unreadable
from policytrack.library.reading.results import Outcome

pdfium.FPDF_InitLibrary()

_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: (Outcome.ENCRYPTED, "password"),
    pdfium.FPDF_ERR_SECURITY: (Outcome.ENCRYPTED, "security_handler"),
    pdfium.FPDF_ERR_FORMAT: (Outcome.BROKEN, "format"),
}
# Larger ones would count as the process's memory once they are looked at.
_MAPPED_BYTES = 64 * 1024 * 1024
_mmap = ctypes.CDLL(None).mmap
_mmap.restype = ctypes.c_void_p
_mmap.argtypes = (
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_long,
)
_NO_PLACE = ctypes.c_void_p(-1).value


class Source:
    """Hold an open document, and how many bytes of its file were taken for it."""

    document: pdfium.FPDF_DOCUMENT
    taken = 0


class _Mapped(Source):
    """Open a document whose file lies in memory as far as it is looked at: the quicker way."""

    def __init__(self, file: int, size: int) -> None:
        # Python's own would want a second descriptor, and there is none to be had.
        place = _mmap(None, size, mmap.PROT_READ, mmap.MAP_PRIVATE, file, 0)
        if place in {None, _NO_PLACE}:
            raise MemoryError
        self.document = pdfium.FPDF_LoadMemDocument64(ctypes.c_void_p(place), size, None)


class _ByBlocks(Source):
    """Open a document of which only the blocks that are asked for are read, and none is kept."""

    def __init__(self, file: int, size: int) -> None:
        def block(_param: object, position: int, into: Any, length: int) -> int:
            target = (ctypes.c_ubyte * length).from_address(ctypes.addressof(into.contents))
            self.taken += length
            return int(os.preadv(file, [target], position) == length)

        self._access = pdfium.FPDF_FILEACCESS()
        self._access.m_FileLen = size
        self._access.m_GetBlock = self._block = type(self._access.m_GetBlock)(block)
        self.document = pdfium.FPDF_LoadCustomDocument(self._access, None)


@contextmanager
def opened(file: int) -> Iterator[Source]:
    """Open a PDF of which only the parts that are needed are read; raise `Unreadable`."""
    size = os.fstat(file).st_size
    mapped = 0 < size <= _MAPPED_BYTES
    source: Source = _Mapped(file, size) if mapped else _ByBlocks(file, size)
    document = source.document
    try:
        if not document:
            outcome, reason = _ERRORS.get(
                pdfium.FPDF_GetLastError(), (Outcome.BROKEN, "not_opened")
            )
            raise Unreadable(outcome, reason)
        if pdfium.FPDF_GetPageCount(document) < 1:
            raise Unreadable(Outcome.BROKEN, "no_pages")
        yield source
    finally:
        if document:
            pdfium.FPDF_CloseDocument(document)
        del source  # until here PDFium may ask it for more
