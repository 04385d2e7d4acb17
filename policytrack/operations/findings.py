"""Hold what the doctor says: one line each, what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Name how bad a finding is."""

    FINE = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one line: what was looked at, what was seen, and how to mend it."""

    level: Level
    subject: str
    seen: str
    mend: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<8}{self.subject}: {self.seen}"
        return f"{line}. To mend: {self.mend}" if self.mend else line


Check = Callable[[], Iterator[Finding]]


def fine(subject: str, seen: str) -> Finding:
    """Return a finding with which all is well."""
    return Finding(Level.FINE, subject, seen)


def warning(subject: str, seen: str, mend: str) -> Finding:
    """Return a finding that should be looked at."""
    return Finding(Level.WARNING, subject, seen, mend)


def error(subject: str, seen: str, mend: str) -> Finding:
    """Return a finding that must be mended."""
    return Finding(Level.ERROR, subject, seen, mend)
