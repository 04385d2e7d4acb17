"""Speak clamd's protocol: ask a malware scanner about a content, or how it stands.

One connection for each question, with an end by the clock. Whatever is no clear answer is none.
"""

from __future__ import annotations

import re
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from mmap import mmap

CONNECT_SECONDS = 5.0
# clamd itself gives up a file after two minutes (MaxScanTime).
SCAN_SECONDS = 130.0
STATE_SECONDS = 2.0
_CHUNK = 128 * 1024
_LENGTH_BYTES = 4
_MOST_ANSWERED = 4096
_MOST_TOLD = 120
_FOUND = re.compile(r"stream: (.+) FOUND")
# What clamd says, as a finding, of what is beyond its limits (AlertExceedsMax).
_BEYOND = "Heuristics.Limits.Exceeded"
_VERSION = re.compile(r"(ClamAV [^/]+)(?:/\d+/(.+))?")


class Verdict(StrEnum):
    """Name what a scanner says of a content."""

    CLEAN = "clean"
    FOUND = "found"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold a scanner's answer; `signature` is its name for what it found."""

    verdict: Verdict
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold what a scanner says of itself; `signed` is how new its signatures are."""

    program: str
    signed: datetime | None = None


# What is scanned: bytes, or a file that is mapped into memory.
Content = bytes | mmap


class NoAnswer(Exception):
    """Raised when a scanner is not there, does not answer in time, or not with a verdict."""


def scan(address: str, content: Content) -> Answer:
    """Return what the scanner at an address (`host:port`, or a path) says of a content."""
    try:
        with _connected(address, SCAN_SECONDS) as line:
            whole = line.stream(content)
            said = line.answer()
    except (OSError, UnicodeError) as problem:
        raise NoAnswer(_words(problem)) from None
    return _read(said, whole=whole)


def standing(address: str) -> Standing:
    """Return what the scanner at an address says of itself, at once or not at all."""
    try:
        with _connected(address, STATE_SECONDS) as line:
            line.send(b"zVERSION\0")
            said = line.answer()
    except (OSError, UnicodeError) as problem:
        raise NoAnswer(_words(problem)) from None
    found = _VERSION.fullmatch(said)
    if found is None:
        raise NoAnswer(_unclear(said))
    signed = None
    with suppress(ValueError):
        signed = datetime.strptime(found[2] or "", "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return Standing(found[1].strip(), signed)


def _read(said: str, *, whole: bool) -> Answer:
    # One that has not heard all of it cannot say that it is clean.
    if said == "stream: OK" and whole:
        return Answer(Verdict.CLEAN)
    found = _FOUND.fullmatch(said)
    if found is not None:
        if found[1].startswith(_BEYOND):
            return Answer(Verdict.TOO_LARGE)
        return Answer(Verdict.FOUND, found[1])
    if said.startswith("INSTREAM size limit exceeded"):
        return Answer(Verdict.TOO_LARGE)
    raise NoAnswer(_unclear(said))


def _unclear(said: str) -> str:
    return f"it says {said!r}" if said else "it hung up"


def _words(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return "it does not answer in time"
    return getattr(problem, "strerror", None) or type(problem).__name__


class _Line:
    """Send to a scanner and hear its answer, until an hour on the clock."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection = connection
        self._until = until

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_how: object) -> None:
        self._connection.close()

    def stream(self, content: Content) -> bool:
        """Send a content in chunks; return whether it was heard to its end.

        One that is too large is answered before its end, and the line is cut.
        """
        view = memoryview(content)
        try:
            self.send(b"zINSTREAM\0")
            for start in range(0, len(view), _CHUNK):
                if self._answers():
                    return False
                chunk = view[start : start + _CHUNK]
                self.send(len(chunk).to_bytes(_LENGTH_BYTES, "big"))
                self.send(chunk)
            self.send(bytes(_LENGTH_BYTES))
        except ConnectionError:
            return False  # what it said before it hung up is still there to be heard
        return True

    def send(self, data: bytes | memoryview) -> None:
        """Send all of it."""
        self._connection.settimeout(self._left())
        self._connection.sendall(data)

    def answer(self) -> str:
        """Return the one line that it answers; empty when it hangs up."""
        heard = bytearray()
        while b"\0" not in heard and len(heard) < _MOST_ANSWERED:
            self._connection.settimeout(self._left())
            piece = self._connection.recv(_MOST_ANSWERED)
            if not piece:
                break
            heard += piece
        text = bytes(heard).partition(b"\0")[0].decode("utf-8", "replace").strip()
        return "".join(sign for sign in text if sign.isprintable())[:_MOST_TOLD]

    def _answers(self) -> bool:
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        return bool(poll.poll(0))

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _connected(address: str, seconds: float) -> _Line:
    until = time.monotonic() + seconds
    patience = min(seconds, CONNECT_SECONDS)
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        place = (host.strip("[]"), int(port))
        return _Line(socket.create_connection(place, timeout=patience), until)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(patience)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return _Line(connection, until)
