"""Offer small things to the index, in memory or made from the change log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core import changes
from policytrack.core.changes import Change
from policytrack.core.db import transaction
from policytrack.core.documents import (
    PUBLIC,
    Passage,
    Result,
    SearchDocument,
    access_words,
)
from policytrack.core.permissions import Actor


class Shelf:
    """Hold things of one kind; a thing is a list of documents."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.things: dict[str, list[SearchDocument]] = {}
        self.hidden: set[str] = set()

    def put(self, public_id: str, title: str = "", body: str = "", **values: Any) -> None:
        """Put a thing of one document onto the shelf and note the change."""
        language = values.pop("language", "en")
        document = SearchDocument(
            kind=self.kind,
            public_id=public_id,
            part=values.pop("part", "published"),
            access=values.pop("access", (PUBLIC,)),
            passages=(Passage(title, language, "title"), Passage(body, language)),
            codes=values.pop("codes", {}),
            on=values.pop("on", date(2026, 1, 1)),
        )
        assert not values
        self.things[public_id] = [document]
        self.changed(public_id)

    def remove(self, public_id: str) -> None:
        del self.things[public_id]
        self.changed(public_id)

    def changed(self, public_id: str) -> None:
        with transaction() as session:
            changes.append(session, self.kind, public_id)

    def public_ids(self, session: Session) -> Iterator[str]:
        return iter(list(self.things))

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        return [each for name in public_ids for each in self.things.get(name, [])]

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        held = set(access_words(actor))
        return {
            document.key: Result(
                key=document.key,
                kind=self.kind,
                title=document.passages[0].text,
                title_language=document.passages[0].language,
                text=document.passages[1].text,
                text_language=document.passages[1].language,
                endpoint="search.search",
                values={"q": document.key},
                on=document.on,
            )
            for documents in self.things.values()
            for document in documents
            if document.key in keys
            and document.key not in self.hidden
            and held & set(document.access)
        }


class Logged:
    """Make a thing of every id in the change log, the same in every process."""

    kind = "thing"

    def public_ids(self, session: Session) -> Iterator[str]:
        return iter(
            session.scalars(
                select(Change.public_id).where(Change.kind == self.kind).distinct()
            ).all()
        )

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        return [
            SearchDocument(
                kind=self.kind,
                public_id=name,
                part="published",
                access=(PUBLIC,),
                passages=(
                    Passage(f"Thing {name}", "en", "title"),
                    Passage(" ".join(f"word{name}x{n} common" for n in range(40)), "en"),
                ),
            )
            for name in public_ids
        ]

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        return {}
