"""Say how this machine stands: its disk and its worker."""

from __future__ import annotations

import shutil
from pathlib import Path

from policytrack.core import locks
from policytrack.core.requests import settings

MEGABYTE = 1024 * 1024
# Below the first saving begins to fail; below the second somebody should make room.
ROOM_NEEDED = 200 * MEGABYTE
ROOM_WANTED = 1024 * MEGABYTE


def free_room() -> int:
    """Return the bytes that are free where the instance folder lies."""
    return shutil.disk_usage(settings().instance).free


def worker_lock() -> Path:
    """Return the file that the machine's one worker holds locked."""
    return settings().instance / "locks" / "worker"


def worker_runs() -> bool:
    """Tell whether a worker runs on this machine."""
    with locks.sole(worker_lock()) as free:
        return not free
