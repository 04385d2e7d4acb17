"""Look through a content piece by piece: it may be larger than what memory may be taken for it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

_PIECE = 4 * 1024 * 1024


def size_of(file: BinaryIO) -> int:
    """Return the number of bytes of a file."""
    return file.seek(0, io.SEEK_END)


def head(file: BinaryIO, most: int) -> bytes:
    """Return the first bytes."""
    file.seek(0)
    return file.read(most)


def tail(file: BinaryIO, most: int) -> bytes:
    """Return the last bytes."""
    file.seek(max(size_of(file) - most, 0))
    return file.read(most)


def whole(file: BinaryIO) -> bytes:
    """Return all bytes."""
    file.seek(0)
    return file.read()


def pieces(file: BinaryIO, reach: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield pieces with their places, each with `reach` bytes of the next one."""
    place = 0
    while True:
        file.seek(place)
        piece = file.read(_PIECE + reach)
        if piece:
            yield place, piece
        if len(piece) <= _PIECE:
            return
        place += _PIECE


def has(file: BinaryIO, *needles: bytes) -> bool:
    """Tell whether any of these stands anywhere in a file."""
    reach = max(map(len, needles)) - 1
    return any(needle in piece for _place, piece in pieces(file, reach) for needle in needles)


def matches(
    file: BinaryIO, pattern: re.Pattern[bytes], reach: int
) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Yield where a pattern is found, each match once; none is longer than `reach`."""
    for place, piece in pieces(file, reach):
        for found in pattern.finditer(piece):
            if found.start() >= _PIECE:
                break
            yield place, found
