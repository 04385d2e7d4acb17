"""Serving: behind proxies, together with a worker, and stopped in good order."""

from __future__ import annotations

import os
import re
import signal
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from tests.operations.processes import address_in, environment, running, wait_until

pytestmark = pytest.mark.usefixtures("once")


def fetch(address: str, **headers: str) -> str:
    asked = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return str(answer.read().decode())


def worker_of(parent: int) -> int:
    """Return the number of the worker process of a `run`, 0 while there is none."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                status = (entry / "status").read_text()
            except OSError:
                continue
            if b"worker" in words and f"PPid:\t{parent}\n" in status and "State:\tZ" not in status:
                return int(entry.name)
    return 0


def gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_run_prepares_serves_and_keeps_a_worker(tmp_path: Path, log: Path) -> None:
    environ = environment(instance=tmp_path / "instance")
    with running(environ, log, "run", "--port", "0", "--no-demo") as process:
        address = address_in(log)
        assert '{"status":"ready"}' in fetch(f"{address}/readyz").replace(" ", "")
        wait_until(lambda: worker_of(process.pid), what=log.read_text)
        first = worker_of(process.pid)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: worker_of(process.pid) not in {0, first}, what=log.read_text)
        assert "it starts again" in log.read_text()
        second = worker_of(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert gone(second)
    assert "Traceback" not in log.read_text()
    # Another start finds everything there.
    with running(environ, log, "run", "--port", "0", "--no-demo") as process:
        wait_until(lambda: log.read_text().count("serving at") == 2, what=log.read_text)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert "Traceback" not in log.read_text()


def test_the_worker_ends_when_run_is_killed(tmp_path: Path, log: Path) -> None:
    environ = environment(instance=tmp_path / "instance")
    with running(environ, log, "run", "--port", "0", "--no-demo") as process:
        wait_until(lambda: worker_of(process.pid), what=log.read_text)
        worker = worker_of(process.pid)
        process.kill()
        process.wait()
        wait_until(lambda: gone(worker), what="the worker outlived its parent")


@pytest.mark.parametrize("proxies", [0, 1])
def test_forwarded_headers_are_believed_from_as_many_proxies_as_are_set(
    app: Flask, log: Path, proxies: int
) -> None:
    environ = environment(
        app, proxies=proxies, trusted_hosts="127.0.0.1,track.example.org", external_url="http://x"
    )
    with running(environ, log, "serve", "--port", "0") as process:
        address = address_in(log)
        told = {"X-Forwarded-Host": "track.example.org", "X-Forwarded-For": "192.0.2.7"}
        assert fetch(f"{address}/healthz", **told)
        # A host that is not trusted is refused where, and only where, the header is believed.
        told["X-Forwarded-Host"] = "evil.example.org"
        if proxies:
            with pytest.raises(urllib.error.HTTPError, match="400"):
                fetch(f"{address}/healthz", **told)
        else:
            assert fetch(f"{address}/healthz", **told)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_debugging_cannot_be_switched_on_from_outside(app: Flask, log: Path) -> None:
    environ = environment(app) | {"FLASK_DEBUG": "1", "FLASK_ENV": "development"}
    with running(environ, log, "serve", "--port", "0"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(f"{address_in(log)}/nothing-here")
        page = refused.value.read().decode()
        refused.value.close()
    assert re.search("werkzeug|Traceback", page) is None
