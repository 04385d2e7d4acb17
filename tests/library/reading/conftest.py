"""Read contents as the library does: in a process of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

import pytest

from policytrack.library.reading import LIMITS, Limits, Reading, read

Reader = Callable[..., Reading]


def read_bytes(data: bytes, extension: str = "", limits: Limits = LIMITS) -> Reading:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return read(file.fileno(), extension, limits=limits)


@pytest.fixture
def reading() -> Reader:
    return read_bytes
