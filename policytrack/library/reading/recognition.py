"""Have a machine read pages that are pictures, where Debian's tesseract is installed."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from policytrack.core.isolation import Ended, How, Limits
from policytrack.library.reading.reader import ZYGOTE
from policytrack.library.reading.results import Origin, PageText
from policytrack.library.reading.text import hyphens
from policytrack.library.reading.text.characters import clean
from policytrack.library.reading.text.language import language_of

log = logging.getLogger(__name__)

RENDERING = "policytrack.library.reading.rendering"
_MEGABYTE = 1024 * 1024
DRAWING = Limits(
    cpu_seconds=20, wall_seconds=30.0, memory_bytes=1024 * _MEGABYTE, output_bytes=64 * _MEGABYTE
)
# A full page of small print takes a processor for ten seconds or so, and has twenty thousand
# letters; tesseract opens its data. Whoever waits for the worker waits for a page at most.
RECOGNITION = Limits(
    cpu_seconds=60,
    wall_seconds=90.0,
    memory_bytes=2048 * _MEGABYTE,
    output_bytes=_MEGABYTE // 4,
    more_files=32,
)
# Longer than one page can take with all that is around it.
PAGE_SECONDS = 240.0
# Tesseract's names of languages, by ours.
_NAMES: Mapping[str, str] = {
    "am": "amh",
    "ar": "ara",
    "bn": "ben",
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "fa": "fas",
    "fr": "fra",
    "hi": "hin",
    "id": "ind",
    "it": "ita",
    "km": "khm",
    "lo": "lao",
    "ms": "msa",
    "my": "mya",
    "ne": "nep",
    "nl": "nld",
    "ps": "pus",
    "pt": "por",
    "ru": "rus",
    "si": "sin",
    "sw": "swa",
    "ta": "tam",
    "th": "tha",
    "tl": "fil",
    "ur": "urd",
    "vi": "vie",
    "zh": "chi_sim",
}
# What is tried for a document whose language nobody has told.
_UNTOLD = ("ar", "en", "fr")
# More at once would take minutes a page.
_MOST_AT_ONCE = 3
# More signs than that which stand for no letter, and what came is no text.
_MOST_UNKNOWN = 0.05
_LIST_SECONDS = 20


class Legible(StrEnum):
    """Say what came of reading a page by machine."""

    READ = "read"
    NOTHING = "nothing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Recognised:
    """Hold a page as a machine read it; without text where nothing was found, or it failed."""

    page: PageText
    legible: Legible


class Interrupted(RuntimeError):
    """Raised when reading was cut short by something else than the page."""


def program() -> str | None:
    """Return where tesseract is, if it is installed."""
    return shutil.which("tesseract")


def can_read(language: str) -> bool:
    """Tell whether pages in a language can be read by machine here."""
    return bool(_wanted(language))


def package_for(language: str) -> str:
    """Return Debian's package with the data for a language; empty where there is none."""
    name = _NAMES.get(language.partition("-")[0].lower(), "")
    return f"tesseract-ocr-{name.replace('_', '-')}" if name else ""


def look_again() -> None:
    """Forget which languages are installed, to find those that came since."""
    _installed.cache_clear()


def recognise(file: Path | int, numbers: Iterable[int], language: str) -> Iterator[Recognised]:
    """Read pages of a PDF by machine, one after the other, as each is done.

    `language` is a BCP 47 tag, empty for one that is not known. A page that cannot be drawn or
    read comes without text and without an origin. Slow: seconds a page. Raises `RuntimeError`
    where `can_read` says no, `Interrupted` where the machine was, not the page.
    """
    wanted, tesseract = _wanted(language), program()
    if not wanted or tesseract is None:
        raise RuntimeError("tesseract or its data for this language is not installed")
    own = isinstance(file, int)
    descriptor = file if isinstance(file, int) else os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for number in numbers:
            text = _read_page(descriptor, number, tesseract, wanted)
            yield _recognised(number, text)
    finally:
        if not own:
            os.close(descriptor)


def _recognised(number: int, read: str | None) -> Recognised:
    if read is None or read.count("\ufffd") > _MOST_UNKNOWN * len(read):
        return Recognised(PageText(number, "", Origin.NONE), Legible.FAILED)
    known = hyphens.compounds([read]) if hyphens.has_divided(read) else frozenset[str]()
    text = clean(hyphens.join(read, known))
    # The specks of an empty page become points and strokes.
    if not any(map(str.isalnum, text)):
        return Recognised(PageText(number, "", Origin.NONE), Legible.NOTHING)
    return Recognised(PageText(number, text, Origin.MACHINE, language_of(text)), Legible.READ)


def _read_page(descriptor: int, number: int, tesseract: str, language: str) -> str | None:
    """Return what a page says, None where it could not be read."""
    with tempfile.TemporaryFile() as picture:
        drawn = _run("draw", {"number": number}, descriptor, DRAWING, picture.write)
        picture.flush()
        if not drawn:
            return None
        text = bytearray()
        arguments = {"program": tesseract, "language": language}
        read = _run("start_reader", arguments, picture.fileno(), RECOGNITION, text.extend)
        return text.decode("utf-8", "replace") if read else None


def _run(
    work: str,
    arguments: Mapping[str, object],
    file: int,
    limits: Limits,
    receive: Callable[[bytes], object],
) -> bool:
    ended = ZYGOTE.run(
        f"{RENDERING}:{work}",
        arguments=arguments,
        files=[file],
        limits=limits,
        receive=receive,
    )
    if ended.how is How.LOST:
        raise Interrupted(ended.detail)
    if ended.how is not How.DONE:
        log.warning("a page could not be read by machine: %s: %s", work, _shortly(ended))
    return ended.how is How.DONE


def _shortly(ended: Ended) -> str:
    return f"{ended.how} {(ended.detail.strip().splitlines() or [''])[-1]}".strip()


def _wanted(language: str) -> str:
    """Return tesseract's names of what to read a page in; empty when it has no data for it."""
    installed = _installed()
    primary = language.partition("-")[0].lower()
    # One language where it is told: with English beside it, Arabic letters become Latin words.
    if primary:
        name = _NAMES.get(primary, "")
        return name if name in installed else ""
    untold = [_NAMES[code] for code in _UNTOLD if _NAMES[code] in installed]
    return "+".join((untold or sorted(installed & set(_NAMES.values())))[:_MOST_AT_ONCE])


@functools.cache
def _installed() -> frozenset[str]:
    tesseract = program()
    if tesseract is None:
        return frozenset()
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, no arguments from outside
            [tesseract, "--list-langs"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LIST_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        log.warning("tesseract does not say which languages it reads: %s", type(problem).__name__)
        return frozenset()
    # Below a line that says what follows.
    found = frozenset(map(str.strip, done.stdout.splitlines()[1:]))
    _announce(", ".join(sorted(found & set(_NAMES.values()))))
    return found


@functools.cache
def _announce(names: str) -> None:
    """Say once what can be read, and again when that has changed."""
    log.info("tesseract reads %s", names or "none of the languages of documents")
