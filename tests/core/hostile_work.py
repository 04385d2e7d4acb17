"""Work that breaks every limit in turn; it runs only in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

from policytrack.core.isolation.limits import Job

_KNOWN: list[str] = []


def warm_up() -> None:
    _KNOWN.append("told before")


def known(job: Job) -> None:
    job.write(" ".join(_KNOWN).encode())
    _KNOWN.append("told by another")


def answer(job: Job) -> None:
    job.write(b"heard " + str(job.arguments["word"]).encode())


def copy(job: Job) -> None:
    for file in job.files:
        job.write(os.pread(file, 1_000, 0))


def loop(_job: Job) -> None:
    while True:
        pass


def sleep(_job: Job) -> None:
    time.sleep(600)


def swell(_job: Job) -> None:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def recurse(job: Job) -> None:
    recurse(job)


def flood(job: Job) -> None:
    while True:
        job.write(bytes(1024 * 1024))


def die(_job: Job) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash(_job: Job) -> None:
    os.abort()


def kill_parent(_job: Job) -> None:
    os.write(3, b"begun")
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def close_and_sleep(_job: Job) -> None:
    os.closerange(0, 64)
    time.sleep(600)


def leave_children(job: Job) -> None:
    child = os.fork()
    if child == 0:
        time.sleep(600)
    job.write(str(child).encode())


def tell_pid(job: Job) -> None:
    os.write(3, str(os.getpid()).encode())
    time.sleep(600)


def write_file(job: Job) -> None:
    with open(str(job.arguments["path"]), "w") as file:  # noqa: PTH123 - as a stranger would
        file.write("x")


def write_input(job: Job) -> None:
    os.write(job.files[0], b"x")


def open_socket(_job: Job) -> None:
    socket.socket()


def show(job: Job) -> None:
    job.write(repr((dict(os.environ), sys.argv, str(Path.cwd()))).encode())


def lie(job: Job) -> None:
    os.write(4, b"ended 0\nended x\nstarted 1\n")
    os._exit(7)
