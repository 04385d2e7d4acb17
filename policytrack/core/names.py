"""Offer things to the index that have a name and a page, and nothing else to be found by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select
from sqlalchemy.orm import Session

from policytrack.core.db import Labels
from policytrack.core.documents import PUBLIC, Passage, Result, SearchDocument, Version
from policytrack.core.i18n import label, label_language
from policytrack.core.permissions import Actor

# Other names, acronyms for instance, belong to no language.
_ANY = "en"


@dataclass(frozen=True, slots=True)
class Thing:
    """Hold what is found by its name: everybody may see it.

    `others` are names beside the labels; `beneath` is what a result says under the name; `codes`
    are keywords by facet; `values` lead with `endpoint` to its page.
    """

    public_id: str
    labels: Labels
    endpoint: str
    values: Mapping[str, str]
    others: Sequence[str] = ()
    beneath: Labels = field(default_factory=dict)
    # What else it says, to be found by; in several languages each.
    texts: Sequence[Labels] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    on: date | None = None


class NamesSource(ABC):
    """Offer the names of one kind of thing to the index, in all languages of their labels."""

    kind: str

    @abstractmethod
    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the ids of everything that belongs into the index."""

    @abstractmethod
    def things(self, session: Session, public_ids: Sequence[str]) -> Sequence[Thing]:
        """Return the things of these ids; none for what is gone."""

    @abstractmethod
    def saying(self, words: Sequence[str]) -> Select[str]:
        """Return the statement for the ids of what has every word, the latest first."""

    def look(
        self, session: Session, words: Sequence[str], actor: Actor, most: int
    ) -> Sequence[str]:
        """Return the keys of what has every word; everybody may see it."""
        del actor
        return [self._key(each) for each in session.scalars(self.saying(words).limit(most))]

    def _key(self, public_id: str) -> str:
        return f"{self.kind}:{public_id}:names"

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        """Return one public document for each thing: its names."""
        return [
            SearchDocument(
                kind=self.kind,
                public_id=thing.public_id,
                part="names",
                access=(PUBLIC,),
                passages=(
                    *(Passage(name, code, "title") for code, name in thing.labels.items()),
                    *(Passage(name, _ANY, "title") for name in thing.others if name),
                    *(
                        Passage(text, code)
                        for labels in thing.texts
                        for code, text in labels.items()
                    ),
                ),
                codes=thing.codes,
                on=thing.on,
            )
            for thing in self.things(session, public_ids)
        ]

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        """Return things by key; everybody may see them."""
        del actor
        start, end = f"{self.kind}:", ":names"
        ids = [key.removeprefix(start).removesuffix(end) for key in keys if key.startswith(start)]
        found = [self._result(thing, language) for thing in self.things(session, ids)]
        return {result.key: result for result in found}

    def _result(self, thing: Thing, language: str) -> Result:
        shown = label_language(thing.labels, language)
        return Result(
            key=self._key(thing.public_id),
            kind=self.kind,
            title=label(thing.labels, language),
            title_language=shown,
            text=label(thing.beneath, language),
            text_language=label_language(thing.beneath, language),
            endpoint=thing.endpoint,
            values=thing.values,
            on=thing.on,
            versions=list(_versions(thing, shown)),
        )


def _versions(thing: Thing, shown: str) -> Iterator[Version]:
    for code, name in thing.labels.items():
        said = "\n\n".join(labels[code] for labels in thing.texts if labels.get(code))
        if said or code != shown:
            yield Version(name, said, code)
