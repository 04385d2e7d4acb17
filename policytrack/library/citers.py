"""Say what cites the documents of the library, as told by the features that cite them.

Those features stand above the library, which knows none of them: each offers a `Source`, and the
composition root hands them over.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from policytrack.core.permissions import Actor
from policytrack.library.models import LibraryDocument, LibraryFile

_NAME = "library_citers"
# As many are named on the page of a document; how many there are in all is said beside them.
MOST = 30


@dataclass(frozen=True, slots=True)
class Citing:
    """Hold one thing that cites a document; `pages` of it, where they are known.

    `context` says what it is about, or its code.
    """

    name: str
    language: str
    url: str
    context: str = ""
    context_language: str = ""
    on: datetime | None = None
    pages: tuple[int, ...] = ()
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Hold what of one kind cites a document: the latest `MOST` of `total`."""

    key: str
    heading: str
    total: int
    items: Sequence[Citing]


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold a passage that is cited, as it was read then, and where on its page it began."""

    page: int
    start: int
    text: str
    by: Citing


class Source(ABC):
    """Tell what of one feature cites documents, of what an actor may see, in sets."""

    @abstractmethod
    def groups(self, session: Session, actor: Actor, document: LibraryDocument) -> Sequence[Group]:
        """Return what cites a document; no group where nothing does."""

    def passages(
        self,
        session: Session,  # noqa: ARG002 - for those that cite passages, not pages alone
        actor: Actor,  # noqa: ARG002 - as above
        file: LibraryFile,  # noqa: ARG002 - as above
        pages: Collection[int],  # noqa: ARG002 - as above
    ) -> Sequence[Passage]:
        """Return the passages on these pages of a file that are cited."""
        return ()


def init_app(app: Flask, sources: Sequence[Source]) -> None:
    """Hand the features that cite documents over to an application."""
    app.extensions[_NAME] = tuple(sources)


def _sources() -> Sequence[Source]:
    return cast(Sequence[Source], current_app.extensions[_NAME])


def groups(session: Session, actor: Actor, document: LibraryDocument) -> Sequence[Group]:
    """Return all that cites a document, of what an actor may see, kind by kind."""
    return [group for source in _sources() for group in source.groups(session, actor, document)]


def passages(
    session: Session, actor: Actor, file: LibraryFile, pages: Collection[int]
) -> Sequence[Passage]:
    """Return the passages on these pages of a file that are cited, in the order of the text."""
    found = [
        passage for source in _sources() for passage in source.passages(session, actor, file, pages)
    ]
    return sorted(found, key=lambda passage: (passage.page, passage.start))
