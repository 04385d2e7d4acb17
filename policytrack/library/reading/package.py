"""Open documents that are archives, within the limits that hold for uploads."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile, ZipInfo

from policytrack.core.files import office
from policytrack.core.files.kinds import Found
from policytrack.core.files.refusals import Reason, Refused
from policytrack.library.reading.draft import Unreadable
from policytrack.library.reading.markup import Visitor, walk
from policytrack.library.reading.results import Kind, Outcome

_KINDS = {
    Found.DOCX: Kind.DOCX,
    Found.XLSX: Kind.XLSX,
    Found.PPTX: Kind.PPTX,
    Found.ODT: Kind.ODT,
    Found.BOOK: Kind.EPUB,
}
_OUTCOMES = {
    Reason.ENCRYPTED: Outcome.ENCRYPTED,
    Reason.DAMAGED: Outcome.BROKEN,
}


@dataclass(frozen=True, slots=True)
class Package:
    """Hold an archive that was checked; its parts are found whatever their capitals."""

    archive: ZipFile
    members: dict[str, ZipInfo]
    kind: Kind

    def has(self, name: str) -> bool:
        """Tell whether there is a part of this name."""
        return name.lower() in self.members

    def part(self, name: str) -> IO[bytes]:
        """Open a part; raise `Unreadable` when there is none."""
        item = self.members.get(name.lower())
        if item is None:
            raise Unreadable(Outcome.BROKEN, "part_missing")
        return self.archive.open(item)

    def lead(self, visitor: Visitor, name: str) -> None:
        """Lead a visitor through a part of XML."""
        with self.part(name) as file:
            walk(file, visitor)


@contextmanager
def opened(file: int) -> Iterator[Package]:
    """Open an archive by its descriptor; raise `Unreadable` for one that may not be read."""
    try:
        with os.fdopen(file, "rb", closefd=False) as whole, ZipFile(whole) as archive:
            found, members = office.checked(archive)
            kind = _KINDS.get(found, Kind.UNKNOWN)
            if kind is Kind.UNKNOWN:
                raise Unreadable(Outcome.REFUSED, found.value)
            yield Package(archive, members, kind)
    except Refused as refusal:
        outcome = _OUTCOMES.get(refusal.reason, Outcome.REFUSED)
        raise Unreadable(outcome, refusal.reason.value) from None
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, io.UnsupportedOperation):
        raise Unreadable(Outcome.BROKEN, "archive") from None


def beside(name: str, target: str) -> str:
    """Return the name of a part that another one points to, which never leads outside."""
    target = unquote(target.partition("#")[0])
    folder = [] if target.startswith("/") else name.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            folder = folder[:-1]
        elif step not in {"", "."}:
            folder.append(step)
    return "/".join(folder)


class Relations:
    """Collect what a part of an Office document points to, by id."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a relation."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            key = attributes.get("Id", "")
            self.targets[key] = beside(self._name, attributes.get("Target", ""))
            self.kinds[key] = attributes.get("Type", "").rpartition("/")[2]

    def end(self, name: str) -> None:
        """Leave."""

    def data(self, text: str) -> None:
        """Pass over text."""

    def of_kind(self, kind: str) -> list[str]:
        """Return the parts of one kind."""
        return [self.targets[key] for key, found in self.kinds.items() if found == kind]


def relations(package: Package, name: str) -> Relations:
    """Return what a part points to; nothing where it points nowhere."""
    folder, _, last = name.rpartition("/")
    catalogue = f"{folder}/_rels/{last}.rels".lstrip("/")
    found = Relations(name)
    if package.has(catalogue):
        package.lead(found, catalogue)
    return found
