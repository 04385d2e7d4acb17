"""Say what the search index is given and what a result shows.

Features turn their models into these (`searchable.py`); `policytrack.search` knows nothing else
of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, runtime_checkable

from sqlalchemy.orm import Session

from policytrack.core.permissions import Actor, Permission, Reach

PUBLIC = "public"
RESTRICTED = "constituents"
SECRETARIAT = "office"


def own(constituent_id: int) -> str:
    """Return the access word of one organisation's own people."""
    return f"own{constituent_id}"


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold text in one language; `weight` is `title` or `body`.

    `place` is the source's own name for where it stands, by which it gives the text again.
    """

    text: str
    language: str
    weight: str = "body"
    place: str = ""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """Hold one document of the index: words, codes and dates, never labels or derived states.

    `kind` and `public_id` name the thing (as in the change log); `part` tells several documents
    of one thing apart (a note's published and its open revision). `access` lists the words of
    which an actor must hold one. `codes` are exact keywords by facet: country, corridor, theme,
    provision, sector, group, status, language.
    """

    kind: str
    public_id: str
    part: str
    access: tuple[str, ...]
    passages: tuple[Passage, ...]
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    on: date | None = None

    @property
    def key(self) -> str:
        """Return what is unique to this document."""
        return f"{self.kind}:{self.public_id}:{self.part}"


@dataclass(frozen=True, slots=True)
class Version:
    """Hold what a thing says in one of its languages."""

    title: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Result:
    """Hold what one hit shows: read from the database at the time, through `visible_to`.

    `place` is the country or territory of whom `context` names; `versions` are those that it is
    found by and does not show.
    """

    key: str
    kind: str
    title: str
    title_language: str
    text: str
    text_language: str
    endpoint: str
    values: Mapping[str, str]
    context: str = ""
    on: date | None = None
    place: str = ""
    versions: Sequence[Version] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Hold a passage that says what was asked for, and where it is read: a page of a file."""

    text: str
    language: str
    page: int
    endpoint: str
    values: Mapping[str, str | int]


@runtime_checkable
class Quoting(Protocol):
    """Give the passages again that have a place."""

    def excerpts(
        self, session: Session, places: Mapping[str, Sequence[str]], actor: Actor
    ) -> Mapping[tuple[str, str], Excerpt]:
        """Return what the actor may see at these places of documents, by key and place, in sets."""
        ...


@runtime_checkable
class Looking(Protocol):
    """Look into the database itself, for when there is no index."""

    def look(
        self, session: Session, words: Sequence[str], actor: Actor, most: int
    ) -> Sequence[str]:
        """Return the keys of what the actor may see that has every word in title or main text.

        The latest come first, `most` at most; texts of files are not looked through. Costs one
        statement.
        """
        ...


class Source(Protocol):
    """Offer one feature's things to the index."""

    kind: str

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the ids of everything that belongs into the index."""
        ...

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        """Return the documents of these things; none for what is gone or belongs to nobody."""
        ...

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        """Return what the actor may see of these documents, by key, set-based."""
        ...


def access_words(actor: Actor) -> tuple[str, ...]:
    """Return the access words that an actor holds."""
    words = [PUBLIC]
    if actor.may(Permission.RESTRICTED_READ):
        words.append(RESTRICTED)
    words += [own(number) for number in sorted(actor.own(Permission.DRAFT_READ))]
    if Reach.SUBMITTED in actor.reaches(Permission.DRAFT_READ):
        words.append(SECRETARIAT)
    return tuple(words)
