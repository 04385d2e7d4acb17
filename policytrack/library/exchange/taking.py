"""Take a whole folder in: several files are looked at side by side, one after the other is kept."""

from __future__ import annotations

import contextvars
import gc
import os
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
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
from policytrack.core.files.models import RefusedFile
from policytrack.core.forms import clean_line
from policytrack.library import queries, rules
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
    # The document was to be published, and lacks what publishing needs.
    waits: bool = False


Part = tuple[Found, Looked]


def run(order: Order) -> Iterator[Line]:
    """Yield a line for each file of the folder, and for each row without one.

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
        self.refused = frozenset(db.session().scalars(select(RefusedFile.sha256)))
        # Of documents with several files: what has been looked at, until the last one has.
        self.waiting: dict[int, list[Part]] = {}
        # Rows that name documents which come later, and the revision that was made of each.
        self.unresolved: list[tuple[Row, list[Part], int | None]] = []
        rows_given = self.order.manifest.rows
        self.named = frozenset(filter(None, (row.cells.get("id") for row in rows_given)))
        db.session().rollback()

    def lines(self) -> Iterator[Line]:
        named: set[str] = set()
        jobs = self.order.jobs or os.cpu_count() or 1
        seats = BoundedSemaphore(jobs)
        with ThreadPoolExecutor(jobs * _AHEAD) as pool:
            for found, waiting in self._looked(pool, seats, jobs * _AHEAD):
                named.add(found.path)
                looked = waiting.result() if waiting else Looked(ended=Ended.REFUSED)
                yield from self._arrived(found, looked)
        for row in self.order.manifest.rows:
            yield from self._left_over(row, named)
        for row, parts, revision_id in self.unresolved:
            self._relate(row, parts, revision_id)

    def _arrived(self, found: Found, looked: Looked) -> Iterator[Line]:
        """Settle what a file is of, once all the files are there that its row names."""
        row = self.order.manifest.by_path.get(found.path)
        parts = [(found, looked)]
        if row is not None and row.further:
            parts = self.waiting.setdefault(row.line, [])
            parts.append((found, looked))
            if len(parts) < len(row.paths):
                return
            parts.sort(key=lambda part: row.paths.index(part[0].path))
            del self.waiting[row.line]
        yield from self._settled(row, parts)

    def _left_over(self, row: Row, named: set[str]) -> Iterator[Line]:
        """Settle a row without files, or say which of those that it names are not there."""
        by_path = self.order.manifest.by_path
        for path in row.paths:
            if path not in named or by_path.get(path) is not row:
                reason = row.fault or "there is no such file in the folder"
                yield Line(path, Ended.REFUSED, reason=f"line {row.line}: {reason}")
        for found, looked in self.waiting.pop(row.line, ()):
            reason = f"line {row.line}: not all its files are there"
            yield _line(found, looked, Ended.REFUSED, reason)
        if not row.paths:
            yield from self._settled(row, [])

    def _looked(
        self, pool: ThreadPoolExecutor, seats: BoundedSemaphore, ahead: int
    ) -> Iterator[tuple[Found, Future[Looked] | None]]:
        """Look at a few files ahead, and give them in the order of their names."""
        waiting: deque[tuple[Found, Future[Looked] | None]] = deque()
        for found in folder.walk(self.root, leave=self.order.leave):
            future = None
            if not found.fault:
                act = partial(
                    look,
                    self.root,
                    found.path,
                    self.known,
                    self.refused,
                    seats=seats,
                    keep=self._may_be_kept(found),
                )
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

    def _settled(self, row: Row | None, parts: list[Part]) -> Iterator[Line]:
        lost = [(found, looked) for found, looked in parts if found.fault or not looked.arrival]
        for found, looked in lost:
            reason = found.fault or looked.reason
            yield _line(found, looked, looked.ended or Ended.REFUSED, reason)
        if lost:
            reason = f"it belongs with {lost[0][0].path}, which was not taken"
            others = [part for part in parts if part not in lost]
            if others:
                yield from _lines(row, others, Ended.REFUSED, reason)
            return
        if len(parts) == 1 and not (row and (row.fault or row.cells.get("id"))):
            found, looked = parts[0]
            first = self.seen.setdefault(looked.sha256, found.path)
            if first != found.path:
                yield _line(found, looked, Ended.UNCHANGED, f"the same file as {first}")
                return
        try:
            if row is not None and row.fault:
                raise Wrong(row.fault)
            yield from self._take(row, parts)
        except Wrong as fault:
            yield from _lines(row, parts, Ended.REFUSED, str(fault))
        except StorageFull:
            yield from _lines(row, parts, Ended.REFUSED, NO_ROOM)
        except errors.DomainError as refusal:
            yield from _lines(row, parts, Ended.REFUSED, _said(refusal))

    def _take(self, row: Row | None, parts: list[Part]) -> list[Line]:
        wanted = rows.parse(row.cells) if row else Wanted({}, {})
        if wanted.withdrawn and not self.order.publish:
            raise Wrong("state: what was withdrawn is taken in with --publish only")
        arrivals = [looked.arrival for _found, looked in parts if looked.arrival is not None]
        if self.order.dry_run:
            there = importing.known(
                db.session(), arrivals, self._wishes(db.session(), parts, wanted, ())
            )
            return _lines(row, parts, Ended.UNCHANGED if there else None)
        with db.transaction() as session:
            relations, missing = self._related(session, wanted, row)
            taken, document = importing.take(
                session,
                arrivals=arrivals,
                wishes=self._wishes(session, parts, wanted, relations),
                now=clock.now(),
            )
            document_id = document.id
            present = document.open if self.order.publish and not wanted.waits else None
            lacks = importing.lacks(present) if present else []
            made_here = (
                queries.last(session, document).id
                if missing and taken is not Taken.UNCHANGED
                else None
            )
        for found, looked in parts:
            self.known[looked.sha256] = self.documents[found.path] = document_id
        if missing and row is not None:
            known = [(found, replace(looked, reading=None)) for found, looked in parts]
            self.unresolved.append((row, known, made_here))
        reasons = [
            f"it waits for review: it lacks {', '.join(lacks)}" if lacks else "",
            self._nowhere(missing, row),
        ]
        ended = None if taken is Taken.NEW else Ended(taken)
        made = _lines(row, parts, ended, "; ".join(filter(None, reasons)))
        return [replace(made[0], waits=bool(lacks)), *made[1:]]

    def _nowhere(self, missing: Sequence[str], row: Row | None) -> str:
        """Say which documents a row names that are neither here nor come in."""
        source = row.cells.get("source", "") if row else ""
        coming = self.order.manifest.names
        gone = [name for name in missing if not {name, f"{source}:{name}"} & coming]
        return f"it names what is not here: {', '.join(gone)}" if gone else ""

    def _wishes(
        self,
        session: Session,
        parts: list[Part],
        wanted: Wanted,
        relations: tuple[tuple[str, int], ...],
    ) -> Wishes:
        defaults: dict[str, Any] = dict(self._defaults(parts))
        kinds = {kind for kind, _target in relations}

        def describe(before: Description) -> Description:
            said = wanted.over(before)
            # What the file says of itself, or the command, fills what nobody has said.
            filled = {name: value for name, value in defaults.items() if not getattr(said, name)}
            if not (said.title or filled.get("title")):
                raise Wrong("title: a document without a file needs one")
            kept = tuple(each for each in said.relations if each[0] not in kinds)
            ties = kept + relations
            same = set(ties) == set(said.relations)
            return replace(said, **filled, relations=said.relations if same else ties)

        return Wishes(
            describe=describe,
            organisation=self._body(session, wanted.organisation or self.order.organisation),
            source_key=wanted.source_key,
            publish=self.order.publish and not wanted.waits,
            public_id=wanted.public_id,
            apart=self.named,
            published_at=wanted.published_at,
            withdrawn=wanted.withdrawn,
            demonstration=wanted.demonstration,
        )

    def _defaults(self, parts: list[Part]) -> dict[str, str]:
        if not parts:
            return {"title": "", "language": self.order.language, "type": self.order.type}
        found, looked = parts[0]
        read = looked.reading
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
    ) -> tuple[tuple[tuple[str, int], ...], list[str]]:
        """Return the documents that a row names, and the names of those that are not here."""
        there, missing = [], []
        for kind, name in wanted.relations:
            target = self._named(session, name, row)
            if target is None:
                missing.append(name)
            else:
                there.append((kind, target))
        return tuple(there), missing

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

    def _relate(self, row: Row, parts: list[Part], revision_id: int | None) -> None:
        """Say how a document stands to others that came after it."""
        try:
            if revision_id is None:
                self._take(row, parts)
                return
            with db.transaction() as session:
                relations, _missing = self._related(session, rows.parse(row.cells), row)
                importing.relate(session, revision_id=revision_id, relations=relations)
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


def _lines(
    row: Row | None, parts: Sequence[Part], ended: Ended | None, reason: str = ""
) -> list[Line]:
    """Return a line for each file of a document, one for a document without; None: it is new."""
    if row is not None and (reason or not parts):
        reason = f"line {row.line}: {reason}" if reason else f"line {row.line}"
    if not parts:
        return [Line("", ended or Ended.TAKEN, reason=reason)]
    return [_line(found, looked, ended or _new(looked.reading), reason) for found, looked in parts]


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
