"""Take the picture of the README: a commitment of the demonstration, in a real browser.

Run: .venv/bin/python docs/screenshot.py
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PAGE = "/commitments/BALI-B1-NP-01"


def main() -> None:
    """Serve the demonstration, and photograph one page of it."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as instance:
        command = [str(Path(sys.executable).parent / "policytrack"), "run", "--port", str(port)]
        served = subprocess.Popen(  # noqa: S603 - our own program
            command, env={**os.environ, "POLICYTRACK_INSTANCE": instance}
        )
        try:
            _wait(f"http://127.0.0.1:{port}/readyz")
            with sync_playwright() as playwright:
                opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
                page = opened.new_page(
                    viewport={"width": 1280, "height": 1150}, color_scheme="light", locale="en"
                )
                page.goto(f"http://127.0.0.1:{port}{PAGE}")
                page.screenshot(path=HERE / "commitment.png")
                opened.close()
        finally:
            served.terminate()
            served.wait()


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            with urlopen(address) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.2)
    raise SystemExit("the site did not start")


if __name__ == "__main__":
    main()
