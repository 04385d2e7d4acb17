"""Serve a real site, with its worker beside, to a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.conftest import Bench, PostgreSQLBench
from tests.journeys.person import Person

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return where Chromium is; without it the journeys are skipped, and fail where CI runs."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium, and CI must have one")
        pytest.skip("there is no Chromium here: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield opened
        opened.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"the site ended:\n{log.read_text()[-4000:]}")
        try:
            with urlopen(f"{address}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.2)
    pytest.fail(f"the site is not ready:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def site(
    bench: Bench, demonstration_folder: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give the address of a site as `make run` serves it.

    Beside PostgreSQL it loads what is invented by itself, beside SQLite it finds it there.
    """
    instance = tmp_path_factory.mktemp("site")
    if demonstration_folder is not None:
        shutil.copytree(demonstration_folder, instance, symlinks=True, dirs_exist_ok=True)
    log = instance / "log"
    environment = {
        **{name: value for name, value in os.environ.items() if "POLICYTRACK" not in name},
        "POLICYTRACK_INSTANCE": str(instance),
    }
    if isinstance(bench, PostgreSQLBench):
        environment["POLICYTRACK_DATABASE_URL"] = bench.another("journeys")
    port = _free_port()
    command = [str(Path(sys.executable).parent / "policytrack"), "run", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@pytest.fixture
def make_person(browser: Browser, site: str) -> Iterator[Callable[..., Person]]:
    contexts: list[BrowserContext] = []

    def make(language: str, width: int, scheme: str = "light") -> Person:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale="en-GB", color_scheme=scheme
        )
        contexts.append(context)
        return Person(context, site, language, scheme)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def papers(tmp_path: Path) -> Callable[[str], Path]:
    """Return a maker of small files to hand in."""
    from pypdf import PdfWriter

    def make(name: str) -> Path:
        writer = PdfWriter()
        writer.add_blank_page(width=200, height=200)
        path = tmp_path / name
        with path.open("wb") as file:
            writer.write(file)
        writer.close()
        return path

    return make
