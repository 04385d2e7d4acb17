"""Draw a page of a PDF in grey, and start the program that reads it, each in its own process."""

from __future__ import annotations

import ctypes
import os

import pypdfium2.raw as pdfium

from policytrack.core.isolation.limits import Job
from policytrack.library.reading.draft import Unreadable
from policytrack.library.reading.pdffile import opened
from policytrack.library.reading.results import Outcome

DOTS_PER_INCH = 300
_POINTS_PER_INCH = 72
# An A2 poster at 300 dpi; larger pages are drawn smaller.
_MOST_PIXELS = 40_000_000
_WHITE = 0xFFFFFFFF
# Where a job's output goes (`isolation.zygote`).
_OUTPUT = 3


def draw(job: Job) -> None:
    """Write a page as a picture (PGM)."""
    with opened(job.files[0]) as source:
        page = pdfium.FPDF_LoadPage(source.document, int(job.arguments["number"]) - 1)
        if not page:
            raise Unreadable(Outcome.BROKEN, "page")
        _draw(page, job)
        pdfium.FPDF_ClosePage(page)


def _draw(page: pdfium.FPDF_PAGE, job: Job) -> None:
    across, down = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    scale = DOTS_PER_INCH / _POINTS_PER_INCH
    if (pixels := across * down * scale**2) > _MOST_PIXELS:
        scale *= (_MOST_PIXELS / pixels) ** 0.5
    width, height = max(int(across * scale), 1), max(int(down * scale), 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        raise MemoryError
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_GRAYSCALE)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    start = ctypes.cast(pdfium.FPDFBitmap_GetBuffer(bitmap), ctypes.c_void_p).value or 0
    job.write(f"P5 {width} {height} 255\n".encode())
    for row in range(height):
        job.write(ctypes.string_at(start + row * stride, width))
    pdfium.FPDFBitmap_Destroy(bitmap)


def start_reader(job: Job) -> None:
    """Become tesseract, with the picture as its input; the limits stay."""
    os.dup2(job.files[0], 0)
    os.lseek(0, 0, os.SEEK_SET)
    os.dup2(_OUTPUT, 1)
    program, language = str(job.arguments["program"]), str(job.arguments["language"])
    command = [program, "stdin", "stdout", "-l", language, "--dpi", str(DOTS_PER_INCH)]
    # One thread: several pages are read at once by as many processes.
    os.execve(program, command, {**os.environ, "OMP_THREAD_LIMIT": "1"})  # noqa: S606 - our own words only
