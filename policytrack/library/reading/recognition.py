"""Have a machine read pages that are pictures, where Debian's tesseract is installed."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from policytrack.core.isolation import How, Limits
from policytrack.library.reading.reader import ZYGOTE
from policytrack.library.reading.results import Origin, PageText
from policytrack.library.reading.text.characters import clean
from policytrack.library.reading.text.language import language_of

log = logging.getLogger(__name__)

RENDERING = "policytrack.library.reading.rendering"
_MEGABYTE = 1024 * 1024
DRAWING = Limits(
    cpu_seconds=30, wall_seconds=60.0, memory_bytes=1024 * _MEGABYTE, output_bytes=64 * _MEGABYTE
)
# A full page of small print takes a processor for ten seconds or so; tesseract opens its data.
RECOGNITION = Limits(
    cpu_seconds=180,
    wall_seconds=400.0,
    memory_bytes=2048 * _MEGABYTE,
    output_bytes=2 * _MEGABYTE,
    more_files=32,
)
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


def program() -> str | None:
    """Return where tesseract is, if it is installed."""
    return shutil.which("tesseract")


def can_read(language: str) -> bool:
    """Tell whether pages in a language can be read by machine here."""
    return bool(_wanted(language))


def recognise(file: Path | int, numbers: Iterable[int], language: str) -> Iterator[PageText]:
    """Read pages of a PDF by machine, one after the other, as each is done.

    `language` is a BCP 47 tag, empty for one that is not known. A page that cannot be drawn or
    read comes without text and without an origin. Slow: seconds a page. Raises `RuntimeError`
    where `can_read` says no.
    """
    wanted, tesseract = _wanted(language), program()
    if not wanted or tesseract is None:
        raise RuntimeError("tesseract or its data for this language is not installed")
    own = isinstance(file, int)
    descriptor = file if isinstance(file, int) else os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for number in numbers:
            text = clean(_read_page(descriptor, number, tesseract, wanted))
            origin = Origin.MACHINE if text else Origin.NONE
            yield PageText(number, text, origin, language_of(text) if text else "")
    finally:
        if not own:
            os.close(descriptor)


def _read_page(descriptor: int, number: int, tesseract: str, language: str) -> str:
    with tempfile.TemporaryFile() as picture:
        drawn = _run("draw", {"number": number}, descriptor, DRAWING, picture.write)
        picture.flush()
        if not drawn:
            return ""
        text = bytearray()
        arguments = {"program": tesseract, "language": language}
        read = _run("start_reader", arguments, picture.fileno(), RECOGNITION, text.extend)
        return text.decode("utf-8", "replace") if read else ""


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
    if ended.how is not How.DONE:
        log.warning("a page could not be read by machine: %s %s", work, ended)
    return ended.how is How.DONE


def _wanted(language: str) -> str:
    """Return tesseract's names of what to read a page in; empty when it has no data for it."""
    installed = _installed()
    primary = language.partition("-")[0].lower()
    wanted = [_NAMES.get(code, "") for code in ([primary] if primary else _UNTOLD)]
    # One language where it is told: with English beside it, Arabic letters become Latin words.
    return "+".join(name for name in wanted if name in installed)


@functools.cache
def _installed() -> frozenset[str]:
    tesseract = program()
    if tesseract is None:
        return frozenset()
    done = subprocess.run(  # noqa: S603 - a program of the system, without arguments from outside
        [tesseract, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
    )
    return frozenset(done.stdout.split())
