"""Read one file, in the process that was made for it."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable

from policytrack.core.files import examination
from policytrack.core.isolation.limits import Job, Stretch, narrow
from policytrack.library.reading import (
    book,
    finishing,
    first,
    marked,
    oldword,
    opendocument,
    page,
    pdf,
    plain,
    richtext,
    sheets,
    slides,
    wire,
    word,
)
from policytrack.library.reading import kinds as kinds_of_files
from policytrack.library.reading import package as packages
from policytrack.library.reading.draft import Draft, Unreadable
from policytrack.library.reading.limits import LIMITS, Limits
from policytrack.library.reading.results import TAKEN, Kind, Outcome, Reading

# Not the file's fault: something wanted to be opened that should have been loaded before.
_OURS = frozenset({errno.EMFILE, errno.ENOMEM})
# Once for what is kept, once more for where it is kept.
_ROUNDS = 2
_PACKED = {
    Kind.DOCX: word.read,
    Kind.ODT: opendocument.read,
    Kind.PPTX: slides.read,
    Kind.EPUB: book.read,
}


def work(job: Job) -> None:
    """Read the file handed over and write what was read.

    Where an examination is asked for too, its answer follows, unless there is nothing to take.
    """
    (file,) = job.files
    limits = Limits(**job.arguments["limits"])
    narrow(Stretch(limits.cpu_seconds, limits.memory_bytes))
    outcome = _read_and_send(file, str(job.arguments["extension"]), limits, job.write)
    wanted = job.arguments.get("examination")
    if wanted is not None and outcome in TAKEN:
        narrow(Stretch(wanted["cpu_seconds"], wanted["memory_bytes"]))
        examination.answer(file, wanted["arguments"], job.write)


def _read_and_send(
    file: int, extension: str, limits: Limits, write: Callable[[bytes | memoryview], object]
) -> Outcome:
    read = reading(file, extension, limits)
    wire.send(read, write)
    return read.outcome


def warm_up() -> None:
    """Read a first page, for what PDFium and the rest look up when they are first used.

    Reading, as in the processes to come, nothing can be opened: no text depends on the fonts of a
    machine. The examination loads what it needs.
    """
    file = os.memfd_create("first", os.MFD_CLOEXEC)
    os.write(file, first.page())
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        for _time in range(_ROUNDS):
            wire.send(reading(file, "pdf", LIMITS), len)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    for _time in range(_ROUNDS):
        examination.answer(file, {"extension": "pdf", "library": True}, len)
    os.close(file)


def reading(file: int, extension: str, limits: Limits) -> Reading:
    """Return what an open file holds; no content raises anything but for want of memory."""
    kind = Kind.UNKNOWN
    try:
        told = kinds_of_files.kind_of(os.pread(file, kinds_of_files.HEAD_BYTES, 0), extension)
        if told is None:
            with packages.opened(file) as package:
                kind = package.kind
                draft = (
                    sheets.read(package, file, limits)
                    if kind is Kind.XLSX
                    else _PACKED[kind](package, limits)
                )
                return finishing.finished(draft, kind)
        kind = told
        return finishing.finished(_read(file, kind, limits), kind)
    except Unreadable as given_up:
        return Reading(given_up.outcome, kind, given_up.reason)
    except (MemoryError, RecursionError, ImportError):
        raise
    except OSError as error:
        if error.errno in _OURS:
            raise
        return Reading(Outcome.BROKEN, kind, "reader:OSError")
    except Exception as error:  # noqa: BLE001 - readers raise whatever a broken file leads them to
        return Reading(Outcome.BROKEN, kind, f"reader:{type(error).__name__}")


def _read(file: int, kind: Kind, limits: Limits) -> Draft:
    if kind is Kind.PDF:
        return pdf.read(file, limits)
    if kind is Kind.DOC:
        return oldword.read(file, limits)
    data = _whole(file, limits)
    if kind is Kind.RTF:
        return richtext.read(data, limits)
    if kind is Kind.HTML:
        return page.read(data, limits)
    if kind is Kind.MARKDOWN:
        return marked.read(data, limits)
    return plain.read(data, limits)


def _whole(file: int, limits: Limits) -> bytes:
    size = os.fstat(file).st_size
    if size > limits.file_bytes:
        raise Unreadable(Outcome.TOO_HARD, "size")
    with os.fdopen(file, "rb", closefd=False) as opened:
        opened.seek(0)
        return opened.read(limits.file_bytes)
