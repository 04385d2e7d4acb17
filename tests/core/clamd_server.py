"""Serve clamd's protocol on a socket: commands, chunks, limits, and what can go wrong with it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

# What scanners know as their test, put together here so that none takes this file away.
TEST_CONTENT = "".join(
    ("X5O!P%@AP[4\\PZX54", "(P^)7CC)7}$EI", "CAR-STANDARD-ANTI", "VIRUS-TEST-FILE!$H+H*")
).encode()
VERSION = "ClamAV 1.4.3/27832/Fri Nov 20 09:12:44 2026"


@dataclass
class Clamd:
    """Hold how the server behaves, and what it was asked.

    `mode`: `honest`, `slow` (no answer), `cut` (hangs up in the middle of a content), `gone` (hangs
    up before its answer), `early` (says OK before it has all), or else the answer itself.
    """

    address: str
    mode: str = "honest"
    version: str = VERSION
    most: int = 1_000_000
    asked: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket) -> None:
        while not self.stopped.is_set():
            try:
                line, _from = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, suppress(OSError), line.makefile("rb") as said:
            command = self._command(said)
            self.asked.append(command)
            if command == "PING":
                line.sendall(b"PONG\0")
            elif command == "VERSION":
                self._tell_version(line)
            elif command == "INSTREAM":
                answer = self._stream(said, line)
                if answer:
                    line.sendall(answer.encode() + b"\0")
            else:
                line.sendall(b"UNKNOWN COMMAND\0")

    def _command(self, said: object) -> str:
        """Return a command of either way of writing: z...NUL or n...newline."""
        end = {b"z": b"\0", b"n": b"\n"}[said.read(1)]  # type: ignore[attr-defined]  # a reader
        letters = bytearray()
        while (sign := said.read(1)) not in {end, b""}:  # type: ignore[attr-defined]  # likewise
            letters += sign
        return letters.decode()

    def _tell_version(self, line: socket.socket) -> None:
        if self.mode == "slow":
            self.stopped.wait(60)
        line.sendall(self.version.encode() + b"\0")

    def _stream(self, said: object, line: socket.socket) -> str:
        content = bytearray()
        while True:
            length = int.from_bytes(said.read(4), "big")  # type: ignore[attr-defined]  # a reader
            if length == 0:
                break
            if len(content) + length > self.most:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return ""
            content += said.read(length)  # type: ignore[attr-defined]  # a reader
            if self.mode == "cut":
                return ""
            if self.mode == "early":
                line.sendall(b"stream: OK\0")
                time.sleep(0.2)
                return ""
        self.heard.append(bytes(content))
        if self.mode == "slow":
            self.stopped.wait(60)
        if self.mode in {"slow", "gone"}:
            return ""
        if self.mode != "honest":
            return self.mode
        return "stream: Eicar-Test-Signature FOUND" if TEST_CONTENT in content else "stream: OK"


@contextmanager
def serving(path: Path | None = None) -> Iterator[Clamd]:
    """Serve at a port of this machine, or at a path."""
    if path is None:
        listening = socket.create_server(("127.0.0.1", 0))
        clamd = Clamd(f"127.0.0.1:{listening.getsockname()[1]}")
    else:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(str(path))
        listening.listen()
        clamd = Clamd(str(path))
    thread = threading.Thread(target=clamd.serve, args=(listening,), daemon=True)
    thread.start()
    try:
        yield clamd
    finally:
        clamd.stopped.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)
