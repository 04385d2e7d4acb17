"""Run the command as the operator does: in a process of its own."""

from __future__ import annotations

import io
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask

import policytrack
from policytrack import cli
from policytrack.core.db import db
from policytrack.search.index.snapshot import search_of

ROOT = Path(__file__).parent.parent.parent


def environment(app: Flask | None = None, **settings: object) -> dict[str, str]:
    """Return the environment of a process that works on the same installation."""
    given: dict[str, object] = {}
    if app is not None:
        given = {
            "instance": app.instance_path,
            "database_url": app.config["SQLALCHEMY_DATABASE_URI"],
        }
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        **{f"POLICYTRACK_{name.upper()}": str(value) for name, value in (given | settings).items()},
    }


@dataclass(frozen=True)
class Done:
    """Hold how a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


# Importing takes longer than most commands: what is forked finds everything imported.
forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["policytrack.cli"])


def _act(environ: Mapping[str, str], out: Path, err: Path, arguments: Sequence[str]) -> None:
    os.setsid()  # so that it can be killed together with those that it starts
    os.environ.clear()
    os.environ.update(environ)
    for path, number in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    cli.main(arguments)


class Forked:
    """Run `policytrack` in a process of its own, which need not import it."""

    def __init__(
        self, environ: Mapping[str, str], out: Path, err: Path, *arguments: object
    ) -> None:
        given = (dict(environ), out, err, [str(argument) for argument in arguments])
        self._process = forking.Process(target=_act, args=given)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        assert self._process.exitcode is not None, "it does not end"
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()


def command(
    environ: Mapping[str, str], *arguments: object, before: Callable[[], None] | None = None
) -> Done:
    """Run `policytrack` to its end in another process; `before` is called there first."""
    if before is None:
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            process = Forked(environ, out, err, *arguments)
            try:
                code = process.wait(120)
            finally:
                process.kill()
            return Done(code, out.read_text(), err.read_text())
    done = subprocess.run(
        [sys.executable, "-m", "policytrack", *map(str, arguments)],
        env=dict(environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=before,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def here(environ: Mapping[str, str], *arguments: object) -> Done:
    """Run `policytrack` to its end in this process: the same, a second faster."""
    out, err, made, code = io.StringIO(), io.StringIO(), list[Flask](), 0
    make = policytrack.create_app

    def remember(*given: Any) -> Flask:
        made.append(make(*given))
        return made[-1]

    with (
        patch.dict(os.environ, environ),
        patch.object(policytrack, "create_app", remember),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            cli.main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
    for app in made:
        search_of(app).close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    return Done(code, out.getvalue(), err.getvalue())


def work(environ: Mapping[str, str], log: Path) -> Forked:
    """Start a worker and leave it running."""
    return Forked(environ, log, log, "worker")


@contextmanager
def working(environ: Mapping[str, str], log: Path) -> Iterator[Forked]:
    """Let a worker run for a while; kill it in the end if it did not end by itself."""
    process = work(environ, log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def start(environ: Mapping[str, str], log: Path, *arguments: object) -> subprocess.Popen[bytes]:
    """Start `policytrack` and leave it running."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "policytrack", *map(str, arguments)],
            env=dict(environ),
            stdout=out,
            stderr=out,
        )


@contextmanager
def running(
    environ: Mapping[str, str], log: Path, *arguments: object
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `policytrack` for a while; kill it in the end if it did not end by itself."""
    process = start(environ, log, *arguments)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_until(true: Callable[[], object], seconds: float = 30.0, what: object = "") -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(0.05)


def address_in(log: Path) -> str:
    """Wait for a server to say in its log where it serves."""
    pattern = re.compile(r"serving at (http://\S+)")
    wait_until(lambda: pattern.search(log.read_text()), what=log.read_text)
    found = pattern.search(log.read_text())
    assert found
    return found[1]
