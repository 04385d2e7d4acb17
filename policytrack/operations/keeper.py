"""Keep a second process alive beside this one, and end it with this one."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Sequence

log = logging.getLogger(__name__)

# What the worker ends with where another one has its place already.
TAKEN = 3
_PATIENCE_SECONDS = 10.0
_LONGEST_PAUSE = 30.0


class Keeper:
    """Start `policytrack` with these arguments, again whenever it ends, until told to stop."""

    def __init__(self, *arguments: str) -> None:
        self._command: Sequence[str] = (sys.executable, "-m", "policytrack", *arguments)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process and watch it."""
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Return the number of the present process."""
        return self._process.pid if self._process else None

    def stop(self) -> None:
        """End the process: politely, and after ten seconds by force."""
        with self._lock:
            self._stop.set()
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(_PATIENCE_SECONDS)

    def _start_process(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stop.is_set():
                return None
            self._process = subprocess.Popen(self._command)  # noqa: S603 - our own program
            return self._process

    def _keep(self) -> None:
        ends = 0
        while (process := self._start_process()) is not None:
            code = process.wait()
            if self._stop.is_set():
                return
            ends += 1
            pause = min(_LONGEST_PAUSE, 0.5 * 2**ends)
            if code != TAKEN:
                log.warning("the worker ended (%d); it starts again in %.0f s", code, pause)
            self._stop.wait(pause)
