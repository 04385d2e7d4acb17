"""Make small folders of documents."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfWriter

from policytrack.demonstration.papers import pdf

ENGLISH = (
    "The employer shall pay the fees of recruitment and the costs that go with it.",
    "No worker shall be asked to pay any part of them before or after the journey.",
)


def write_pdf(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pdf(lines or ENGLISH))
    return path


def write_locked(path: Path) -> Path:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    path.write_bytes(out.getvalue())
    return path


def write_table(path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(rows).encode(encoding))
    return path
