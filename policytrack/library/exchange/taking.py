"""Take a whole folder in: several files are looked at side by side, one after the other is kept."""

from __future__ import annotations

import contextvars
import gc
import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.core import clock, db, errors
from policytrack.core.files.directory import StorageFull
from policytrack.core.forms import clean_line
from policytrack.library import rules
from policytrack.library.description import Description
from policytrack.library.exchange import folder, rows
from policytrack.library.exchange.folder import Found
from policytrack.library.exchange.manifest import Manifest, Row
from policytrack.library.exchange.preparing import NO_ROOM, Ended, Looked, look
from policytrack.library.exchange.rows import Wanted, Wrong
from policytrack.library.models import LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.reading import Outcome, Reading
from policytrack.library.service import importing
from policytrack.library.service.importing import Taken, Wishes
from policytrack.library.service.texts import spoken

# So many files for each that is being read: some wait for the disk, some for their transaction.
_AHEAD = 3
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Order:
    """Hold what is to be done: which folder, with which manifest, and what to say of every file."""

    folder: Path
    manifest: Manifest = field(default_factory=Manifest)
    leave: frozenset[Path] = frozenset()
    organisation: str = ""
    language: str = ""
    type: str = ""
    publish: bool = False
    dry_run: bool = False
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of the report."""

    path: str
    ended: Ended
    sha256: str = ""
    pages: int = 0
    characters: int = 0
    language: str = ""
    reason: str = ""


def run(order: Order) -> Iterator[Line]:
    """Yield a line for each file of the folder, and for each row that names none.

    It can be stopped and begun again at any time: each document is taken whole or not at all.
    Raises `OSError` where the folder itself cannot be read.
    """
    # What is loaded by now stays; looking through it for litter, again and again, would take longer
    # than keeping the documents.
    gc.freeze()
    try:
        yield from _Run(order).lines()
    finally:
        gc.unfreeze()


class _Run:
    def __init__(self, order: Order) -> None:
        self.order = order
        self.root = order.folder.resolve(strict=True)
        # What stands here when the run begins, and what it adds: by hash, of which document.
        self.known: dict[str, int] = _known(db.session())
        self.seen: dict[str, str] = {}
        self.documents: dict[str, int] = {}
        self.bodies = frozenset(db.session().scalars(select(Constituent.code)))
        self.unresolved: list[tuple[Found, Row, Looked]] = []
        db.session().rollback()

    def lines(self) -> Iterator[Line]:
        named: set[str] = set()
        jobs = self.order.jobs or os.cpu_count() or 1
        seats = BoundedSemaphore(jobs)
        with ThreadPoolExecutor(jobs * _AHEAD) as pool:
            for found, waiting in self._looked(pool, seats, jobs * _AHEAD):
                named.add(found.path)
                looked = waiting.result() if waiting else Looked(ended=Ended.REFUSED)
                yield self._settled(found, looked)
        for found, row, looked in self.unresolved:
            self._relate(found, row, looked)
        for row in self.order.manifest.rows:
            if row.path not in named or row.fault.startswith("line "):
                reason = row.fault or "there is no such file in the folder"
                yield Line(row.path, Ended.REFUSED, reason=f"line {row.line}: {reason}")

    def _looked(
        self, pool: ThreadPoolExecutor, seats: BoundedSemaphore, ahead: int
    ) -> Iterator[tuple[Found, Future[Looked] | None]]:
        """Look at a few files ahead, and give them in the order of their names."""
        waiting: deque[tuple[Found, Future[Looked] | None]] = deque()
        for found in folder.walk(self.root, leave=self.order.leave):
            future = None
            if not found.fault:
                keep = self._may_be_kept(found)
                act = partial(look, self.root, found.path, self.known, seats=seats, keep=keep)
                future = pool.submit(contextvars.copy_context().run, act)
            waiting.append((found, future))
            if len(waiting) >= ahead:
                yield waiting.popleft()
        yield from waiting

    def _may_be_kept(self, found: Found) -> bool:
        """Tell whether nothing that is known so far speaks against keeping a file."""
        row = self.order.manifest.by_path.get(found.path)
        if self.order.dry_run or (row is not None and row.fault):
            return False
        try:
            wanted = rows.parse(row.cells) if row else Wanted({}, {})
        except Wrong:
            return False
        code = wanted.organisation or self.order.organisation
        return not code or code in self.bodies

    def _settled(self, found: Found, looked: Looked) -> Line:
        if found.fault:
            return Line(found.path, Ended.REFUSED, reason=found.fault)
        row = self.order.manifest.by_path.get(found.path)
        if looked.arrival is None:
            return _line(found, looked, looked.ended or Ended.REFUSED, looked.reason)
        if row is not None and row.fault:
            return _line(found, looked, Ended.REFUSED, f"line {row.line}: {row.fault}")
        first = self.seen.setdefault(looked.sha256, found.path)
        if first != found.path:
            return _line(found, looked, Ended.UNCHANGED, f"the same file as {first}")
        try:
            return self._take(found, row, looked)
        except Wrong as fault:
            line = row.line if row else 0
            return _line(found, looked, Ended.REFUSED, f"line {line}: {fault}")
        except StorageFull:
            return _line(found, looked, Ended.REFUSED, NO_ROOM)
        except errors.DomainError as refusal:
            return _line(found, looked, Ended.REFUSED, _said(refusal))

    def _take(self, found: Found, row: Row | None, looked: Looked) -> Line:
        assert looked.arrival is not None  # noqa: S101 - looked at in `_settled`
        wanted = rows.parse(row.cells) if row else Wanted({}, {})
        if self.order.dry_run:
            known = looked.sha256 in self.known
            return _line(found, looked, Ended.UNCHANGED if known else _new(looked.reading))
        with db.transaction() as session:
            relations, missing = self._related(session, wanted, row)
            taken, document = importing.take(
                session,
                arrival=looked.arrival,
                wishes=self._wishes(session, found, wanted, looked, relations),
                now=clock.now(),
            )
            document_id = document.id
        self.known[looked.sha256] = self.documents[found.path] = document_id
        if missing and row is not None:
            self.unresolved.append((found, row, looked))
        if taken is Taken.NEW:
            return _line(found, looked, _new(looked.reading))
        return _line(found, looked, Ended(taken))

    def _wishes(
        self,
        session: Session,
        found: Found,
        wanted: Wanted,
        looked: Looked,
        relations: tuple[tuple[str, int], ...],
    ) -> Wishes:
        defaults: dict[str, Any] = dict(self._defaults(found, looked.reading))

        def describe(before: Description) -> Description:
            said = wanted.over(before)
            # What the file says of itself, or the command, fills what nobody has said.
            filled = {name: value for name, value in defaults.items() if not getattr(said, name)}
            return replace(said, **filled, relations=relations or said.relations)

        return Wishes(
            describe=describe,
            organisation=self._body(session, wanted.organisation or self.order.organisation),
            source_key=wanted.source_key,
            publish=self.order.publish,
        )

    def _defaults(self, found: Found, read: Reading | None) -> dict[str, str]:
        stem = clean_line(Path(found.path).stem.replace("_", " "))
        return {
            "title": ((read.title if read else "") or stem or "?")[: rules.TITLE_LENGTH],
            "language": self.order.language or (spoken(read.language) if read else ""),
            "type": self.order.type,
        }

    def _body(self, session: Session, code: str) -> Constituent | None:
        if not code:
            return None
        found = session.scalar(select(Constituent).where(Constituent.code == code))
        if found is None or code not in self.bodies:
            raise Wrong(f"organisation: there is none with the code “{code}”")
        return found

    def _related(
        self, session: Session, wanted: Wanted, row: Row | None
    ) -> tuple[tuple[tuple[str, int], ...], bool]:
        found = [(kind, self._named(session, name, row)) for kind, name in wanted.relations]
        there = tuple((kind, target) for kind, target in found if target is not None)
        return there, len(there) < len(found)

    def _named(self, session: Session, name: str, row: Row | None) -> int | None:
        """Return the document that a row calls by its path, source id, hash or public id."""
        if name in self.documents:
            return self.documents[name]
        if _HASH.fullmatch(name):
            return self.known.get(name)
        source = row.cells.get("source", "") if row else ""
        return session.scalar(
            select(LibraryDocument.id).where(
                (LibraryDocument.source_key.in_((name, f"{source}:{name}")))
                | (LibraryDocument.public_id == name)
            )
        )

    def _relate(self, found: Found, row: Row, looked: Looked) -> None:
        """Say how a document stands to others that came after it."""
        try:
            self._take(found, row, replace(looked, reading=None))
        except (Wrong, errors.DomainError):
            return


def _known(session: Session) -> dict[str, int]:
    rows_found = session.execute(
        select(LibraryFile.source_sha256, LibraryRevision.document_id).join(LibraryFile.revision)
    )
    return dict(rows_found.all())


def _new(read: Reading | None) -> Ended:
    if read is not None and read.outcome is Outcome.NO_TEXT:
        return Ended.WITHOUT_TEXT
    return Ended.TAKEN


def _line(found: Found, looked: Looked, ended: Ended, reason: str = "") -> Line:
    read = looked.reading
    return Line(
        path=found.path,
        ended=ended,
        sha256=looked.sha256,
        pages=len(read.pages) if read else 0,
        characters=read.characters if read else 0,
        language=read.language if read else "",
        reason=reason or (read.reason if read else ""),
    )


def _said(refusal: errors.DomainError) -> str:
    fields: Mapping[str, object] = getattr(refusal, "fields", {})
    return "; ".join(f"{name}: {each}" for name, each in fields.items()) or str(refusal.message)
