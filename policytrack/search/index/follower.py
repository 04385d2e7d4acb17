"""Follow the change log: bring the index of this machine to where the database is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from flask import Flask
from sqlalchemy.orm import Session

from policytrack.core import changes
from policytrack.core.changes import Subject
from policytrack.core.db import session as current_session
from policytrack.core.documents import SearchDocument, Source
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import ngettext
from policytrack.search.index import generations
from policytrack.search.index.generations import Busy, Generation, Unusable
from policytrack.search.index.schema import digest, entity, row
from policytrack.search.index.snapshot import Search, Snapshot, reading, search_of
from policytrack.search.queries import standing

log = logging.getLogger(__name__)

_BATCH = 200

# Told after each step of a rebuild: how many things are done, of how many.
Progress = Callable[[int, int], None]


def init_app(app: Flask, sources: Sequence[Source]) -> None:
    """Keep with the application who gives documents to its index."""
    app.extensions["search"] = Search({source.kind: source for source in sources})


class Follower:
    """Write the index of this machine; needs an application context.

    Any number may exist, one at a time writes: the others find nothing to do.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._sources = search_of(app).sources
        # The generation last seen and how far it had come, so that looking costs one query.
        self._known: tuple[Generation, int] | None = None

    def behind(self) -> bool:
        """Tell whether there is anything to follow, or no index to trust; costs one query."""
        session = current_session()
        session.rollback()
        now = standing(session)
        session.rollback()
        try:
            generation = generations.current(self._app)
        except Unusable:
            return True
        return (
            generation.epoch != now.epoch
            or generation.begun < now.redacted
            or generations.doubted(generation)
            or self._known != (generation, now.newest)
        )

    def follow(self) -> int:
        """Bring the index up to date, making a new one where none can be trusted.

        Return how many changes were taken in: 0 where another process is at it.
        """
        try:
            with generations.sole_writer(self._app):
                generation, cursor = self._place() or self._build(None)
                taken = self._catch_up(generation, cursor)
                # First no search finds what was redacted; then no file of the index holds it.
                if generation.begun < self._redacted():
                    log.info("the search index is made anew: something was redacted")
                    self._catch_up(*self._build(None))
                return taken
        except Busy:
            return 0

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make the index anew beside the one in use; raise `Busy` where it is being written."""
        with generations.sole_writer(self._app):
            self._catch_up(*self._build(progress))

    def lag(self) -> int | None:
        """Return by how many changes the index is behind; None where there is none to trust."""
        now = standing(current_session())
        try:
            with reading(self._app, now.epoch) as snapshot:
                return max(now.newest - snapshot.cursor, 0)
        except Unusable:
            return None

    def verify(self) -> list[str]:
        """Compare the index with the database, document by document; return what differs."""
        session = current_session()
        session.rollback()
        try:
            with reading(self._app, standing(session).epoch, latest=True) as snapshot:
                held, doubles = _held(snapshot)
                cursor = snapshot.cursor
        except Unusable as error:
            return [_("There is no usable index: %(reason)s.", reason=str(error))]
        expected = {
            document.key: document
            for ids, source in self._things(session)
            for document in source.documents(session, ids)
        }
        waiting = {
            entity(change.kind, change.public_id)
            for change in changes.since(session, cursor, limit=1_000_000)
        }
        session.rollback()
        return _differences(expected, held, waiting) + [
            _("twice in the index: %(key)s", key=key) for key in doubles
        ]

    def _things(self, session: Session) -> list[tuple[list[str], Source]]:
        """Return the ids of everything that belongs into the index, in batches."""
        batches = []
        for source in self._sources.values():
            ids = list(source.public_ids(session))
            batches += [
                (ids[start : start + _BATCH], source) for start in range(0, len(ids), _BATCH)
            ]
        return batches

    def _place(self) -> tuple[Generation, int] | None:
        """Return the generation in use and how far it has come; None where a new one is needed.

        One that this process has not seen before is read through: a machine that lost power may
        have left anything.
        """
        session = current_session()
        session.rollback()
        now = standing(session)
        try:
            generation = generations.current(self._app)
            if generation.epoch != now.epoch:
                raise Unusable("the index belongs to another database")
            unseen = self._known is None or self._known[0] != generation
            if unseen or generations.doubted(generation):
                generations.read_through(generation)
                generations.trust(generation)
            self._known = generation, _come(generation)
            if self._known[1] > now.newest:
                raise Unusable("the index knows changes that the database does not")
        except Unusable as error:
            log.warning("the search index is made anew: %s", error)
            return None
        except Exception as error:  # noqa: BLE001 - Whoosh has no name for what damage does to it
            log.warning("the search index is made anew: %s: %s", type(error).__name__, error)
            return None
        return self._known

    def _redacted(self) -> int:
        session = current_session()
        session.rollback()
        found = standing(session).redacted
        session.rollback()
        return found

    def _catch_up(self, generation: Generation, cursor: int) -> int:
        session = current_session()
        session.rollback()
        first = cursor
        while batch := changes.since(session, cursor, _BATCH):
            subjects = dict.fromkeys(Subject(change.kind, change.public_id) for change in batch)
            documents = self._documents(session, subjects)
            cursor = batch[-1].seq
            session.rollback()
            _replace(generation, cursor, subjects, documents)
            self._known = generation, cursor
        session.rollback()
        return cursor - first

    def _documents(self, session: Session, subjects: Iterable[Subject]) -> list[SearchDocument]:
        ids: dict[str, list[str]] = {}
        for subject in subjects:
            ids.setdefault(subject.kind, []).append(subject.public_id)
        return [
            document
            for kind, of_kind in ids.items()
            if kind in self._sources
            for document in self._sources[kind].documents(session, of_kind)
        ]

    def _build(self, progress: Progress | None) -> tuple[Generation, int]:
        session = current_session()
        session.rollback()
        # First of all: what changes while the index is built is followed afterwards.
        now = standing(session)
        things = self._things(session)
        total, done = sum(len(ids) for ids, _source in things), 0
        generation = generations.begin(self._app, now.epoch, now.newest)
        try:
            with generations.writing(generation, now.newest, memory_mb=128) as writer:
                for ids, source in things:
                    documents = source.documents(session, ids)
                    session.rollback()
                    for document in documents:
                        writer.add_document(**row(document))
                    done += len(ids)
                    if progress is not None:
                        progress(done, total)
            generations.install(self._app, generation)
        except BaseException:
            generations.discard(generation)
            raise
        self._known = generation, now.newest
        return self._known


def _come(generation: Generation) -> int:
    reader = generation.index().reader()
    try:
        return generations.cursor(reader)
    finally:
        reader.close()


def _replace(
    generation: Generation,
    cursor: int,
    subjects: Iterable[Subject],
    documents: Iterable[SearchDocument],
) -> None:
    """Take all documents of these things out and put the present ones in, in one commit."""
    try:
        with generations.writing(generation, cursor) as writer:
            for subject in subjects:
                writer.delete_by_term("entity", entity(subject.kind, subject.public_id))
            for document in documents:
                writer.add_document(**row(document))
    except Exception:
        # A full disk or a damaged file: looked into before the next attempt.
        generations.doubt(generation)
        raise


def _held(snapshot: Snapshot) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Return entity and digest by key, and the keys that stand there twice."""
    held: dict[str, tuple[str, str]] = {}
    doubles = []
    for stored in snapshot.rows():
        if stored["key"] in held:
            doubles.append(stored["key"])
        held[stored["key"]] = stored["entity"], stored["digest"]
    return held, doubles


def _differences(
    expected: dict[str, SearchDocument], held: dict[str, tuple[str, str]], waiting: set[str]
) -> list[str]:
    found = []
    for key, document in expected.items():
        if entity(document.kind, document.public_id) in waiting:
            continue
        if key not in held:
            found.append(_("missing in the index: %(key)s", key=key))
        elif held[key][1] != digest(document):
            found.append(_("stale in the index: %(key)s", key=key))
    for key, (of, _digest) in held.items():
        if key not in expected and of not in waiting:
            found.append(_("in the index, not in the database: %(key)s", key=key))
    if waiting:
        found.append(
            ngettext(
                "%(num)d thing has changed and is not yet in the index",
                "%(num)d things have changed and are not yet in the index",
                len(waiting),
            )
        )
    return found
