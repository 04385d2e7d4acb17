"""Bound what reading one file may cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold the bounds of one reading.

    A law has some hundred pages and is read in a second or two; the largest collections of laws
    have some thousand. `file_bytes` is for kinds that are read whole, not for PDFs and archives.
    """

    cpu_seconds: int = 240
    wall_seconds: float = 600.0
    memory_bytes: int = 1024 * MEGABYTE
    output_bytes: int = 128 * MEGABYTE
    pages: int = 6_000
    characters: int = 30_000_000
    file_bytes: int = 64 * MEGABYTE

    def as_dict(self) -> dict[str, float]:
        """Return the bounds by their names, to be sent to where they hold."""
        return asdict(self)


LIMITS = Limits()
