"""Ask PolicyTrack itself: its application, its index and its search, over texts of any kind."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from _corpus import FACETS, KINDS, about
from _index import Text
from _questions import Answer, Asked
from sqlalchemy import Column, MetaData, String, Table, insert, select, update
from sqlalchemy.orm import Session

from policytrack import create_app
from policytrack.core import changes, migrations
from policytrack.core.db import db, transaction
from policytrack.core.documents import PUBLIC, Passage, Result, SearchDocument
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.operations import server
from policytrack.search import engine, highlight, warming
from policytrack.search.engine import Found, Wanted
from policytrack.search.index import follower
from policytrack.search.index.follower import Follower
from policytrack.search.index.generations import Generation
from policytrack.search.index.snapshot import Search, Snapshot, search_of
from policytrack.settings import load

# How many processes `Follower.rebuild` builds with.
PROCESSES = 1
_BATCH = 1_000

_TEXTS = Table(
    "benchmark_text",
    MetaData(),
    Column("id", String, primary_key=True),
    Column("kind", String, index=True),
    Column("title", String),
    Column("text", String),
    Column("language", String),
)


def _document(kind: str, text: Text) -> SearchDocument:
    told = about(text)
    passages = (
        Passage(text.title, text.language, "title"),
        Passage(text.text, text.language),
    )
    codes = {name: held for name, held in told.codes.items() if name not in {"kind", "year"}}
    return SearchDocument(kind, text.id, "whole", (PUBLIC,), passages, codes, told.on)


class _Kind:
    """Offer the texts of one kind to the index, and read for a hit what it shows."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._ids = select(_TEXTS.c.id).where(_TEXTS.c.kind == kind).order_by(_TEXTS.c.id)

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the ids of all texts of this kind."""
        yield from session.scalars(self._ids)

    def documents(self, session: Session, public_ids: Sequence[str]) -> list[SearchDocument]:
        """Return what the index takes in of these texts."""
        return [_document(self.kind, Text(*row)) for row in self._rows(session, public_ids)]

    def results(
        self, session: Session, keys: Sequence[str], _actor: Actor, _language: str
    ) -> Mapping[str, Result]:
        """Return what these documents show, by key."""
        by_id = {key.split(":", 1)[1].rsplit(":", 1)[0]: key for key in keys}
        return {
            by_id[name]: Result(
                key=by_id[name],
                kind=self.kind,
                title=title,
                title_language=language,
                text=text,
                text_language=language,
                endpoint="search.search",
                values={},
            )
            for name, title, text, language in self._rows(session, list(by_id))
        }

    def _rows(self, session: Session, ids: Sequence[str]) -> list[tuple[str, str, str, str]]:
        # As directly as the other engines read theirs.
        marks = ",".join("?" * len(ids))
        statement = f"SELECT id, title, text, language FROM benchmark_text WHERE id IN ({marks})"
        cursor = session.connection().connection.cursor()
        rows: list[tuple[str, str, str, str]] = cursor.execute(statement, tuple(ids)).fetchall()
        return rows


class _Noting(Search):
    """Note which state of the index was asked last."""

    asked: Snapshot | None = None

    def opened(self, generation: Generation, *, latest: bool) -> Snapshot:
        """Return the index."""
        self.asked = super().opened(generation, latest=latest)
        return self.asked


class PolicyTrack:
    """Answer as the search page does, with its counts and marked words, without its HTML.

    Without a collection, an index that was built in the folder is opened.
    """

    name = "policytrack"

    def __init__(self, folder: Path, collection: Sequence[Text] = ()) -> None:
        self.folder = folder
        self.collection = collection
        self._app = create_app(load({}, instance=folder))
        follower.init_app(self._app, [_Kind(kind) for kind in KINDS])
        self._search = _Noting(search_of(self._app).sources)
        self._app.extensions["search"] = self._search
        self._follower = Follower(self._app)
        server.settle()
        if collection:
            self._fill(collection)

    def build(self, _collection: Sequence[Text]) -> None:
        """Make the index of the texts, which stand in the database, and have it ready."""
        with self._app.app_context():
            self._follower.rebuild()
        self.get_ready()

    def get_ready(self) -> None:
        """Do what a process that serves does beside serving: open the index, read ahead."""
        while warming.look(self._app):
            pass

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Do so again and again, beside what asks."""
        with server.looking_ahead(self._app):
            yield

    def _fill(self, collection: Sequence[Text]) -> None:
        """Put texts into a new database."""
        with self._app.app_context():
            migrations.upgrade()
            with transaction() as session:
                session.add(changes.Epoch(id=1, name="benchmark"))
            _TEXTS.create(db.engine)
            for start in range(0, len(collection), _BATCH):
                rows = [
                    {
                        "id": text.id,
                        "kind": about(text).codes["kind"][0],
                        "title": text.title,
                        "text": text.text,
                        "language": text.language,
                    }
                    for text in collection[start : start + _BATCH]
                ]
                with transaction() as session:
                    session.execute(insert(_TEXTS), rows)

    @property
    def asked(self) -> object:
        """Return what stands for the state of the index that answered the last question."""
        return self._search.asked

    def ask(self, asked: Asked) -> Answer:
        """Answer a question as a request does, with a session of its own."""
        filters = {asked.facet: (asked.code,)} if asked.facet else {}
        wanted = Wanted(asked.typed, filters, size=10)
        with self._app.app_context():
            found = engine.search(self._app, wanted, actor=ANONYMOUS, language="en")
            counts = {name: found.counts[name] for name in FACETS}
            return Answer(found.total, _shown(found), counts)

    def change(self, texts: Sequence[Text]) -> None:
        """Write other words into texts and note that they changed, in one transaction."""
        with self._app.app_context(), transaction() as session:
            for text in texts:
                words = text.text.split()
                random.Random(text.id).shuffle(words)
                session.execute(
                    update(_TEXTS).where(_TEXTS.c.id == text.id).values(text=" ".join(words))
                )
                changes.append(session, about(text).codes["kind"][0], text.id)

    def follow(self) -> int:
        """Bring the index to where the database is; return how many changes that took."""
        with self._app.app_context():
            return self._follower.follow()

    def close(self) -> None:
        """Let go of the database."""
        with self._app.app_context():
            db.engine.dispose()


def _shown(found: Found) -> list[tuple[str, str]]:
    return [
        (
            highlight.marked(result.title, result.title_language, found.forms),
            highlight.fragment(result.text, result.text_language, found.forms),
        )
        for result in found.results
    ]
