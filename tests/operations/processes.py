"""Run the command as the operator does: in a process of its own."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask

import policytrack
from policytrack import cli
from policytrack.core.db import db
from policytrack.search.snapshot import search_of

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


def command(
    environ: Mapping[str, str], *arguments: object, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `policytrack` to its end; `before` is called in the process first."""
    return subprocess.run(
        [sys.executable, "-m", "policytrack", *map(str, arguments)],
        env=dict(environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=before,
    )


@dataclass(frozen=True)
class Done:
    """Hold how a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


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
