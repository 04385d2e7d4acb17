"""Write arrays of numbers into a file and read any part of them again, each byte checked.

A file is a row of pages, each with a checksum: whoever reads a part reads the pages that it lies in
and checks those. Damage raises `Damaged`, wherever it is and whatever it makes of a length.
"""

from __future__ import annotations

import io
import json
import os
import struct
import zlib
from collections.abc import Mapping
from functools import cached_property
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# Where an array lies: its first byte, its type, how many numbers it has.
Place = tuple[int, str, int]

_MAGIC = b"ptarray1"
_PAGE = 8192
# A file of so many bytes, such as a few changes make, is read once.
_SMALL = 32 * _PAGE
# The system reads so much at once.
_AT_ONCE = 1 << 30
# Where the table of contents begins and ends, a checksum of it all, and the magic word.
_FOOT = struct.Struct("<QQI8s")
_TYPES = {"u1": "<u1", "u2": "<u2", "u4": "<u4", "u8": "<u8", "i4": "<i4"}


class Damaged(Exception):
    """Say that a file does not hold what was written into it."""


def smallest(numbers: Array) -> Array:
    """Return numbers, none below 0, in the smallest type that holds them all."""
    most = int(numbers.max()) if len(numbers) else 0
    kind = "u1" if most < 1 << 8 else "u2" if most < 1 << 16 else "u4" if most < 1 << 32 else "u8"
    return numbers.astype(_TYPES[kind])


class ArrayWriter:
    """Write arrays one after the other, and at the end what says where each lies."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._open = bytearray()  # the page that is not full yet
        self._checks: list[int] = []
        self._at = 0
        self._write(_MAGIC)

    def put(self, array: Array) -> Place:
        """Write an array and return where it lies."""
        place = (self._at, array.dtype.str[1:], len(array))
        self._write(np.ascontiguousarray(array, _TYPES[place[1]]).tobytes())
        return place

    def put_bytes(self, held: bytes) -> Place:
        """Write bytes and return where they lie."""
        place = (self._at, "u1", len(held))
        self._write(held)
        return place

    def finish(self, contents: Mapping[str, Any]) -> None:
        """Write a table of contents, which JSON can say, and the checksums."""
        begins = self._at
        self._write(json.dumps(contents, separators=(",", ":")).encode())
        ends = self._at
        if self._open:
            self._page(bytes(self._open))
        checks = np.array(self._checks, "<u4").tobytes()
        places = struct.pack("<QQ", begins, ends)
        self._file.write(checks)
        self._file.write(_FOOT.pack(begins, ends, zlib.crc32(places, zlib.crc32(checks)), _MAGIC))
        self._file.flush()

    def _write(self, held: bytes) -> None:
        self._at += len(held)
        self._open += held
        whole = len(self._open) // _PAGE * _PAGE
        if whole:
            with memoryview(self._open) as pages:
                for begin in range(0, whole, _PAGE):
                    self._page(pages[begin : begin + _PAGE])
            del self._open[:whole]

    def _page(self, page: bytes | memoryview) -> None:
        self._checks.append(zlib.crc32(page))
        self._file.write(page)


class ArrayFile:
    """Read arrays out of a file; nothing is read before it is asked for.

    Several may share one, each of whom lets go of it once.
    """

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._users = 1
        try:
            self._descriptor: int | None = file.fileno()
        except (AttributeError, io.UnsupportedOperation):  # it is in memory
            self._descriptor = None
        self._size = size

    @cached_property
    def contents(self) -> Any:
        """Return the table of contents."""
        begins, ends, _checks = self._foot
        try:
            return json.loads(bytes(self._bytes(begins, ends - begins)))
        except ValueError as error:
            raise Damaged("the table of contents cannot be read") from error

    def get(self, place: Place, begin: int = 0, end: int | None = None) -> Array:
        """Return an array, or a part of it, as it was written."""
        at, kind, count = place
        end = count if end is None else end
        if not 0 <= begin <= end <= count or kind not in _TYPES:
            raise Damaged("an array is shorter than something says")
        width = int(kind[1:])
        held = self._bytes(at + begin * width, (end - begin) * width)
        return np.frombuffer(held, _TYPES[kind])

    def check(self) -> None:
        """Read all of it; raise `Damaged` where anything is not as it was written."""
        _begins, ends, _checks = self._foot
        for begin in range(0, ends, 64 * _PAGE):
            self._checked(begin, min(64 * _PAGE, ends - begin))

    @property
    def is_open(self) -> bool:
        """Tell whether anybody uses it."""
        return self._users > 0

    def share(self) -> ArrayFile:
        """Return it for one more user."""
        self._users += 1
        return self

    def close(self) -> None:
        """Let go of the file; who is the last closes it."""
        self._users -= 1
        if self._users == 0:
            self._file.close()

    @cached_property
    def _foot(self) -> tuple[int, int, list[int]]:
        try:
            foot = self._read(max(self._size - _FOOT.size, 0), _FOOT.size)
            begins, ends, check, magic = _FOOT.unpack(foot)
        except struct.error as error:
            raise Damaged("the file is cut off") from error
        length = 4 * -(-ends // _PAGE)
        if magic != _MAGIC or begins > ends or ends + length + _FOOT.size != self._size:
            raise Damaged("the file does not end as it should")
        checks = self._read(ends, length)
        if zlib.crc32(struct.pack("<QQ", begins, ends), zlib.crc32(checks)) != check:
            raise Damaged("the checksums are not as they were written")
        return begins, ends, np.frombuffer(checks, "<u4").tolist()

    def _bytes(self, at: int, length: int) -> memoryview:
        ends = self._foot[1]
        if at < 0 or length < 0 or at + length > ends:
            raise Damaged("something says more than the file holds")
        if ends <= _SMALL:
            return self._whole[at : at + length]
        return self._checked(at, length)

    @cached_property
    def _whole(self) -> memoryview:
        return self._checked(0, self._foot[1])

    def _checked(self, at: int, length: int) -> memoryview:
        _begins, ends, checks = self._foot
        first, last = at // _PAGE, -(-(at + length) // _PAGE)
        begin = first * _PAGE
        held = memoryview(self._read(begin, min(last * _PAGE, ends) - begin))
        for number in range(last - first):
            if zlib.crc32(held[number * _PAGE : (number + 1) * _PAGE]) != checks[first + number]:
                raise Damaged("a page is not as it was written")
        return held[at - begin : at - begin + length]

    def _read(self, at: int, length: int) -> bytes:
        if self._descriptor is None or length > _AT_ONCE:
            self._file.seek(at)
            return self._file.read(length)
        return os.pread(self._descriptor, length, at)
