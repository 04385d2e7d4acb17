"""Measure how fast a folder of PDFs becomes stored text, beside the PDF library alone.

Run: .venv/bin/python benchmarks/ingest.py [DOCUMENTS]
Both take the same files of 30 pages with the same number of processes, in turn. The import does all
of its work: hashes, looks for what acts or tells of people, keeps the file, reads, cleans and keeps
the text. Compared is what each further file takes: of the time for all, that for a single one is
taken off, on both sides. With it goes the loading of programs, which the library alone has done
when its time begins, and an import, with its command and its readers, has not; nothing else goes.
The memory is that of the command with its processes, the most of three files: a PDF of 5,000 pages,
one of 480 MB with a picture on each of its pages, and a Word file of 150 MB.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from _site import last_line
from rich.console import Console
from rich.table import Table

PAGES = 30
RUNS = 3
LONG = 5_000
PICTURES, PICTURE_BYTES = 480, 1_000_000
PARTS, PART_BYTES = 30, 5_000_000
_WORDS = re.findall(
    r"\w+",
    "the worker employer contract recruitment fee agency shall may not pay paid wage wages rest day"
    " weekly month year article section paragraph minister ministry licence bond complaint court"
    " passport domestic work household women migrant corridor agreement country origin destination"
    " in of to and or for with by on under after before within without from any each every person",
)


def made(pages: int, seed: int, picture: int = 0) -> bytes:
    """Return a PDF whose pages hold some 2,500 characters, and a picture of so many bytes."""
    chance = random.Random(seed)
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects.append(font)
    for number in range(1, pages + 1):
        lines = [f"Act {seed}, page {number}"]
        lines += [" ".join(chance.choices(_WORDS, k=12)) for _line in range(40)]
        drawn = " T* ".join(f"({line}) Tj" for line in lines)
        stream = f"BT /F1 10 Tf 16 TL 50 800 Td {drawn} ET".encode("ascii")
        if picture:
            stream += b" q 500 0 0 300 50 20 cm /P1 Do Q"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        contents, drawing = len(objects), b""
        if picture:
            head = b"<< /Type /XObject /Subtype /Image /Width 1000 /Height %d" % (picture // 1000)
            head += b" /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d >>" % picture
            objects.append(head + b"\nstream\n" + chance.randbytes(picture) + b"\nendstream")
            drawing = b" /XObject << /P1 %d 0 R >>" % len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >>%s >> >>" % (contents, drawing)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), pages)
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def word(parts: int, size: int) -> bytes:
    """Return a Word file with so many parts that cannot be pressed any smaller."""
    chance, out = random.Random(1), io.BytesIO()
    names = "http://schemas.openxmlformats.org"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    said = f"<w:p><w:r><w:t>{' '.join(_WORDS)}</w:t></w:r></w:p>"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{names}/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{names}/package/2006/relationships"><Relationship Id="r1"'
            f' Type="{names}/officeDocument/2006/relationships/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{names}/wordprocessingml/2006/main">'
            f"<w:body>{said}</w:body></w:document>",
        )
        for number in range(parts):
            archive.writestr(f"word/fonts/font{number}.odttf", b"\x01" + chance.randbytes(size))
    return out.getvalue()


def _raw(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    count = 0
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
        count += 1
    document.close()
    return count


def _raw_seconds(folder: Path, jobs: int) -> float:
    """Return how long the library alone takes, once there are processes that have loaded it."""
    paths = list(folder.iterdir())
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        begun = time.perf_counter()
        pages = sum(pool.imap_unordered(_raw, paths))
        seconds = time.perf_counter() - begun
    if pages != len(paths) * PAGES:
        raise SystemExit("the library alone read another number of pages")
    return seconds


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "policytrack", *map(str, arguments)]


def _run(instance: Path, *arguments: object) -> str:
    environ = {**os.environ, "POLICYTRACK_INSTANCE": str(instance)}
    done = subprocess.run(
        _command(*arguments), env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout


def _import_seconds(folder: Path, jobs: int) -> float:
    """Return how long the command takes, its start and the loading of readers with it."""
    with tempfile.TemporaryDirectory() as instance:
        _run(Path(instance), "init")
        begun = time.perf_counter()
        said = _run(Path(instance), "library", "import", folder, "--publish", "--jobs", jobs)
        seconds = time.perf_counter() - begun
    if f"{len(list(folder.iterdir()))}" not in said:
        raise SystemExit(said)
    return seconds


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _memory(pid: int) -> int:
    """Return the bytes that a process and its children hold, shared ones counted once."""
    total = 0
    for each in list(_family(pid)):
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def _peak(folder: Path) -> float:
    """Return the most memory, in megabytes, of an import with all its processes."""
    with tempfile.TemporaryDirectory() as instance:
        _run(Path(instance), "init")
        running = subprocess.Popen(
            _command("library", "import", folder),
            env={**os.environ, "POLICYTRACK_INSTANCE": instance},
            stdout=subprocess.DEVNULL,
        )
        peak = 0
        done = threading.Event()
        while running.poll() is None and not done.wait(0.05):
            try:
                peak = max(peak, _memory(running.pid))
            except OSError:  # one of them has just ended
                continue
        if running.returncode:
            raise SystemExit(f"a file of {folder} was not taken")
    return peak / 1e6


def main() -> None:
    """Print a table for people and one line of JSON."""
    documents = max(int(sys.argv[1]), 2) if len(sys.argv) > 1 else 200
    jobs = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as room:
        names = ("folder", "single", "pages", "pictures", "word")
        folder, single, long, pictures, parts = (Path(room, name) for name in names)
        for each in (folder, single, long, pictures, parts):
            each.mkdir()
        for seed in range(documents):
            (folder / f"{seed}.pdf").write_bytes(made(PAGES, seed))
        (single / "single.pdf").write_bytes(made(PAGES, documents))
        (long / "pages.pdf").write_bytes(made(LONG, 0))
        (pictures / "pictures.pdf").write_bytes(made(PICTURES, 0, PICTURE_BYTES))
        (parts / "parts.docx").write_bytes(word(PARTS, PART_BYTES))
        raw: list[float] = []
        ours: list[float] = []
        for _run_number in range(RUNS):
            for found, seconds in ((raw, _raw_seconds), (ours, _import_seconds)):
                further = seconds(folder, jobs) - seconds(single, jobs)
                found.append(further / (documents - 1))
        peaks = {each.name: _peak(each) for each in (long, pictures, parts)}
    rows = {
        "pages_per_s": PAGES / statistics.median(ours),
        "raw_pages_per_s": PAGES / statistics.median(raw),
        "ratio": statistics.median(raw) / statistics.median(ours),
        "peak_mb": max(peaks.values()),
        **{f"peak_mb_{name}": peak for name, peak in peaks.items()},
    }
    table = Table("figure", "value", title=f"{documents} PDFs of {PAGES} pages, {jobs} processes")
    for name, value in rows.items():
        table.add_row(name, f"{value:,.2f}")
    Console().print(table)
    last_line({name: round(value, 2) for name, value in rows.items()})


main()
